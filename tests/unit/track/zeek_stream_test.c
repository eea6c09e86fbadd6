/* zeek_stream_test.c: bytes, gaps and the end of a record by Zeek's rules. */

#include "track/zeek.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "unit/track/zeek_rows.h"

static struct play play;

/* clang-format off */
Test(zeek_stream, counts_bytes_by_sequence_numbers)
{
	static const struct row rows[] = {
		{ HANDSHAKE "> PA 1001 1 10",         "S1",   "ShAD",   1010, 0 }, /* unseen ones, too */
		{ HANDSHAKE "> RA 1 1 40",            "RSTO", "ShART",  0, 0 },   /* a reset carries none */
		{ HANDSHAKE "> R 1000",               "RSTO", "ShAR",   999, 0 },
		{ HANDSHAKE "> R 2000000",            "RSTO", "ShAR",   0, 0 },   /* jumps too far */
		{ HANDSHAKE "> R -2000000",           "RSTO", "ShAR",   0, 0 },
		{ HANDSHAKE "> RA 1 5000",            "RSTO", "ShAR",   0, 0 },   /* nor does its ack count */
		{ HANDSHAKE "> FA 3000000000 1",      "S2",   "ShAF",   INT64_C(2999999999), 0 },
		{ HANDSHAKE "> PA 1 1 1; > FA 3000000000 1", "S2", "ShADF", 0, 0 },
		{ HANDSHAKE "> FA 1 1 10; < A 1 12",  "S2",   "ShAFa",  10, 0 },
		{ HANDSHAKE "< A 1 =0",               "S1",   "ShAaG",  5, 0 },
		{ HANDSHAKE "< A 1 -9",               "S1",   "ShAa",   0, 0 },   /* before the start */
		{ "> S 0; > S 0 0 7",                 "S0",   "S",      7, 0 },
		{ TALK "< SA 0 1; > A 11 21",         "S1",   "ShADd",  10, 20 }, /* begins again, is caught up */
	};

	PLAY_ROWS(rows, PLAIN);
}
/* clang-format on */

Test(zeek_stream, believes_no_acknowledgment_of_zero_that_is_far_off)
{
	row_begin(&play, PLAIN);
	play.isn[CLIENT] = UINT32_C(4290000000);
	hear(&play, HANDSHAKE "< A 1 =0");
	cr_expect_eq(zeek_bytes(play_flow(&play, 1), CLIENT), 0);
	play_end(&play);
}

Test(zeek_stream, counts_through_wraps)
{
	row_begin(&play, PLAIN);
	hear(&play, HANDSHAKE);
	for (int i = 0; i < 10; i++) {
		hear(&play, "> PA 1 1 1; < A 1 2");
		play.isn[CLIENT] += 1000000000;
	}
	cr_expect_eq(zeek_bytes(play_flow(&play, 1), CLIENT), UINT64_C(9000000001));
	cr_expect_eq(play_flow(&play, 1)->zeek.missed, UINT64_C(9000000001) - 10);
	play_end(&play);
}

Test(zeek_stream, gives_the_same_wherever_numbers_begin)
{
	static const uint32_t shifts[] = {
		1, 5, 6, 7, 100, UINT32_C(0x7fffffff), UINT32_C(0x80000001)
	};

	for (size_t i = 0; i < sizeof(shifts) / sizeof(shifts[0]); i++) {
		static const struct row row = {
			TALK "> PA 111 21 10; < A 21 121; > FA 121 21; < FA 21 122", "SF",
			"ShADdaGFf", 120, 20
		};

		row_begin(&play, PLAIN);
		play.isn[CLIENT] += shifts[i];
		play.isn[SERVER] += shifts[i] * 3;
		hear(&play, row.script);
		row_expect(&play, &row);
		cr_expect_eq(play_flow(&play, 1)->zeek.missed, 100);
		play_end(&play);
	}
}

Test(zeek_stream, counts_packets_and_what_ip_carried)
{
	const struct flow *flow;

	row_begin(&play, PLAIN);
	hear(&play, TALK "> PA 11 21 100");
	flow = play_flow(&play, 1);
	cr_expect_eq(flow->zeek.ends[CLIENT].packets, 4);
	cr_expect_eq(flow->zeek.ends[CLIENT].ip_bytes, 4 * 40 + 110);
	cr_expect_eq(flow->zeek.ends[SERVER].packets, 2);
	cr_expect_eq(flow->zeek.ends[SERVER].ip_bytes, 2 * 40 + 20);
	play_end(&play);

	row_begin(&play, PLAIN);
	play.sample.family = FAMILY_IPV6;
	play.sample.options_length = 12;
	hear(&play, "> S 0");
	cr_expect_eq(play_flow(&play, 1)->zeek.ends[CLIENT].ip_bytes, 40 + 20 + 12);
	play_end(&play);
}

/* What was acknowledged and never seen. */

struct gap_row {
	const char *script;
	const char *history;
	uint32_t gaps;
	uint64_t missed;
};

/* clang-format off */
Test(zeek_stream, finds_the_gaps_that_acknowledgments_reveal)
{
	static const struct gap_row rows[] = {
		{ "> PA 1 1 10; > PA 111 1 10",                              "ShAD",   0, 0 },
		{ "> PA 1 1 10; > PA 111 1 10; < A 1 121",                   "ShADaG", 1, 100 },
		{ "> PA 1 1 10; > PA 111 1 10; < A 1 61",                    "ShADaG", 1, 50 },
		{ "> PA 1 1 10; > PA 111 1 10; < A 1 61; < A 1 121",         "ShADaG", 2, 100 },
		{ "> PA 21 1 10; > PA 111 1 10; < A 1 121",                  "ShADaG", 2, 100 },
		{ "> PA 111 1 10; > PA 21 1 10; < A 1 121",                  "ShADTaG", 2, 100 },
		{ "> PA 111 1 10; > PA 21 1 10; > PA 1 1 110; < A 1 121",    "ShADTa", 0, 0 },
		{ "> PA 111 1 10; > PA 121 1 10; > PA 101 1 15; < A 1 131",  "ShADTaG", 1, 100 },
		{ "> PA 11 1 10; > PA 1 1 10; < A 1 21",                     "ShADTa", 0, 0 },
		{ "> PA 11 1 10; > PA 31 1 10; > PA 21 1 5; > PA 1 1 10; < A 1 41", "ShADTaG", 1, 5 },
		{ "> PA 111 1 10; < A 1 121; > PA 1 1 110; < A 1 122",       "ShADaGT", 2, 111 },
		{ "< A 1 1; < A 1 1",                                        "ShAa",   0, 0 },
		{ "> FA 1 1; < A 1 2; < A 1 9",                              "ShAFa",  0, 0 },
		{ "> FA 101 1; < A 1 102",                                   "ShAFaG", 1, 100 },
		{ "> PA 1 1 10; < RA 1 111",                                 "ShADr",  0, 0 },
		{ "> PA 1 1 10; > R 11; < A 1 111",                          "ShADRa", 0, 0 },
		{ "< FA 1 1; > PA 101 2 10; < A 2 111",                      "ShAfDaG", 1, 100 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct zeek *zeek;

		row_begin(&play, PLAIN);
		hear(&play, HANDSHAKE);
		hear(&play, rows[i].script);
		zeek = &play_flow(&play, 1)->zeek;
		cr_expect_str_eq(zeek->history, rows[i].history, "%s: %s", rows[i].script, zeek->history);
		cr_expect_eq(zeek->ends[CLIENT].marks[ZEEK_GAP], rows[i].gaps, "%s: %u gaps",
		             rows[i].script, zeek->ends[CLIENT].marks[ZEEK_GAP]);
		cr_expect_eq(zeek->missed, rows[i].missed, "%s: %llu bytes", rows[i].script,
		             (unsigned long long)zeek->missed);
		play_end(&play);
	}
}
/* clang-format on */

Test(zeek_stream, reports_no_gaps_of_connections_met_midstream)
{
	row_begin(&play, PLAIN);
	hear(&play, "> PA 5 9 10; < A 9 15; > PA 115 9 10; < A 9 125");
	cr_expect_str_eq(zeek_history(play_flow(&play, 1)), "Da");
	cr_expect_eq(play_flow(&play, 1)->zeek.missed, 0);
	hear(&play, "> FA 125 9; > A 126 9; < A 9 226");
	cr_expect_eq(play_flow(&play, 1)->zeek.missed, 0);
	play_end(&play);
}

Test(zeek_stream, does_not_take_cut_payload_for_received)
{
	struct segment segment;

	row_begin(&play, PLAIN);
	hear(&play, HANDSHAKE);
	segment = play_segment(&play, "> PA 1 1 10");
	segment.captured = 9;
	play_feed(&play, &segment);
	hear(&play, "< A 1 11");
	cr_expect_str_eq(zeek_history(play_flow(&play, 1)), "ShADaG");
	cr_expect_eq(play_flow(&play, 1)->zeek.missed, 10);
	play_end(&play);
}

Test(zeek_stream, gives_up_where_nothing_is_ever_acknowledged)
{
	row_begin(&play, PLAIN);
	hear(&play, HANDSHAKE "> PA 101 1 16284; < A 1 16385");
	cr_expect_eq(play_flow(&play, 1)->zeek.missed, 100);
	play_end(&play);

	row_begin(&play, PLAIN);
	hear(&play, HANDSHAKE "> PA 101 1 16285; < A 1 16386; > PA 17000 1 10; < A 1 17010");
	cr_expect_str_eq(zeek_history(play_flow(&play, 1)), "ShADa");
	cr_expect_eq(play_flow(&play, 1)->zeek.missed, 0);
	play_end(&play);

	/* In order, that is no reason: it is only not kept. */
	row_begin(&play, PLAIN);
	hear(&play, HANDSHAKE "> PA 1 1 30000");
	cr_expect_eq(play_flow(&play, 1)->zeek.ends[CLIENT].held, 0);
	hear(&play, "< A 1 30001; > PA 30101 1 10; < A 1 30111");
	cr_expect_eq(play_flow(&play, 1)->zeek.missed, 100);
	play_end(&play);
}

Test(zeek_stream, gives_up_when_ten_mebibytes_wait)
{
	for (uint32_t bytes = 10485760; bytes <= 10485761; bytes++) {
		char script[64];

		row_begin(&play, PLAIN);
		hear(&play, HANDSHAKE "> PA 1 1 1; < A 1 2");
		snprintf(script, sizeof(script), "> PA 2 1 %u", bytes - 5);
		hear(&play, script);
		hear(&play, "> PA 20000000 1 5; < A 1 20000005");
		cr_expect_eq(play_flow(&play, 1)->zeek.missed > 0, bytes == 10485760);
		play_end(&play);
	}
}

/* Holes of 100, 90, 80, 10 and 70 bytes, each followed by a byte: the smallest is forgotten. */
Test(zeek_stream, forgets_the_smallest_hole_when_there_are_too_many)
{
	row_begin(&play, PLAIN);
	hear(&play, HANDSHAKE "> PA 1 1 1; < A 1 2");
	hear(&play, "> PA 102 1 1; > PA 193 1 1; > PA 274 1 1; > PA 285 1 1; > PA 356 1 1");
	hear(&play, "< A 1 357");
	cr_expect_eq(play_flow(&play, 1)->zeek.ends[CLIENT].marks[ZEEK_GAP], 4);
	cr_expect_eq(play_flow(&play, 1)->zeek.missed, 100 + 90 + 80 + 70);
	play_end(&play);
}

/* The record's time. */

static int64_t duration_in_steps(void)
{
	return zeek_duration(play_flow(&play, 1)) / PLAY_STEP;
}

Test(zeek_stream, ends_when_both_ends_have_closed)
{
	row_begin(&play, PLAIN);
	hear(&play, TALK "> FA 11 21; < FA 21 12");
	cr_expect_eq(duration_in_steps(), 6);
	hear(&play, "> A 12 22; < A 22 12");
	cr_expect_eq(duration_in_steps(), 6);
	cr_expect_str_eq(zeek_history(play_flow(&play, 1)), "ShADdFfa");
	play_end(&play);
}

struct end_row {
	const char *script;
	int steps; /* from the first packet to the last that counts */
};

/*
 * An end is closed when all it sent before its FIN or RST was delivered, or acknowledged unseen, and
 * when it has acknowledged what it got, unless it can do that no more. SYN, SYN-ACK and ACK are
 * steps 0 to 2.
 */
/* clang-format off */
Test(zeek_stream, ends_when_all_was_delivered)
{
	static const struct end_row rows[] = {
		/* missing data comes; is acknowledged; never comes */
		{ HANDSHAKE "> FA 11 1; > PA 1 1 10; < FA 1 12; > A 12 2",      5 },
		{ HANDSHAKE "< FA 1 1; > FA 11 2; < A 2 12; > A 12 2",          5 },
		{ HANDSHAKE "> FA 11 1; < FA 1 1; > A 12 2",                    5 },
		{ HANDSHAKE "> FA 11 1; < A 1 1; > PA 1 1 10; < A 1 12; < PA 1 12 5", 7 },
		/* the other end's close makes Zeek forget that one was put off */
		{ HANDSHAKE "> FA 11 1; < FA 1 1; > A 12 2; > PA 1 2 10; < A 2 12", 7 },
		{ HANDSHAKE "> R 11; < FA 1 1; > PA 1 1 10; > A 11 1",          6 },
		{ HANDSHAKE "> FA 11 1; < RA 1 1; > PA 1 1 10; > R 12; > A 12 1", 6 },
		/* a reset acknowledges no more, a FIN does */
		{ HANDSHAKE "< PA 1 1 10; > RA 1 1; < RA 11 1; > A 1 1",        5 },
		{ HANDSHAKE "< PA 1 1 10; > FA 1 1; < FA 11 2; > A 2 1",        6 },
		/* what was given up is not waited for */
		{ HANDSHAKE "> PA 101 1 16285; > FA 16386 1; < FA 1 1; > A 16387 2", 5 },
		/* nothing closed: every packet counts */
		{ "> A 5 9; < A 9 5; > A 5 9",                                  2 },
		{ "> S 0; < RA 0 1; > S 0; < RA 0 1",                           3 },
		{ "> S 0; > FA 1 1; < RA 0 1; < RA 0 1",                        2 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		row_begin(&play, PLAIN);
		hear(&play, rows[i].script);
		cr_expect_eq(duration_in_steps(), rows[i].steps, "%s: %d", rows[i].script,
		             (int)duration_in_steps());
		play_end(&play);
	}
}
/* clang-format on */

Test(zeek_stream, has_no_duration_of_a_single_packet)
{
	row_begin(&play, PLAIN);
	hear(&play, "> S 0");
	cr_expect_eq(zeek_duration(play_flow(&play, 1)), 0);
	play_end(&play);
}
