/* calm_test.c: a connection that does what connections do stays calm. */

#include <criterion/criterion.h>
#include <stdio.h>

#include "packet/option.h"
#include "unit/track/calm_talk.h"

#define TALK HANDSHAKE REQUEST
#define CLIENT_LEAVES "> FA 11 101; < A 101 12; < FA 101 12; > A 12 102"
#define SERVER_LEAVES "< FA 101 11; > A 11 102; > FA 11 102; < A 102 12"

/* All of a script is taken calmly. */
static void expect_calm(struct pair *pair, const char *script)
{
	pair_hear(pair, script);
	pair_compare_woken(pair);
	expect_all_calm(pair);
	pair_end(pair);
}

static void expect_calm_talk(const char *letters)
{
	struct pair pair;
	struct talk talk;

	pair_begin(&pair);
	talk_begin_plainly(&talk, PLAY_PORT);
	talk_hear(&talk, &pair, letters);
	pair_compare_woken(&pair);
	expect_all_calm(&pair);
	pair_end(&pair);
}

/* ---- Room ---- */

Test(calm, has_only_a_line_until_somebody_answers)
{
	const struct tracker *tracker;
	struct pair pair;

	pair_begin(&pair);
	tracker = pair.play.tracker;
	pair_hear(&pair, ":1 > S 0; :2 > S 0; :3 > S 0");
	cr_expect_eq(tracker->seeds.touched, 3);
	cr_expect_eq(tracker->calms.touched, 0);
	pair_hear(&pair, ":2 < SA 0 1");
	cr_expect_eq(tracker->calms.touched, 1);
	pair_hear(&pair, ":4 > S 0; :3 < RA 0 1");
	cr_expect_eq(tracker->seeds.touched, 3, "what grew has given back its line");
	cr_expect_eq(tracker->calms.touched, 2);
	pair_compare_woken(&pair);
	pair_end(&pair);
}

/* Nearly as many as there are buckets. */
Test(calm, knows_who_lies_behind_another_in_the_same_bucket)
{
	static const char *const segments[] = { "> S 0", "< SA 0 1", "> A 1 1", "> PA 1 1 10",
		                                "< A 1 11", "< PA 1 11 5" };
	struct tracker_options options = pair_options();
	struct pair pair;

	options.max_flows = 1000;
	pair_begin_with(&pair, &options, PAIR_KINDS);
	pair.compares_each = 500;
	for (size_t i = 0; i < sizeof(segments) / sizeof(segments[0]); i++) {
		for (int port = 1; port <= 900; port++) {
			char script[32];

			snprintf(script, sizeof(script), ":%d %s", port, segments[i]);
			pair_hear(&pair, script);
		}
	}
	pair_compare_woken(&pair);
	expect_all_calm(&pair);
	pair_end(&pair);
}

/* ---- Whole lives ---- */

Test(calm, keeps_a_whole_life_that_the_client_ends)
{
	struct pair pair;

	pair_begin(&pair);
	pair_hear(&pair, TALK CLIENT_LEAVES);
	expect_phase(&pair, 1, CALM_CLIENT_LAST);
	expect_calm(&pair, "");
}

Test(calm, keeps_a_whole_life_that_the_server_ends)
{
	struct pair pair;

	pair_begin(&pair);
	pair_hear(&pair, TALK SERVER_LEAVES);
	expect_phase(&pair, 1, CALM_SERVER_LAST);
	expect_calm(&pair, "");
}

Test(calm, keeps_one_that_a_reset_ends)
{
	expect_calm_talk("sSadDar");
	expect_calm_talk("sSadDaR");
	expect_calm_talk("sSadDadDr");
	expect_calm_talk("sSadDadDR");
}

Test(calm, keeps_resets_that_acknowledge)
{
	struct pair pair;

	pair_begin(&pair);
	expect_calm(&pair, TALK "> RA 11 101; :2 > S 0; :2 < SA 0 1; :2 > A 1 1; :2 > A 1 1 7;"
	                        ":2 < A 1 8; :2 < RA 1 8");
}

Test(calm, keeps_a_refusal)
{
	struct pair pair;

	expect_calm_talk("sX");
	pair_begin(&pair);
	expect_calm(&pair, "> S 0; < RA =0 1; :2 > S 0; :2 < RA =77 1; :3 > S 0; :3 < RA 0 1");
}

Test(calm, keeps_a_goodbye_in_three_segments)
{
	expect_calm_talk("sSadDfFa");
	expect_calm_talk("sSadDaFfA");
}

Test(calm, keeps_one_that_says_nothing)
{
	expect_calm_talk("sSaF");
	expect_calm_talk("sSaFafA");
	expect_calm_talk("sSaFfA");
}

Test(calm, keeps_one_where_the_server_speaks_first)
{
	expect_calm_talk("sSaDaDadDfAFa");
}

Test(calm, keeps_data_on_the_last_segment_of_the_handshake)
{
	expect_calm_talk("sSdADafAFa");
}

Test(calm, keeps_data_both_ways_with_their_acknowledgments)
{
	expect_calm_talk("sSadDdDdDdDaFafA");
	expect_calm_talk("sSadddDDDadddADDDaDdDdDaFafA");
}

Test(calm, keeps_what_one_end_says_after_the_other_has_left)
{
	expect_calm_talk("sSadDfDaDaDaFa");
	expect_calm_talk("sSadDfADaDDaFa");
	expect_calm_talk("sSadDaFdAddAfA");
	expect_calm_talk("sSadDaFaddfA");
}

Test(calm, keeps_an_acknowledgment_of_half_a_segment_after_the_goodbye)
{
	struct pair pair;

	pair_begin(&pair);
	expect_calm(&pair, TALK "> FA 11 101; < A 101 11 50; > A 12 120; < A 151 12 50; > A 12 160;"
	                        "< A 201 12 50; > A 12 251; < FA 251 12; > A 12 252;"
	                        ":2 > S 0; :2 < SA 0 1; :2 > A 1 1; :2 < A 1 1 50; :2 > A 1 51;"
	                        ":2 < FA 51 1; :2 > A 1 51 50; :2 < A 52 20; :2 > A 51 52 50;"
	                        ":2 < A 52 70; :2 > A 101 52 50; :2 < A 52 151; :2 > FA 151 52;"
	                        ":2 < A 52 152");
}

Test(calm, keeps_a_last_word_with_data_under_way)
{
	expect_calm_talk("sSadDddfAFa");
	expect_calm_talk("sSadDDDFafA");
}

Test(calm, keeps_a_last_word_with_payload)
{
	struct pair pair;

	pair_begin(&pair);
	expect_calm(&pair, TALK "> FA 11 101 20; < A 101 32; < FA 101 32 30; > A 32 132;"
	                        ":2 > S 0; :2 < SA 0 1; :2 > A 1 1 1; :2 < FA 1 2 9; :2 > A 2 11;"
	                        ":2 > FA 2 11 7; :2 < A 11 10");
}

Test(calm, keeps_an_acknowledgment_of_several_segments_or_of_half_a_segment)
{
	struct pair pair;

	pair_begin(&pair);
	expect_calm(&pair, TALK "> A 11 101 50; > A 61 101 50; > PA 111 101 50; < A 101 61;"
	                        "< A 101 100; < A 101 161; > A 161 101 10; < A 101 166 10;"
	                        "< A 111 166 10; > A 171 115; > A 171 121; < A 121 171");
}

Test(calm, keeps_several_at_once)
{
	struct pair pair;

	pair_begin(&pair);
	expect_calm(&pair, "> S 0; :2 > S 0; :3 > S 0; :2 < SA 0 1; < SA 0 1; :2 > A 1 1; > A 1 1;"
	                   ":3 < SA 0 1; :2 < A 1 1 9; > A 1 1 4; :3 > A 1 1 3; :3 < FA 1 4; < A 1 5;"
	                   ":3 > FA 4 2; :2 > FA 1 10; :3 < A 2 5; :2 < FA 10 2; > FA 5 1; :2 > A 2 11");
}

/* The client's number is just below 2^32, so that 6 is 0. */
Test(calm, leaves_the_acknowledgment_0_to_the_rules)
{
	struct pair pair;

	pair_begin(&pair);
	pair_hear(&pair, HANDSHAKE "> A 1 1 5; < A 1 6");
	expect_woken(&pair, 1);
	pair_hear(&pair, "> A 6 1 5; < A 1 11");
	pair_end(&pair);
}

/* ---- What the ends wear ---- */

static void expect_calm_dressed(const struct dress *dress)
{
	struct pair pair;

	pair_begin(&pair);
	pair.dress = *dress;
	expect_calm(&pair, TALK "> A 11 101 30; < A 101 41 20; > A 41 121;"
	                   "> FA 41 121; < FA 121 42; > A 42 122");
}

Test(calm, knows_an_mss_on_either_side)
{
	for (int i = 0; i < 4; i++)
		expect_calm_dressed(&(struct dress){
			.mss = { i & 1 ? 1460 : 0, i & 2 ? 536 : 0 },
			.scale = { NO_SCALE, NO_SCALE },
		});
}

/* 15 counts as 14 (RFC 7323 section 2.3). */
Test(calm, knows_window_scales_of_both_of_one_and_of_none)
{
	static const int8_t scales[] = { NO_SCALE, 0, 1, 7, 14, 15 };

	for (int i = 0; i < 36; i++)
		expect_calm_dressed(&(struct dress){ .scale = { scales[i / 6], scales[i % 6] } });
}

/* The window of a SYN is never scaled; the same one in later segments is (RFC 7323 section 2.2). */
Test(calm, leaves_a_full_window_to_the_rules_scaled_or_not)
{
	static const struct {
		const char *script;
		bool is_full;
	} rows[] = {
		{ "> A 1 1 50", true },
		{ "> A 1 1 49", false },
		{ "> A 1 1 20; < A 1 21; > A 21 1 50", false },
		{ "> A 1 1 20; < A 1 21; > A 21 1 200", true },
		{ "> A 1 1 20; < A 1 21; > A 21 1 100; > A 121 1 100", true },
		{ "< A 1 1 100", false },
		{ "< A 1 1 200", true },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pair pair;

		pair_begin(&pair);
		pair.play.sample.window = 50;
		pair.dress.scale[CLIENT] = pair.dress.scale[SERVER] = 2;
		pair_hear(&pair, HANDSHAKE);
		pair_hear(&pair, rows[i].script);
		cr_expect_eq(pair_phase(&pair, 1) == CALM_PHASES, rows[i].is_full, "%s",
		             rows[i].script);
		pair_end(&pair);
	}
}

Test(calm, knows_timestamps_of_both_of_one_and_of_none)
{
	for (int i = 0; i < 4; i++)
		expect_calm_dressed(&(struct dress){
			.stamps = { i & 1, i & 2 },
			.scale = { NO_SCALE, NO_SCALE },
		});
}

Test(calm, knows_all_of_that_together)
{
	expect_calm_dressed(&(struct dress){
		.mss = { 1460, 1440 }, .scale = { 7, 9 }, .stamps = { true, true } });
}

Test(calm, knows_options_of_a_syn_that_mean_nothing_to_it)
{
	struct pair pair;
	struct segment syn;

	pair_begin(&pair);
	syn = pair_segment(&pair, "> S 0");
	options_append(&syn, OPTION_SACK_PERMITTED, NULL, 0);
	options_append(&syn, OPTION_MD5, "0123456789abcdef", 16);
	options_pad(&syn);
	pair_feed(&pair, &syn);
	expect_calm(&pair, "< SA 0 1; > A 1 1; < A 1 1 5; > A 1 6");
}

/* The stamp of one segment times the next one that is acknowledged together with others. */
Test(calm, times_by_timestamps_what_is_acknowledged_with_others)
{
	struct pair pair;

	pair_begin(&pair);
	pair.dress.stamps[CLIENT] = pair.dress.stamps[SERVER] = true;
	expect_calm(&pair, TALK "> A 11 101 50; > A 61 101 50; < A 101 70; > A 111 101 50; < A 101 90;"
	                        "< A 101 111 10; +0 < A 111 111 10; > A 161 115 3; > A 164 121");
}

Test(calm, keeps_connections_of_ipv6)
{
	struct pair pair;

	pair_begin(&pair);
	pair.play.sample.family = FAMILY_IPV6;
	pair.play.sample.source.bytes[15] = pair.play.sample.destination.bytes[15] = 1;
	expect_calm(&pair, TALK CLIENT_LEAVES "; :2 > S 0; :2 < RA =0 1");
}

Test(calm, tells_addresses_and_families_apart)
{
	struct pair pair;

	pair_begin(&pair);
	for (int i = 0; i < 4; i++) {
		pair.play.sample.family = i & 1 ? FAMILY_IPV6 : FAMILY_IPV4;
		pair.play.sample.source.bytes[3] = i & 2 ? 77 : 10;
		pair_hear(&pair, HANDSHAKE);
	}
	cr_expect_eq(tracker_totals(pair.play.tracker)->flows[0], 4);
	expect_calm(&pair, "");
}

/* ---- Round trips ---- */

Test(calm, counts_many_round_trips)
{
	expect_calm_talk("sSadAdAdAdAdAdAdAdAdAdAdAdADaDaDaDaDaDaDaDaDaDaDafAFa");
	expect_calm_talk("sSaDaDaDaDaDaDaDaDaDaDaDaFafA");
	expect_calm_talk("sSadDdDdDdDdDdDdDdDdDdDdDafAFa");
}

Test(calm, counts_a_round_trip_of_more_than_4_seconds)
{
	struct pair pair;

	pair_begin(&pair);
	expect_calm(&pair, HANDSHAKE "> A 1 1 7; +4294 < A 1 8; > A 8 1 7; +4296 < A 1 15 7;"
	                             "> A 15 8; < A 8 15 7; +5000 > A 15 15");
}

Test(calm, counts_no_round_trip_of_no_time)
{
	struct pair pair;

	pair_begin(&pair);
	pair.dress.stamps[CLIENT] = pair.dress.stamps[SERVER] = true;
	expect_calm(&pair, "> S 0; +0 < SA 0 1; > A 1 1; +0 > A 1 1 7; +0 < A 1 8; +0 < A 1 8 9;"
	                   "+0 > A 8 10; > A 8 10 7; > A 15 10 7; < A 10 15; +0 < A 10 22");
}

/* ---- Payload that is not captured ---- */

static void expect_calm_cut(bool client, bool server, const char *letters)
{
	struct pair pair;
	struct talk talk;

	pair_begin(&pair);
	talk_begin_plainly(&talk, PLAY_PORT);
	talk.is_cut[CLIENT] = client;
	talk.is_cut[SERVER] = server;
	talk_hear(&talk, &pair, letters);
	pair_compare_woken(&pair);
	expect_all_calm(&pair);
	pair_end(&pair);
}

Test(calm, counts_gaps_of_either_end)
{
	expect_calm_cut(true, false, "sSadDafAFa");
	expect_calm_cut(false, true, "sSadDafAFa");
	expect_calm_cut(true, true, "sSadDafAFa");
	expect_calm_cut(true, true, "sSadDaFafA");
	expect_calm_cut(true, true, "sSddADDafADDDaFa");
	expect_calm_cut(true, true, "sSdADaFddAdAfA");
	expect_calm_cut(true, true, "sSdADar");
	expect_calm_cut(true, false, "sSdADafFa");
	expect_calm_cut(false, true, "sSdADafFa");
}

Test(calm, writes_the_1st_10th_and_100th_gap)
{
	struct pair pair;
	struct talk talk;

	pair_begin(&pair);
	talk_begin_plainly(&talk, PLAY_PORT);
	talk.is_cut[SERVER] = true;
	talk_hear(&talk, &pair, "sSa");
	for (int i = 0; i < 101; i++)
		talk_hear(&talk, &pair, "Da");
	expect_phase(&pair, 1, CALM_TALK);
	pair_compare_woken(&pair);
	cr_expect_str_eq(zeek_history(tracker_at(pair.copy, 1)), "ShAdggg");
	expect_calm(&pair, "");
}

Test(calm, leaves_payload_that_is_cut_only_sometimes_to_the_rules)
{
	struct pair pair;
	struct talk talk;

	pair_begin(&pair);
	talk_begin_plainly(&talk, PLAY_PORT);
	talk_hear(&talk, &pair, "sSadA");
	talk.is_cut[CLIENT] = true;
	talk_hear(&talk, &pair, "d");
	expect_woken(&pair, 1);
	talk_hear(&talk, &pair, "AdAfAFa");
	pair_end(&pair);
}

Test(calm, says_a_last_word_before_its_cut_payload_is_acknowledged)
{
	static const char *const said[] = { "sSadDdf", "sSadDfDF", "sSaDF", "sSadDdr" };

	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		struct pair pair;
		struct talk talk;

		pair_begin(&pair);
		talk_begin_plainly(&talk, PLAY_PORT);
		talk.is_cut[CLIENT] = talk.is_cut[SERVER] = true;
		talk_hear(&talk, &pair, said[i]);
		expect_all_calm(&pair);
		talk_hear(&talk, &pair, "AaFafA");
		pair_end(&pair);
	}
}

/* ---- What means nothing ---- */

static void expect_calm_if(void (*change)(struct segment *segment))
{
	struct segment segments[PLAY_SCRIPT_MAX];
	struct pair pair;
	int count;

	pair_begin(&pair);
	count = play_read(&pair.play, TALK CLIENT_LEAVES, segments, PLAY_SCRIPT_MAX);
	for (int i = 0; i < count; i++) {
		change(&segments[i]);
		pair_feed(&pair, &segments[i]);
	}
	expect_calm(&pair, "");
}

static void add_flags(struct segment *segment)
{
	segment->flags |= TCP_PSH | TCP_URG | TCP_ECE | TCP_CWR | TCP_AE;
	segment->urgent = 1;
}

static void change_header(struct segment *segment)
{
	segment->ttl = (uint8_t)segment->frame;
	segment->ip_id = (uint16_t)(segment->frame * 1000);
	segment->vlan = (uint16_t)segment->frame;
	segment->checksum = CHECKSUM_UNKNOWN;
}

static void change_window(struct segment *segment)
{
	segment->window = (uint16_t)(segment->frame % 2 ? 60000 + segment->frame : 400 - segment->frame);
}

Test(calm, keeps_its_calm_whatever_else_the_header_says)
{
	expect_calm_if(add_flags);
	expect_calm_if(change_header);
	expect_calm_if(change_window);
}
