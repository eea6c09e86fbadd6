/* flow_detail_test.c: what the detail pane says of a segment. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/text.h"
#include "packet/option.h"
#include "tui/flow_parts.h"
#include "unit/tui/scene.h"

static struct scene_play *scene;

static void begin(void)
{
	scene = scene_begin();
}

static void finish(void)
{
	scene_end(scene);
}

TestSuite(flow_detail, .init = begin, .fini = finish);

static void open_flow(const char *script)
{
	scene_hear(scene, script);
	scene_tui(scene, NULL);
	scene_text(scene, 24, 80, false);
	scene_keys(scene, "{Enter}");
}

/* The pane beside the ladder, its lines joined and every run of blanks made one. */
static const char *pane(void)
{
	static char joined[8192];
	struct text text = text_over(joined, sizeof joined);
	const char *line = scene_text(scene, 40, 130, false);

	for (const char *next; *line; line = next) {
		const char *edge = line;

		next = line + strcspn(line, "\n");
		for (const char *at = line; at < next; at++) {
			if (strncmp(at, "│", 3) == 0)
				edge = at + 3;
		}
		for (; edge > line && edge < next; edge++) {
			if (*edge != ' ' || (text.length > 0 && joined[text.length - 1] != ' '))
				text_add_char(&text, *edge);
		}
		text_add_char(&text, ' ');
		next += *next == '\n';
	}
	return joined;
}

static void shows(const char *words)
{
	const char *text = pane();

	cr_assert(strstr(text, words), "no \"%s\" in\n%s", words, text);
}

static void hides(const char *words)
{
	const char *text = pane();

	cr_assert_null(strstr(text, words), "\"%s\" in\n%s", words, text);
}

#define CLOSE "> FA 11 101; < A 101 12; < FA 101 12; > A 12 102"

Test(flow_detail, shows_every_field_of_the_header)
{
	open_flow(HANDSHAKE REQUEST CLOSE);
	scene_keys(scene, "gjjj");
	shows("frame 4, from the client");
	shows("flags ACK PSH (0x018)");
	shows("seq 1, next 11 (raw 4294967291)");
	shows("ack 1 (raw 4294967201)");
	shows("window 1000 bytes (no scaling)");
	shows("payload 10 bytes");
	shows("checksum good");
	shows("ip ttl 64, id 0x0000");
	shows("from 192.0.2.10:40000");
	shows("to 198.51.100.80:80");
	shows("time 2023-11-14 22:13:20.040000");
	shows("0.030 000 s after the first");
}

Test(flow_detail, says_what_moved_which_state_and_where_that_is_written)
{
	open_flow(HANDSHAKE REQUEST CLOSE);
	shows("why moved the client to TIME_WAIT: it got the peer's FIN: now it waits for late "
	      "segments to die out (RFC 9293 section 3.6)");
	shows("why moved the server to CLOSED: its FIN was acknowledged "
	      "(RFC 9293 section 3.10.7.4)");
	scene_keys(scene, "kk");
	shows("moved the client to FIN_WAIT_2: its FIN was acknowledged");
	shows("presumed: nobody saw whether this reached the client");
}

Test(flow_detail, says_what_a_segment_proves_although_it_moves_nothing)
{
	open_flow(HANDSHAKE "> PA 1 1 10; < A 1 11");
	shows("moved nothing, but proves what was only presumed: the server is in ESTABLISHED");
}

Test(flow_detail, says_why_nothing_moved)
{
	open_flow(HANDSHAKE REQUEST "> PA 1 1 10");
	shows("moved nothing: a repeat of what was acknowledged already (RFC 9293 section 3.8.1)");
	shows("marks retransmission: sent before");
	shows("spurious retransmission: was acknowledged already");
	scene_keys(scene, "k");
	shows("moved nothing: it acknowledges data, and neither a SYN nor a FIN");
	scene_hear(scene, "< R 50000");
	scene_keys(scene, "G");
	shows("moved nothing: this reset does not fit the connection");
}

Test(flow_detail, tells_a_refusal_from_a_reset)
{
	open_flow("> S 0; < RA 0 1");
	shows("moved the client to CLOSED: a reset answered its SYN: refused");
}

Test(flow_detail, shows_what_an_icmp_error_says)
{
	open_flow("> S 0; !3/1 > S 0");
	shows("frame 2, quotes what was sent by the client");
	shows("icmp host unreachable (type 3, code 1)");
	shows("reporter 203.0.113.1");
	shows("moved the client to CLOSED: an ICMP error answered its SYN (RFC 5461 section 2.2)");
}

static void offer(uint8_t scale)
{
	static const uint8_t mss[2] = { 0x05, 0xb4 };
	struct segment *sample = &scene->play.sample;

	sample->options_length = 0;
	options_append(sample, OPTION_MSS, mss, 2);
	options_append(sample, OPTION_SACK_PERMITTED, NULL, 0);
	options_append(sample, OPTION_WINDOW_SCALE, &scale, 1);
	options_append(sample, 77, "abc", 3);
	options_pad(sample);
}

Test(flow_detail, shows_each_option_in_its_order)
{
	offer(7);
	open_flow("> S 0");
	shows("options mss 1460 bytes");
	shows("sackok selective acknowledgments are welcome");
	shows("ws 7: windows count × 128");
	shows("kind 77 3 bytes");
	hides("malformed");
	hides("nop");
}

Test(flow_detail, scales_windows_as_agreed_but_never_those_of_a_syn)
{
	offer(7);
	scene_hear(scene, "> S 0; < SA 0 1");
	scene->play.sample.options_length = 0;
	open_flow("> A 1 1");
	shows("window 1000 × 128 = 128000 bytes");
	scene_keys(scene, "k");
	shows("window 1000 bytes (a SYN's is never scaled)");
}

Test(flow_detail, shows_selective_acknowledgments_in_relative_numbers)
{
	/* 21 to 31, from the client's number on: PLAY_CLIENT_ISN is 2^32 - 6. */
	static const uint8_t block[8] = { 0, 0, 0, 15, 0, 0, 0, 25 };

	scene_hear(scene, HANDSHAKE "> PA 1 1 10; > PA 21 1 10");
	options_append(&scene->play.sample, OPTION_SACK, block, 8);
	options_pad(&scene->play.sample);
	open_flow("< A 1 11");
	shows("options sack 21-31");
}

Test(flow_detail, says_when_a_checksum_is_bad)
{
	scene_hear(scene, HANDSHAKE);
	scene->play.sample.checksum = CHECKSUM_BAD;
	open_flow("> PA 1 1 10");
	shows("checksum bad");
	shows("marks bad checksum");
}

Test(flow_detail, sums_up_a_run)
{
	open_flow(HANDSHAKE REQUEST "< PA 101 11 50; > A 11 151; < PA 151 11 50; > A 11 201; "
	                            "< PA 201 11 50; > A 11 251;");
	scene_keys(scene, "k");
	shows("frames 7 to 13, from the client");
	scene_keys(scene, "j");
	shows("frames 8 to 12, from the server");
	shows("run 3 plain segments, 150 bytes");
}

Test(flow_detail, stands_below_the_ladder_where_that_is_narrow_and_goes_with_a_key)
{
	const char *small;

	open_flow(HANDSHAKE REQUEST CLOSE);
	small = scene_text(scene, 24, 80, false);
	cr_assert_null(strstr(small, "checksum"), "%s", small);
	scene_keys(scene, "d");
	cr_assert(scene_shows(scene, 24, 80, "flags    ACK (0x010)"));
	scene_keys(scene, "d");
	cr_assert_not(scene_shows(scene, 24, 80, "flags    ACK"));
	hides("flags    ACK");
}

/* Every arrow of the tracker's table must have its own words here. */
Test(flow_detail, has_a_reason_for_every_arrow)
{
	struct flow flow = { .key = { .protocol = PROTOCOL_TCP } };
	int arrows = 0;

	for (int from = 0; from < STATE_COUNT; from++) {
		for (int proof = 0; proof < PROOF_COUNT; proof++) {
			enum tcp_state to = state_next((enum tcp_state)from, (enum proof)proof);
			struct detail detail = { .count = 0 };
			struct step step = { .segment = { .kind = SEGMENT_TCP } };

			if ((int)to == from)
				continue;
			step.before[CLIENT] = (uint8_t)from;
			step.after[CLIENT] = (uint8_t)to;
			if (proof == PROOF_UNREACHABLE)
				step.segment.kind = SEGMENT_TCP_QUOTE;
			detail_add_why(&detail, &flow, &step, NULL);
			cr_assert_eq(detail.count, 1);
			cr_assert_null(strstr(detail.lines[0].words, "several things"),
			               "%s to %s: %s", state_name((enum tcp_state)from),
			               state_name(to), detail.lines[0].words);
			cr_assert(strstr(detail.lines[0].words, "RFC "));
			arrows++;
		}
	}
	cr_assert(arrows > 15);
}
