/* quote_test.c: ICMP errors, tied to the connection that they quote. */

#include <criterion/criterion.h>

#include "unit/track/play.h"

Test(quote, an_unreachable_answer_to_a_syn_presumes_it_closed)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0; !3/1 > S 0");
	expect_states(&p, "CLOSED~ LISTEN~");
	expect_paths(&p, "SYN_SENT CLOSED", "");
	cr_assert_eq(tracker_totals(p.tracker)->failed_attempts, 1);
	cr_assert_eq(p.told[EVENT_ICMP_ERROR], 1);
	cr_assert_eq(p.last[EVENT_ICMP_ERROR].before[CLIENT], ST_SYN_SENT);
	cr_assert_eq(p.told[EVENT_STATE_CHANGED], 3);
	cr_assert_eq(p.last[EVENT_STATE_CHANGED].side, CLIENT);
	play_end(&p);
}

Test(quote, a_repeated_syn_takes_that_back)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0; !3/1 > S 0; +1000 > S 0");
	expect_states(&p, "SYN_SENT LISTEN~");
	cr_assert_eq(tracker_totals(p.tracker)->failed_attempts, 0);
	hear(&p, "!3/1 > S 0");
	expect_states(&p, "CLOSED~ LISTEN~");
	cr_assert_eq(tracker_totals(p.tracker)->failed_attempts, 1);
	play_end(&p);
}

Test(quote, remembers_the_first_error)
{
	struct play p;
	const struct flow *flow;

	play_begin(&p);
	hear(&p, "> S 0; !3/13 > S 0; !11/0 > S 0");
	flow = play_flow(&p, 1);
	cr_assert_eq(flow->icmp.frame, 2);
	cr_assert_eq(flow->icmp_type, 3);
	cr_assert_eq(flow->icmp_code, 13);
	cr_assert_eq(flow->icmp_reporter.bytes[0], 203);
	cr_assert_eq(flow->icmp_errors, 2);
	cr_assert_eq(tracker_totals(p.tracker)->icmp_errors, 2);
	play_end(&p);
}

static void expect_client_after(const char *script, enum tcp_state expected, uint8_t family)
{
	struct play p;

	play_begin(&p);
	p.sample.family = family;
	hear(&p, script);
	cr_assert_eq(flow_state(play_flow(&p, 1), CLIENT), expected, "%s", script);
	play_end(&p);
}

Test(quote, only_unreachable_closes)
{
	expect_client_after("> S 0; !3/3 > S 0", ST_CLOSED, FAMILY_IPV4);
	expect_client_after("> S 0; !3/4 > S 0", ST_SYN_SENT, FAMILY_IPV4);
	expect_client_after("> S 0; !11/0 > S 0", ST_SYN_SENT, FAMILY_IPV4);
	expect_client_after("> S 0; !1/0 > S 0", ST_SYN_SENT, FAMILY_IPV4);
	expect_client_after("> S 0; !1/4 > S 0", ST_CLOSED, FAMILY_IPV6);
	expect_client_after("> S 0; !3/1 > S 0", ST_SYN_SENT, FAMILY_IPV6);
}

/* RFC 5461: an error is soft once the connection is synchronized. */
Test(quote, only_syn_sent_is_closed)
{
	struct play p;

	play_begin(&p);
	hear(&p, HANDSHAKE REQUEST "!3/1 > PA 1 1 10");
	expect_states(&p, "ESTABLISHED ESTABLISHED");
	cr_assert_eq(tracker_totals(p.tracker)->failed_attempts, 0);
	cr_assert_eq(play_flow(&p, 1)->icmp_errors, 1);
	cr_assert_eq(flow_opening(play_flow(&p, 1)), OPENING_HANDSHAKE);
	play_end(&p);
}

/* RFC 5927 section 4: what was never sent cannot have met an error. */
Test(quote, an_error_about_what_was_never_sent_is_forged)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0; !3/1 > S 700");
	expect_states(&p, "SYN_SENT LISTEN~");
	cr_assert_eq(play_flow(&p, 1)->icmp_errors, 0);
	cr_assert_eq(p.told[EVENT_ICMP_ERROR], 0);
	cr_assert_eq(tracker_totals(p.tracker)->unmatched_icmp, 0);
	hear(&p, "!3/1 > A 1");
	expect_states(&p, "CLOSED~ LISTEN~");
	play_end(&p);
}

Test(quote, an_error_may_quote_an_end_that_was_not_heard)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0; !3/1 < SA 5000 1");
	cr_assert_eq(play_flow(&p, 1)->icmp_errors, 1);
	cr_assert_eq(p.last[EVENT_ICMP_ERROR].side, SERVER);
	play_end(&p);
}

Test(quote, an_error_about_nothing_known_is_only_counted)
{
	struct play p;
	struct segment part;

	play_begin(&p);
	hear(&p, "!3/1 > S 0");
	cr_assert_eq(play_flows(&p), 0);
	cr_assert_eq(tracker_totals(p.tracker)->unmatched_icmp, 1);
	part = play_segment(&p, "!3/1 > S 0");
	part.icmp.quoted = 8;
	play_feed(&p, &part);
	hear(&p, "!3/3 > D 0");
	cr_assert_eq(tracker_totals(p.tracker)->unmatched_icmp, 3);
	hear(&p, "> S 0");
	cr_assert_eq(play_flow(&p, 1)->stream, 1);
	play_end(&p);
}

/* Wireshark takes a whole quoted header for a packet without payload. */
Test(quote, counts_as_wireshark_does)
{
	static const struct {
		const char *quote;
		unsigned completeness;
	} rows[] = {
		{ "!3/1 > S 0", 1 },     { "!3/1 < SA 0 1", 3 }, { "!3/1 > A 1 1", 5 },
		{ "!3/1 > FA 1 1", 21 }, { "!3/1 > R 1", 33 },   { "!3/1 > F 1", 1 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct play p;
		struct segment part;

		play_begin(&p);
		hear(&p, "> S 0");
		part = play_segment(&p, rows[i].quote);
		part.icmp.quoted = 19;
		play_feed(&p, &part);
		cr_assert_eq(play_flow(&p, 1)->quotes, 0);
		cr_assert_eq(play_flow(&p, 1)->seen, SEEN_SYN);
		hear(&p, rows[i].quote);
		cr_assert_eq(play_flow(&p, 1)->quotes, 1);
		cr_assert_eq(flow_completeness(play_flow(&p, 1)), rows[i].completeness, "%s",
		             rows[i].quote);
		play_end(&p);
	}
}

Test(quote, refuses_a_datagram)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> D 0 0 40; !11/0 > D 0");
	cr_assert_eq(flow_udp_state(play_flow(&p, 1)), UDP_UNREPLIED);
	cr_assert_eq(tracker_totals(p.tracker)->udp_refused, 0);
	hear(&p, "!3/3 > D 0; !3/3 > D 0");
	cr_assert_eq(flow_udp_state(play_flow(&p, 1)), UDP_REFUSED);
	cr_assert_eq(tracker_totals(p.tracker)->udp_refused, 1);
	cr_assert_eq(play_flow(&p, 1)->icmp_errors, 3);
	cr_assert_eq(play_flow(&p, 1)->quotes, 0);
	cr_assert_eq(p.told[EVENT_STATE_CHANGED], 0);
	hear(&p, "< D 0 0 10");
	cr_assert_eq(flow_udp_state(play_flow(&p, 1)), UDP_REPLIED);
	play_end(&p);
}

Test(quote, a_client_that_was_told_lingers_and_ends)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0; !3/1 > S 0");
	play_wait(&p, 5000);
	cr_assert_eq(p.told[EVENT_FLOW_ENDED], 1);
	cr_assert_eq(tracker_totals(p.tracker)->openings[OPENING_UNREACHABLE], 1);
	play_end(&p);
}
