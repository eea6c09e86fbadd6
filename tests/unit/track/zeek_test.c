/* zeek_test.c: states and history by Zeek's rules. */

#include "track/zeek.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "unit/track/zeek_rows.h"

static struct play play;

/* clang-format off */

Test(zeek, knows_how_connections_begin)
{
	static const struct row rows[] = {
		{ "> S 0",                              "S0",     "S",      0, 0 },
		{ "> S 0; > S 0",                       "S0",     "S",      0, 0 },
		{ "> S 0; < SA 0 1",                    "S1",     "Sh",     0, 0 },
		{ HANDSHAKE,                            "S1",     "ShA",    0, 0 },
		{ "> S 0; < S 0",                       "S1",     "Ss",     0, 0 },
		{ "> S 0; < A =7 1; < SA 0 1",          "S1",     "Sah",    0, 0 }, /* acknowledged first */
		{ "> S 0; < A 1 1 5",                   "OTH",    "Sd",     0, 5 },
		{ "> A 5 9",                            "OTH",    "A",      0, 0 },
		{ "> PA 5 9 4; < A 9 9",                "OTH",    "Da",     4, 0 },
		{ "> A 5 9; > S 4",                     "S0",     "AS",     0, 0 }, /* SYN after all */
		{ "> S 0; < RA 0 1",                    "REJ",    "Sr",     0, 0 },
		{ "> S 0; < RA 0 1; > S 0; < RA 0 1",   "REJ",    "Sr",     0, 0 },
		{ "> R 5",                              "OTH",    "R",      0, 0 },
		{ "> F 5",                              "SH",     "F",      0, 0 },
		{ "> SF 0",                             "SH",     "Q",      0, 0 },
		{ "> SR 0",                             "OTH",    "Q",      0, 0 },
		{ "> FR 5",                             "OTH",    "I",      0, 0 },
	};

	PLAY_ROWS(rows, PLAIN);
}

/* Zeek's own golden answers for resets after a lone SYN. */
Test(zeek, tells_what_a_reset_cut_short)
{
	static const struct row rows[] = {
		{ "> S 0; > R 1",                       "RSTOS0", "SR",     0, 0 },
		{ "> S 0; < A 0 1; > R 1",              "RSTOS0", "SaR",    0, 0 },
		{ "> S 0; < A 0 1; > F 1; > R 2",       "OTH",    "SaFR",   0, 0 },
		{ "> S 0; > A 1 1; > R 1",              "OTH",    "SAR",    0, 0 },
		{ "> S 0; < A =5000 =77; > R =77",      "RSTOS0", "SaR",    0, 0 }, /* half-open: no bytes */
		{ HANDSHAKE "> RA 1 1",                 "RSTO",   "ShAR",   0, 0 },
		{ HANDSHAKE "< RA 1 1",                 "RSTR",   "ShAr",   0, 0 },
		{ TALK "< RA 21 11",                    "RSTR",   "ShADdr", 10, 20 },
		{ "> S 0; < SA 0 1; > R 1; < RA 1 1",   "REJ",    "ShRr",   0, 0 },
		{ TALK "> RA 11 21; < RA 21 11",        "RSTR",   "ShADdRr", 10, 20 },
		{ "> PA 5 9 4; < R 9",                  "RSTRH",  "Dr",     4, 0 },
		{ "> PA 5 9 4; > R 9",                  "OTH",    "DR",     4, 0 },
	};

	PLAY_ROWS(rows, PLAIN);
}

Test(zeek, knows_how_connections_end)
{
	static const struct row rows[] = {
		{ TALK "> FA 11 21",                    "S2",     "ShADdF",   10, 20 },
		{ TALK "< FA 21 11",                    "S3",     "ShADdf",   10, 20 },
		{ TALK "> FA 11 21; < FA 21 12",        "SF",     "ShADdFf",  10, 20 },
		{ TALK "> FA 11 21; < FA 21 12; > R 12", "SF",    "ShADdFfR", 10, 20 },
		{ TALK "> FA 11 21; > R 12",            "RSTO",   "ShADdFR",  10, 20 },
		{ TALK "> FA 11 21; > R 12; < FA 21 12", "SF",    "ShADdFRf", 10, 20 }, /* forgiven */
		{ TALK "> R 11; < FA 21 11",            "RSTO",   "ShADdRf",  10, 20 },
		{ TALK "> FR 11 0; < FA 21 12",         "RSTO",   "ShADdIf",  10, 20 },
		{ "> S 0; > FA 1 1",                    "SH",     "SF",       0, 0 },
		{ "> S 0; < FA 1 1",                    "S3",     "Sf",       0, 0 },
		{ "> FA 5 9; < FA 9 6",                 "SF",     "Ff",       0, 0 },
		{ "> A 5 9; < FA 9 5",                  "SHR",    "Af",       0, 0 },
		{ "> A 5 9; < PA 9 5 7; > FA 5 16",     "SH",     "AdF",      0, 7 },
		{ HANDSHAKE "< A 1 1; > FA 1 1; < PA 1 2 5", "S2", "ShAaFd",  0, 5 },
	};

	PLAY_ROWS(rows, PLAIN);
}

Test(zeek, writes_letters_as_often_as_zeek)
{
	static const struct row rows[] = {
		{ TALK "> A 11 21; < A 21 11; > PA 11 21 1", "S1", "ShADda",  11, 20 },
		{ HANDSHAKE "> FA 1 1; > FA 1 1",       "S2",  "ShAF",        0, 0 },
		{ HANDSHAKE "> FA 1 1; > FA 2 1",       "S2",  "ShAFF",       1, 0 }, /* one FIN is left out */
		{ TALK "> FA 11 21 5; > FA 16 21",      "S2",  "ShADdF",      15, 20 }, /* by their ends */
		{ HANDSHAKE "> R 1; > R 1; > R 5",      "RSTO", "ShARR",      0, 0 },
		{ "> S 0; < SA 0 1; < SA 0 1",          "S1",  "Sh",          0, 0 },
		{ "> S 0; < SA 0 1; < SA 50 1",         "S1",  "Sh",          0, 0 }, /* relative to its own */
		{ HANDSHAKE "> PA 1 1 10; > PA 1 1 10", "S1",  "ShADT",       10, 0 },
		{ HANDSHAKE "> PA 1 1 10; > A 0 1",     "S1",  "ShAD",        10, 0 },
		{ "> S 0 0 5",                          "S0",  "ST",          5, 0 }, /* data on the SYN */
		{ HANDSHAKE "< R 1; < PA 1 1 10",       "RSTR", "ShArd",      0, 0 },
		{ HANDSHAKE "> R 1; > F 1; > SFA 9 1; > SRA 9 1; > FR 9; > FR 3", "RSTO", "ShARFQI", 0, 0 },
		{ HANDSHAKE "> - 1",                    "S1",  "ShA",         0, 0 }, /* no flags, no letter */
	};

	PLAY_ROWS(rows, PLAIN);
}

/* 80 is a server's port, so its sender was asked; 40000 and 9999 could be either. */
Test(zeek, flips_who_came_first_but_was_asked)
{
	static const struct row plain[] = {
		{ "< SA 0 1",                           "OTH",  "H",        0, 0 },
		{ "< SA 0 1; > A 1 1",                  "OTH",  "^hA",      0, 0 },
		{ "< SA 0 1; < A 1 1",                  "OTH",  "^ha",      0, 0 },
		{ "< SA 0 1; < PA 1 1 5",               "OTH",  "^hd",      0, 5 },
		{ "< SA 0 1; > A 1 1; < FA 1 1; > FA 1 2", "SF", "^hAfF",   0, 0 },
		{ "< SA 0 1; < RA 1 1",                 "OTH",  "HR",       0, 0 },
		{ "< SA 0 1; > R 1",                    "REJ",  "Hr",       0, 0 },
		{ "< SA 0 1; > S 0; > A 1 1",           "S1",   "Hs^A",     0, 0 }, /* out of order */
	};
	static const struct row http[] = {
		{ "< SA 0 1",                           "OTH",  "^h",       0, 0 },
		{ "< SA 0 1; > A 1 1",                  "S1",   "^hA",      0, 0 },
		{ "< SA 0 1; > R 1",                    "RSTO", "^hR",      0, 0 },
		{ "< RA 1 1",                           "RSTRH", "^r",      0, 0 },
		{ "> S 0; < SA 0 1",                    "S1",   "Sh",       0, 0 },
	};

	PLAY_ROWS(plain, PLAIN);
	PLAY_ROWS(http, HTTP);
}
/* clang-format on */

Test(zeek, takes_the_lower_of_two_well_known_ports_for_the_server)
{
	static const struct row up = { "> PA 1 1 5", "OTH", "^d", 5, 0 };
	static const struct row down = { ":443 > PA 1 1 5", "OTH", "D", 5, 0 };
	static const struct row shaking = { ":22 > SA 0 1", "OTH", "H", 0, 0 };

	row_begin(&play, HTTP);
	hear(&play, ":22 > PA 1 1 5");
	row_expect(&play, &up);
	play_end(&play);
	row_play(&down, HTTP);

	/* A SYN-ACK between servers may be a scan. Its sender is the server to us. */
	row_begin(&play, HTTP);
	hear(&play, shaking.script);
	cr_expect_str_eq(zeek_history(play_flow(&play, 1)), "H");
	cr_expect_eq(play_flow(&play, 1)->zeek.originator, SERVER);
	play_end(&play);
}

Test(zeek, calls_the_first_of_two_that_nobody_knows_the_originator)
{
	row_begin(&play, PLAIN);
	hear(&play, "< PA 1 1 5; > A 1 6");
	cr_expect_str_eq(zeek_history(play_flow(&play, 1)), "Da");
	play_end(&play);
}

Test(zeek, counts_a_bad_checksum_and_nothing_else)
{
	static const struct row row = { "checksum", "S0", "SC", 0, 0 };
	struct segment segment;

	row_begin(&play, PLAIN);
	hear(&play, "> S 0");
	segment = play_segment(&play, "> PA 1 1 50");
	segment.checksum = CHECKSUM_BAD;
	for (int i = 0; i < 9; i++)
		play_feed(&play, &segment);
	row_expect(&play, &row);
	play_feed(&play, &segment);
	cr_expect_str_eq(zeek_history(play_flow(&play, 1)), "SCC");
	cr_expect_eq(play_flow(&play, 1)->zeek.ends[CLIENT].packets, 1);
	cr_expect_eq(zeek_duration(play_flow(&play, 1)), 0);
	segment.checksum = CHECKSUM_OFFLOADED;
	play_feed(&play, &segment);
	cr_expect_str_eq(zeek_history(play_flow(&play, 1)), "SCCD");
	play_end(&play);
}

Test(zeek, leaves_out_segments_whose_options_were_cut)
{
	struct segment segment;

	row_begin(&play, PLAIN);
	hear(&play, "> S 0");
	segment = play_segment(&play, "< SA 0 1");
	segment.options_cut = 4;
	play_feed(&play, &segment);
	cr_expect_str_eq(zeek_history(play_flow(&play, 1)), "S");
	play_end(&play);
}

Test(zeek, leaves_out_a_syn_that_would_begin_another_record)
{
	row_begin(&play, PLAIN);
	hear(&play, TALK "> S 99000; < A 21 11; > A 11 21");
	cr_expect_str_eq(zeek_history(play_flow(&play, 1)), "ShADda");
	cr_expect_eq(zeek_bytes(play_flow(&play, 1), CLIENT), 10);
	cr_expect_eq(play_flow(&play, 1)->zeek.ends[CLIENT].packets, 4);
	play_end(&play);
}

Test(zeek, marks_zero_windows_while_they_matter)
{
	row_begin(&play, PLAIN);
	play.sample.window = 0;
	hear(&play, "> S 0; < SA 0 1");
	cr_expect_str_eq(zeek_history(play_flow(&play, 1)), "SWhw");
	hear(&play, "> R 1; > A 1 1; < FA 1 1");
	cr_expect_str_eq(zeek_history(play_flow(&play, 1)), "SWhwRAf");
	play_end(&play);

	row_begin(&play, PLAIN);
	hear(&play, HANDSHAKE "> FA 1 1");
	play.sample.window = 0;
	hear(&play, "< A 1 2; > A 2 1");
	cr_expect_str_eq(zeek_history(play_flow(&play, 1)), "ShAFaW");
	play_end(&play);
}

Test(zeek, marks_the_first_tenth_and_hundredth)
{
	static const struct {
		int times;
		const char *history;
	} rows[] = {
		{ 1, "ShADT" },     { 9, "ShADT" },     { 10, "ShADTT" },     { 99, "ShADTT" },
		{ 100, "ShADTTT" }, { 999, "ShADTTT" }, { 1000, "ShADTTTT" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		row_begin(&play, PLAIN);
		hear(&play, HANDSHAKE "> PA 1 1 10");
		for (int again = 0; again < rows[i].times; again++)
			hear(&play, "> PA 1 1 10");
		cr_expect_str_eq(zeek_history(play_flow(&play, 1)), rows[i].history, "%d times: %s",
		                 rows[i].times, zeek_history(play_flow(&play, 1)));
		play_end(&play);
	}
}

Test(zeek, says_when_a_history_is_cut)
{
	char script[32];

	row_begin(&play, PLAIN);
	hear(&play, HANDSHAKE);
	for (int i = 0; i < 44; i++) {
		snprintf(script, sizeof(script), "> R %d", i + 1);
		hear(&play, script);
	}
	cr_expect_eq(strlen(zeek_history(play_flow(&play, 1))), ZEEK_HISTORY_MAX);
	cr_expect_eq(zeek_history(play_flow(&play, 1))[ZEEK_HISTORY_MAX - 1], 'R');
	hear(&play, "> R 99");
	cr_expect_eq(strlen(zeek_history(play_flow(&play, 1))), ZEEK_HISTORY_MAX);
	cr_expect_eq(zeek_history(play_flow(&play, 1))[ZEEK_HISTORY_MAX - 1], '+');
	play_end(&play);
}

/* Datagrams. */

static void play_datagrams(const char *script, uint16_t service, const char *conn_state,
                           const char *history)
{
	struct row row = { script, conn_state, history, 7, 0 };

	row_begin(&play, service);
	hear(&play, script);
	row.server_bytes = strchr(script, '<') ? 9 : 0;
	row_expect(&play, &row);
	play_end(&play);
}

Test(zeek, knows_datagrams)
{
	play_datagrams("> D 0 0 7", 53, "S0", "D");
	play_datagrams("> D 0 0 3; < D 0 0 9; > D 0 0 4", 53, "SF", "Dd");
	play_datagrams(":53 > D 0 0 7", PLAIN, "SHR", "^d");
	play_datagrams(":53 > D 0 0 7; :53 < D 0 0 9", PLAIN, "SF", "^dD");
	play_datagrams(":53 > D 0 0 7", 123, "S0", "D");
}

Test(zeek, counts_a_datagram_with_a_bad_checksum_only_as_a_packet)
{
	const struct flow *flow;
	struct segment segment;

	row_begin(&play, 53);
	segment = play_segment(&play, "> D 0 0 7");
	segment.checksum = CHECKSUM_BAD;
	play_feed(&play, &segment);
	flow = play_flow(&play, 1);
	cr_expect_str_eq(zeek_conn_state(flow), "OTH");
	cr_expect_str_eq(zeek_history(flow), "C");
	cr_expect_eq(zeek_bytes(flow, CLIENT), 0);
	cr_expect_eq(flow->zeek.ends[CLIENT].packets, 1);
	cr_expect_eq(flow->zeek.ends[CLIENT].ip_bytes, 35);
	hear(&play, "> D 0 0 7; > D 0 0 7");
	cr_expect_str_eq(zeek_history(flow), "CD");
	cr_expect_eq(zeek_duration(flow), 2 * PLAY_STEP);
	play_end(&play);
}
