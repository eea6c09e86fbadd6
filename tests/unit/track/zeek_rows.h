/* zeek_rows.h: conversations and what Zeek would write of them. */
#ifndef TESTS_UNIT_TRACK_ZEEK_ROWS_H
#define TESTS_UNIT_TRACK_ZEEK_ROWS_H

#include <stdint.h>

#include "unit/track/play.h"

/* A server's port that says nothing, and a well-known one. */
enum { PLAIN = 9999, HTTP = 80 };

#define TALK HANDSHAKE "> PA 1 1 10; < PA 1 11 20; "

struct row {
	const char *script;
	const char *conn_state;
	const char *history;
	int64_t client_bytes, server_bytes;
};

void row_begin(struct play *play, uint16_t service);

/* Of flow 1, whatever was heard of it so far. */
void row_expect(const struct play *play, const struct row *row);

/* From the beginning to the end. */
void row_play(const struct row *row, uint16_t service);

#define PLAY_ROWS(rows, service)                                                                   \
	for (size_t i = 0; i < sizeof(rows) / sizeof((rows)[0]); i++)                              \
	row_play(&(rows)[i], service)

#endif
