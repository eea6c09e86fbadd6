/* zeek_rows.c: conversations and what Zeek would write of them. */

#include "unit/track/zeek_rows.h"

#include <criterion/criterion.h>

void row_begin(struct play *play, uint16_t service)
{
	play_begin(play);
	play->sample.destination_port = service;
}

void row_expect(const struct play *play, const struct row *row)
{
	const struct flow *flow = play_flow(play, 1);

	cr_assert_not_null(flow, "%s", row->script);
	cr_expect_str_eq(zeek_conn_state(flow), row->conn_state, "%s: %s", row->script,
	                 zeek_conn_state(flow));
	cr_expect_str_eq(zeek_history(flow), row->history, "%s: %s", row->script,
	                 zeek_history(flow));
	cr_expect_eq(zeek_bytes(flow, CLIENT), (uint64_t)row->client_bytes, "%s: client: %lld",
	             row->script, (long long)zeek_bytes(flow, CLIENT));
	cr_expect_eq(zeek_bytes(flow, SERVER), (uint64_t)row->server_bytes, "%s: server: %lld",
	             row->script, (long long)zeek_bytes(flow, SERVER));
}

void row_play(const struct row *row, uint16_t service)
{
	struct play play;

	row_begin(&play, service);
	hear(&play, row->script);
	row_expect(&play, row);
	play_end(&play);
}
