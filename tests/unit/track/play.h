/* play.h: conversations in relative numbers, fed to a tracker, and what came of them as text. */
#ifndef TESTS_UNIT_TRACK_PLAY_H
#define TESTS_UNIT_TRACK_PLAY_H

#include <stdint.h>

#include "base/time.h"
#include "track/tracker.h"

/* Just below 2^32, so that everything wraps. */
enum { PLAY_SCRIPT_MAX = 256, PLAY_PORT = 40000, PLAY_SERVICE = 80 };
#define PLAY_CLIENT_ISN UINT32_C(4294967290)
#define PLAY_SERVER_ISN UINT32_C(4294967200)

/* Instants begin here, and a segment comes 10 ms after the one before unless it says otherwise. */
#define PLAY_START (1700000000 * TIME_SECOND)
#define PLAY_STEP (10 * TIME_MILLISECOND)

struct play {
	struct tracker *tracker;
	struct segment sample;          /* what every segment starts as */
	uint32_t isn[2];
	int64_t time;                   /* of the last segment */
	uint64_t frame;
	uint32_t told[EVENT_KIND_COUNT];
	struct event last[EVENT_KIND_COUNT]; /* the latest of each kind; what it lends may be gone */
	char order[512];                /* ids of the flows that ended or were forgotten: "+1 -1" */
	char text[1024];
};

struct tracker_options play_options(void);

/* With usual options, or those given; every kind of event is counted. */
void play_begin(struct play *play);
void play_begin_with(struct play *play, const struct tracker_options *options);

/* What counts the events, for a test that asks for only some of them; its context is the play. */
event_listener *play_listener(void);

/* Fails the test unless the tracker is whole, then frees it. */
void play_end(struct play *play);

/*
 * A script is segments with ';' between them:
 *
 *   [+MS] [:PORT] [!TYPE[/CODE]] DIRECTION FLAGS [SEQ [ACK [PAYLOAD]]]
 *
 * MS since the segment before (10); the client's PORT (40000); DIRECTION '>'
 * from the client or '<'; FLAGS of S F R P A U(rgent), '-' for none; SEQ and ACK
 * relative to the initial sequence numbers, or after '=' as in the header.
 * "> D 0 0 100" is a UDP datagram, "!3/1 > S 0" an ICMP error that quotes.
 */
int play_read(struct play *play, const char *script, struct segment *segments, int max);
void hear(struct play *play, const char *script);

/* One segment of a script, not fed yet. */
struct segment play_segment(struct play *play, const char *script);
void play_feed(struct play *play, const struct segment *segment);

/* The clock goes on although nothing is heard. */
void play_wait(struct play *play, int64_t milliseconds);

/* The flow opened number `number`, from 1; NULL when it is not remembered. */
const struct flow *play_flow(const struct play *play, int number);
int play_flows(const struct play *play);

/* "SYN_SENT ESTABLISHED": the states of an end of flow 1; a text lives until the next one. */
const char *play_path(struct play *play, enum side side);

/* "ESTABLISHED ESTABLISHED~": both ends of a flow, '~' where the state is only presumed. */
const char *play_states(struct play *play, int number);

#define expect_states(play, client_and_server) \
	cr_assert_str_eq(play_states(play, 1), client_and_server)

#define expect_paths(play, client, server)                       \
	do {                                                     \
		cr_assert_str_eq(play_path(play, CLIENT), client); \
		cr_assert_str_eq(play_path(play, SERVER), server); \
	} while (0)

/* Scripts that many tests begin with. */
#define HANDSHAKE "> S 0; < SA 0 1; > A 1 1; "
#define REQUEST "> PA 1 1 10; < A 1 11; < PA 1 11 100; > A 11 101; "

#endif
