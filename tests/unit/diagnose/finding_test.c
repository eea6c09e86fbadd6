/* finding_test.c: what is found in short conversations, in exact words and frames. */

#include "diagnose/finding.h"

#include "unit/diagnose/drawn.h"
#include "unit/diagnose/talk.h"

static bool is_found(const struct flow *flow, const struct finding *finding)
{
	const struct finding *found[32];
	size_t count = findings_of(flow, found, 32);

	for (size_t i = 0; i < count; i++) {
		if (found[i] == finding)
			return true;
	}
	return false;
}

/* "code: sentence [frames]" of the finding with this code; "" where it does not hold. */
static void tell(struct text *text, const struct flow *flow, const char *code)
{
	const struct finding *finding = finding_find(code);
	struct evidence evidence = { .count = 0 };

	cr_assert_not_null(finding, "%s", code);
	cr_expect_eq(is_found(flow, finding), finding->holds(flow), "%s", code);
	if (!finding->holds(flow))
		return;
	finding->explain(text, flow, &evidence);
	text_add(text, " [");
	for (int i = 0; i < evidence.count; i++) {
		text_add(text, i > 0 ? " " : "");
		text_add_unsigned(text, evidence.frames[i]);
	}
	text_add_char(text, ']');
}

static void expect(const struct talk *talk, const char *code, const char *sentence)
{
	char storage[512];
	struct text text = text_over(storage, sizeof(storage));

	tell(&text, talk_flow(talk, 1), code);
	cr_expect_str_eq(storage, sentence);
}

/* Every finding of the flow, worst first. */
static void expect_codes(const struct talk *talk, const char *codes)
{
	const struct finding *found[16];
	size_t count = findings_of(talk_flow(talk, 1), found, 16);
	char storage[256];
	struct text text = text_over(storage, sizeof(storage));

	for (size_t i = 0; i < count; i++) {
		text_add(&text, i > 0 ? " " : "");
		text_add(&text, found[i]->code);
	}
	cr_expect_str_eq(storage, codes);
}

Test(finding, says_nothing_about_a_connection_that_went_well)
{
	struct talk talk = talk_new();

	shake_hands(&talk);
	say(&talk, CLIENT, MS, TCP_PSH | TCP_ACK, 1, 1, 10);
	say(&talk, SERVER, MS, TCP_ACK, 1, 11, 0);
	part(&talk, 10, 0);
	expect_codes(&talk, "");
	cr_expect_eq(flow_severity(talk_flow(&talk, 1)), SEVERITY_NONE);
	tracker_free(talk.tracker);
}

Test(finding, tells_who_refused_and_how_fast)
{
	struct talk talk = talk_new();

	say(&talk, CLIENT, 0, TCP_SYN, 0, 0, 0);
	say(&talk, SERVER, 30 * US, TCP_RST | TCP_ACK, 2, 1, 0);
	expect_codes(&talk, "refused");
	expect(&talk, "refused",
	       "198.51.100.80:80 answered the SYN with a reset after 30 µs: nobody listens there, "
	       "or a "
	       "firewall rejects [1 2]");
	cr_expect_eq(flow_severity(talk_flow(&talk, 1)), SEVERITY_FAILURE);
	tracker_free(talk.tracker);
}

Test(finding, lets_no_span_be_negative_where_time_ran_backwards)
{
	struct talk talk = talk_new();

	say(&talk, CLIENT, 0, TCP_SYN, 0, 0, 0);
	say(&talk, SERVER, -5 * MS, TCP_RST | TCP_ACK, 2, 1, 0);
	expect(&talk, "refused",
	       "198.51.100.80:80 answered the SYN with a reset after 0 s: nobody listens there, or "
	       "a "
	       "firewall rejects [1 2]");
	tracker_free(talk.tracker);
}

Test(finding, names_no_state_that_is_not_known)
{
	struct talk talk = talk_new();

	say(&talk, CLIENT, 0, TCP_RST, 1, 0, 0);
	expect(&talk, "reset_by_client",
	       "the client sent a reset; until then 0 bytes from the client, 0 from the server "
	       "[1]");
	tracker_free(talk.tracker);
}

Test(finding, counts_the_tries_that_nobody_answered)
{
	struct talk talk = talk_new();

	say(&talk, CLIENT, 0, TCP_SYN, 0, 0, 0);
	expect(&talk, "no_answer",
	       "1 SYN to 198.51.100.80:80, nothing came back: dropped on the way, host down, or "
	       "the "
	       "reply was lost [1]");
	say(&talk, CLIENT, TIME_SECOND, TCP_SYN, 0, 0, 0);
	say(&talk, CLIENT, 2 * TIME_SECOND, TCP_SYN, 0, 0, 0);
	expect_codes(&talk, "no_answer");
	expect(&talk, "no_answer",
	       "3 SYNs over 3 s to 198.51.100.80:80, nothing came back: dropped on the way, host "
	       "down, "
	       "or the reply was lost [1 3]");
	tracker_free(talk.tracker);
}

Test(finding, names_the_router_that_knows_no_way)
{
	struct talk talk = talk_new();

	say(&talk, CLIENT, 0, TCP_SYN, 0, 0, 0);
	complain(&talk, MS, 3, 13);
	expect_codes(&talk, "unreachable");
	expect(&talk, "unreachable",
	       "203.0.113.1 says: prohibited by a filter (ICMP type 3 code 13), in answer to 1 SYN "
	       "to "
	       "198.51.100.80:80 [1 2]");
	tracker_free(talk.tracker);
}

Test(finding, tells_a_half_open_connection_by_its_repeated_syn_acks)
{
	struct talk talk = talk_new();

	say(&talk, CLIENT, 0, TCP_SYN, 0, 0, 0);
	say(&talk, SERVER, MS, TCP_SYN | TCP_ACK, 0, 1, 0);
	say(&talk, SERVER, TIME_SECOND, TCP_SYN | TCP_ACK, 0, 1, 0);
	expect_codes(&talk, "half_open");
	expect(&talk, "half_open",
	       "198.51.100.80:80 answered with 2 SYN-ACKs over 1 s, no ACK came: the client never "
	       "saw "
	       "the answer, or the SYN was forged [1 2 3]");
	tracker_free(talk.tracker);
}

Test(finding, tells_a_client_that_resets_what_the_server_accepted)
{
	struct talk talk = talk_new();

	say(&talk, CLIENT, 0, TCP_SYN, 0, 0, 0);
	say(&talk, SERVER, MS, TCP_SYN | TCP_ACK, 0, 1, 0);
	say(&talk, CLIENT, 20 * US, TCP_RST, 1, 0, 0);
	expect_codes(&talk, "syn_ack_disowned");
	expect(&talk, "syn_ack_disowned",
	       "the client answered the SYN-ACK of 198.51.100.80:80 with a reset after 20 µs: a "
	       "port "
	       "scan, a client that gave up, or a SYN with a forged source [1 2 3]");
	tracker_free(talk.tracker);
}

Test(finding, tells_an_old_connection_that_the_server_still_held)
{
	struct talk talk = talk_new();

	say(&talk, CLIENT, 0, TCP_SYN, 0, 0, 0);
	say(&talk, SERVER, MS, TCP_ACK, 5000, 7000, 0);
	say(&talk, CLIENT, 20 * US, TCP_RST, 7000, 0, 0);
	expect_codes(&talk, "stale_peer");
	expect(&talk, "stale_peer",
	       "198.51.100.80:80 answered the SYN with an ACK of something else: it still held an "
	       "old "
	       "connection on this port [1 2]");
	tracker_free(talk.tracker);
}

Test(finding, tells_a_server_that_ignores_the_last_ack)
{
	struct talk talk = talk_new();

	shake_hands(&talk);
	say(&talk, SERVER, TIME_SECOND, TCP_SYN | TCP_ACK, 0, 1, 0);
	expect_codes(&talk, "accept_ignored");
	expect(&talk, "accept_ignored",
	       "198.51.100.80:80 repeated its SYN-ACK (2 times in all) after the last ACK of the "
	       "handshake: its accept queue is full, it waits for data before it accepts, or the "
	       "ACK "
	       "was lost [2 3 4]");
	tracker_free(talk.tracker);
}

Test(finding, tells_two_hosts_by_their_two_sequence_numbers)
{
	struct talk talk = talk_new();

	say(&talk, CLIENT, 0, TCP_SYN, 0, 0, 0);
	say(&talk, SERVER, MS, TCP_SYN | TCP_ACK, 0, 1, 0);
	say(&talk, CLIENT, 10 * US, TCP_ACK, 1, 1, 0);
	say(&talk, SERVER, MS, TCP_SYN | TCP_ACK, 99000, 1, 0);
	expect(&talk, "two_answers",
	       "a second SYN-ACK came with another sequence number: two hosts answer for "
	       "198.51.100.80:80, or a SYN proxy or load balancer does [2 4]");
	tracker_free(talk.tracker);
}

Test(finding, tells_how_long_a_retried_handshake_took)
{
	struct talk talk = talk_new();

	say(&talk, CLIENT, 0, TCP_SYN, 0, 0, 0);
	say(&talk, CLIENT, TIME_SECOND, TCP_SYN, 0, 0, 0);
	say(&talk, SERVER, 20 * US, TCP_SYN | TCP_ACK, 0, 1, 0);
	say(&talk, CLIENT, 10 * US, TCP_ACK, 1, 1, 0);
	expect_codes(&talk, "retried_handshake");
	expect(&talk, "retried_handshake",
	       "the SYN was sent 2 times: opening took 1 s, of which the last try took 30 µs [1 "
	       "4]");
	tracker_free(talk.tracker);
}

Test(finding, takes_a_syn_in_the_open_connection_for_no_second_try)
{
	struct talk talk = talk_new();

	shake_hands(&talk);
	say(&talk, CLIENT, MS, TCP_SYN, 90000, 0, 0);
	say(&talk, SERVER, MS, TCP_ACK, 1, 1, 0);
	expect_codes(&talk, "syn_in_established");
	tracker_free(talk.tracker);
}

Test(finding, tells_who_reset_an_open_connection_and_when)
{
	struct talk talk = talk_new();

	shake_hands(&talk);
	say(&talk, CLIENT, MS, TCP_PSH | TCP_ACK, 1, 1, 3);
	say(&talk, SERVER, TIME_SECOND, TCP_RST | TCP_ACK, 1, 4, 0);
	expect_codes(&talk, "reset_by_server");
	expect(&talk, "reset_by_server",
	       "the server sent a reset in ESTABLISHED, 1 s after the handshake; until then 3 "
	       "bytes "
	       "from the client, 0 from the server [3 5]");
	expect(&talk, "reset_by_client", "");
	cr_expect_eq(flow_severity(talk_flow(&talk, 1)), SEVERITY_WARNING);
	tracker_free(talk.tracker);
}

Test(finding, tells_a_reset_that_cuts_the_closing_short)
{
	struct talk talk = talk_new();

	shake_hands(&talk);
	say(&talk, CLIENT, MS, TCP_FIN | TCP_ACK, 1, 1, 0);
	say(&talk, SERVER, MS, TCP_PSH | TCP_ACK, 1, 2, 100);
	say(&talk, CLIENT, MS, TCP_RST, 2, 0, 0);
	expect_codes(&talk, "reset_while_closing");
	expect(&talk, "reset_while_closing",
	       "the client sent its FIN, and 2 ms later a reset: its application was gone while "
	       "the "
	       "other end still sent [4 6]");
	tracker_free(talk.tracker);
}

Test(finding, tells_traffic_after_a_reset)
{
	struct talk talk = talk_new();

	shake_hands(&talk);
	say(&talk, SERVER, MS, TCP_RST, 1, 0, 0);
	say(&talk, SERVER, MS, TCP_PSH | TCP_ACK, 1, 1, 10);
	say(&talk, CLIENT, MS, TCP_ACK, 1, 11, 0);
	expect_codes(&talk, "reset_ignored");
	tracker_free(talk.tracker);
}

Test(finding, calls_a_half_close_a_note_for_a_minute)
{
	struct talk talk = talk_new();

	shake_hands(&talk);
	say(&talk, CLIENT, MS, TCP_FIN | TCP_ACK, 1, 1, 0);
	say(&talk, SERVER, MS, TCP_ACK, 1, 2, 0);
	say(&talk, SERVER, 59 * TIME_SECOND, TCP_PSH | TCP_ACK, 1, 2, 100);
	expect_codes(&talk, "half_closed");
	say(&talk, SERVER, TIME_SECOND, TCP_PSH | TCP_ACK, 101, 2, 100);
	expect_codes(&talk, "half_close_hang");
	expect(&talk, "half_close_hang",
	       "the client sent its FIN, the server had not sent its own after 1 m: its "
	       "application did "
	       "not close, or had much left to say [4 5]");
	tracker_free(talk.tracker);
}

Test(finding, says_how_long_a_half_close_lasted)
{
	struct talk talk = talk_new();

	shake_hands(&talk);
	say(&talk, CLIENT, MS, TCP_FIN | TCP_ACK, 1, 1, 0);
	say(&talk, SERVER, MS, TCP_ACK, 1, 2, 0);
	say(&talk, SERVER, 4 * TIME_SECOND, TCP_FIN | TCP_ACK, 1, 2, 0);
	say(&talk, CLIENT, MS, TCP_ACK, 2, 2, 0);
	expect(&talk, "half_closed",
	       "the client sent its FIN, the server answered with its own after 4 s [4 5 6]");
	tracker_free(talk.tracker);
}

Test(finding, explains_fins_and_syns_that_crossed)
{
	struct talk talk = talk_new();

	say(&talk, CLIENT, 0, TCP_SYN, 0, 0, 0);
	say(&talk, SERVER, 10 * US, TCP_SYN, 0, 0, 0);
	say(&talk, CLIENT, 10 * US, TCP_SYN | TCP_ACK, 0, 1, 0);
	say(&talk, SERVER, 10 * US, TCP_SYN | TCP_ACK, 0, 1, 0);
	say(&talk, CLIENT, MS, TCP_FIN | TCP_ACK, 1, 1, 0);
	say(&talk, SERVER, 10 * US, TCP_FIN | TCP_ACK, 1, 1, 0);
	say(&talk, CLIENT, 10 * US, TCP_ACK, 2, 2, 0);
	say(&talk, SERVER, 10 * US, TCP_ACK, 2, 2, 0);
	expect_codes(&talk, "simultaneous_open simultaneous_close");
	cr_expect_eq(flow_severity(talk_flow(&talk, 1)), SEVERITY_NOTE);
	tracker_free(talk.tracker);
}

Test(finding, tells_a_fin_that_nobody_acknowledged)
{
	struct talk talk = talk_new();

	shake_hands(&talk);
	say(&talk, CLIENT, MS, TCP_FIN | TCP_ACK, 1, 1, 0);
	say(&talk, CLIENT, TIME_SECOND, TCP_FIN | TCP_ACK, 1, 1, 0);
	expect(&talk, "fin_unanswered",
	       "the client sent its FIN 2 times and nobody acknowledged it: the peer, or the way "
	       "to it, "
	       "is gone [4 5]");
	tracker_free(talk.tracker);
}

Test(finding, warns_that_only_one_end_was_captured)
{
	struct talk talk = talk_new();

	say(&talk, CLIENT, 0, TCP_SYN, 0, 0, 0);
	say(&talk, CLIENT, MS, TCP_ACK, 1, 1, 0);
	say(&talk, CLIENT, MS, TCP_PSH | TCP_ACK, 1, 1, 10);
	expect_codes(&talk, "one_direction");
	expect(&talk, "one_direction",
	       "only the client was captured: the other way leads past the capture, or was silent, "
	       "so "
	       "what is said of the server is a guess [1 3]");
	tracker_free(talk.tracker);
}

Test(finding, knows_a_connection_that_began_before_the_capture)
{
	struct talk talk = talk_new();

	say(&talk, CLIENT, 0, TCP_PSH | TCP_ACK, 5, 9, 10);
	say(&talk, SERVER, MS, TCP_ACK, 9, 15, 0);
	expect_codes(&talk, "midstream");
	tracker_free(talk.tracker);
}

Test(finding, tells_a_refused_datagram_from_one_without_a_reply)
{
	struct talk talk = talk_new();

	talk.kind = SEGMENT_UDP;
	say(&talk, CLIENT, 0, 0, 0, 0, 5);
	expect_codes(&talk, "udp_unreplied");
	complain(&talk, MS, 3, 3);
	expect_codes(&talk, "udp_refused");
	expect(&talk, "udp_refused",
	       "203.0.113.1 says: port unreachable (ICMP type 3 code 3), in answer to a datagram "
	       "to "
	       "198.51.100.80:80 [1 2]");
	tracker_free(talk.tracker);
}

Test(finding, has_one_row_per_code)
{
	size_t count;
	const struct finding *table = findings(&count);

	for (size_t i = 0; i < count; i++) {
		cr_expect_eq(finding_find(table[i].code), &table[i], "%s", table[i].code);
		cr_expect_gt(table[i].severity, SEVERITY_NONE);
		cr_expect(i == 0 || table[i].severity <= table[i - 1].severity, "the worst first");
		cr_expect_gt(strlen(table[i].summary), 0);
	}
	cr_expect_null(finding_find("no_such_finding"));
}

Test(finding, gives_no_more_than_it_is_asked_for)
{
	struct talk talk = talk_new();
	const struct finding *found[1];

	say(&talk, CLIENT, 0, TCP_SYN, 0, 0, 0);
	say(&talk, CLIENT, TIME_SECOND, TCP_SYN, 0, 0, 0);
	say(&talk, SERVER, 20 * US, TCP_SYN | TCP_ACK, 0, 1, 0);
	say(&talk, CLIENT, 10 * US, TCP_ACK, 1, 1, 0);
	say(&talk, SERVER, 1 * TIME_SECOND, TCP_RST, 1, 0, 0);
	cr_assert_eq(findings_of(talk_flow(&talk, 1), found, 1), 1);
	cr_expect_str_eq(found[0]->code, "reset_by_server");
	tracker_free(talk.tracker);
}

Test(finding, is_never_hidden_by_its_occasion)
{
	uint64_t random = 1;
	size_t count;
	const struct finding *finding = findings(&count);

	for (int i = 0; i < 100000; i++) {
		struct flow flow = draw_flow(&random);

		for (size_t row = 0; row < count; row++)
			cr_assert_eq(is_found(&flow, &finding[row]), finding[row].holds(&flow),
			             "%s of flow %d", finding[row].code, i);
	}
}
