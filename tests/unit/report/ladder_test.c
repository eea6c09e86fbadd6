/* ladder_test.c: sequence diagrams, drawn from segments that a tracker has judged. */
#include "report/ladder.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/time.h"
#include "packet/option.h"
#include "track/event.h"

/* Just below 2^32, so that every conversation wraps. */
#define CLIENT_ISS UINT32_C(0xfffffffd)
#define SERVER_ISS UINT32_C(0xffffff00)

enum { RUNGS = 64 };

struct scene {
	struct tracker *tracker;
	struct rung rungs[RUNGS];
	size_t count;
	int64_t now;
	uint64_t frame;
	const struct flow *flow;
	struct output output;
	struct page page;
	struct ladder_options options;
};

static struct scene scene;

static void note_step(void *context, const struct event *event)
{
	(void)context;
	cr_assert(scene.count < RUNGS);
	scene.rungs[scene.count++].step = step_of(event);
	scene.flow = event->flow;
}

static void begin(void)
{
	struct tracker_options options = tracker_defaults();
	struct error err;

	options.max_flows = 16;
	scene = (struct scene){
		.tracker = tracker_new(&options, &err),
		.options = { .time_wait = options.time_wait },
		.now = 1700000000 * TIME_SECOND,
	};
	tracker_listen(scene.tracker, event_bit(EVENT_SEGMENT) | event_bit(EVENT_ICMP_ERROR),
	               note_step, NULL);
	output_start(&scene.output, -1);
	scene.page = (struct page){ .output = &scene.output, .tracker = scene.tracker };
}

static void finish(void)
{
	tracker_free(scene.tracker);
}

TestSuite(ladder, .init = begin, .fini = finish);

/* Numbers count from the sender's and the receiver's ISN. */
static struct segment segment_from(enum side side, unsigned flags, uint32_t seq, uint32_t ack,
                                   uint32_t payload)
{
	static const uint8_t hosts[2][4] = { { 192, 0, 2, 1 }, { 198, 51, 100, 7 } };
	static const uint16_t ports[2] = { 50000, 80 };
	struct segment segment = {
		.time = scene.now,
		.frame = ++scene.frame,
		.source_port = ports[side],
		.destination_port = ports[!side],
		.seq = (side == CLIENT ? CLIENT_ISS : SERVER_ISS) + seq,
		.ack = (side == CLIENT ? SERVER_ISS : CLIENT_ISS) + ack,
		.payload = payload,
		.captured = payload,
		.flags = (uint16_t)flags,
		.window = 500,
		.kind = SEGMENT_TCP,
		.family = FAMILY_IPV4,
		.ttl = 64,
		.checksum = CHECKSUM_GOOD,
	};

	memcpy(segment.source.bytes, hosts[side], 4);
	memcpy(segment.destination.bytes, hosts[!side], 4);
	scene.now += TIME_MILLISECOND;
	return segment;
}

static void hear(enum side side, unsigned flags, uint32_t seq, uint32_t ack, uint32_t payload)
{
	struct segment segment = segment_from(side, flags, seq, ack, payload);

	tracker_feed(scene.tracker, &segment, 1);
}

static void handshake(void)
{
	hear(CLIENT, TCP_SYN, 0, 0, 0);
	hear(SERVER, TCP_SYN | TCP_ACK, 0, 1, 0);
	hear(CLIENT, TCP_ACK, 1, 1, 0);
}

/* Once drawn, it stays as it is. */
static const char *drawn(void)
{
	if (scene.output.length > 0)
		return scene.output.bytes;
	tracker_finish(scene.tracker);
	ladder_write(&scene.page, scene.flow, scene.rungs, scene.count, &scene.options);
	output_add_char(&scene.output, '\0');
	return scene.output.bytes;
}

static void draws(const char *words)
{
	const char *ladder = drawn();

	cr_assert(strstr(ladder, words), "no \"%s\" in\n%s", words, ladder);
}

static void fits(size_t columns, const char *ladder)
{
	while (*ladder) {
		size_t length = strcspn(ladder, "\n");
		char line[512];

		cr_assert(length < sizeof line);
		memcpy(line, ladder, length);
		line[length] = '\0';
		cr_assert(text_columns(line) <= columns, "%zu columns: %s", text_columns(line),
		          line);
		ladder += length + (ladder[length] == '\n');
	}
}

static void close_in_order(void)
{
	hear(CLIENT, TCP_FIN | TCP_ACK, 1, 1, 0);
	hear(SERVER, TCP_ACK, 1, 2, 0);
	hear(SERVER, TCP_FIN | TCP_ACK, 1, 2, 0);
	hear(CLIENT, TCP_ACK, 2, 2, 0);
}

Test(ladder, shows_a_whole_life_with_the_states_of_both_ends)
{
	handshake();
	close_in_order();
	cr_assert_str_eq(
		drawn(),
		"#1  192.0.2.1:50000  ->  198.51.100.7:80   closed\n"
		"        time   192.0.2.1:50000                                   198.51.100.7:80\n"
		"               CLOSED                                              LISTEN?\n"
		"   0.000 000   SYN_SENT      ─── SYN ────────────────────────────▶ │\n"
		"   0.001 000   │             ◀── SYN-ACK ───────────────────────── SYN_RECEIVED\n"
		"   0.002 000   ESTABLISHED   ─── ACK ────────────────────────────▶ ESTABLISHED\n"
		"   0.003 000   FIN_WAIT_1    ─── FIN  seq 1 ─────────────────────▶ │\n"
		"   0.004 000   FIN_WAIT_2    ◀── ACK 2 ─────────────────────────── CLOSE_WAIT\n"
		"   0.005 000   │             ◀── FIN  seq 1 ────────────────────── LAST_ACK\n"
		"   0.006 000   TIME_WAIT     ─── ACK 2 ──────────────────────────▶ CLOSED\n"
		"               TIME_WAIT keeps this port for 60 s (2 MSL): a late segment cannot\n"
		"               reach a new connection.\n"
		"\n"
		"client SYN_SENT > ESTABLISHED > FIN_WAIT_1 > FIN_WAIT_2 > TIME_WAIT\n"
		"server LISTEN > SYN_RECEIVED > ESTABLISHED > CLOSE_WAIT > LAST_ACK > CLOSED\n");
}

Test(ladder, counts_from_the_initial_number_across_the_wrap)
{
	handshake();
	hear(CLIENT, TCP_ACK | TCP_PSH, 1, 1, 10);
	hear(SERVER, TCP_ACK, 1, 11, 0);
	draws("─── 10 bytes  seq 1 ─");
	draws("◀── ACK 11 ─");
}

Test(ladder, shows_numbers_as_on_the_wire_when_asked)
{
	scene.options.absolute_numbers = true;
	handshake();
	hear(CLIENT, TCP_ACK | TCP_PSH, 1, 1, 10);
	hear(SERVER, TCP_ACK, 1, 11, 0);
	draws("─── SYN  seq 4294967293 ─");
	draws("◀── ACK 8 ─");
}

Test(ladder, marks_what_was_sent_again)
{
	hear(CLIENT, TCP_SYN, 0, 0, 0);
	scene.now += TIME_SECOND;
	hear(CLIENT, TCP_SYN, 0, 0, 0);
	hear(SERVER, TCP_SYN | TCP_ACK, 0, 1, 0);
	hear(CLIENT, TCP_ACK, 1, 1, 0);
	hear(CLIENT, TCP_ACK, 1, 1, 10);
	hear(CLIENT, TCP_ACK, 1, 1, 10);
	draws("─── SYN  again ─");
	draws("─── 10 bytes  retrans  seq 1 ─");
}

Test(ladder, tells_a_gap_from_what_fills_it)
{
	handshake();
	hear(CLIENT, TCP_ACK, 1, 1, 10);
	hear(CLIENT, TCP_ACK, 21, 1, 10);
	hear(CLIENT, TCP_ACK, 11, 1, 10);
	draws("─── 10 bytes after a gap of 10");
	draws("─── 10 bytes out of order seq 11 ");
}

Test(ladder, names_what_wireshark_would_name)
{
	handshake();
	hear(CLIENT, TCP_ACK, 1, 1, 10);
	hear(SERVER, TCP_ACK, 1, 11, 0);
	hear(SERVER, TCP_ACK, 1, 11, 0);
	hear(CLIENT, TCP_ACK, 1, 1, 10);
	hear(SERVER, TCP_ACK, 1, 50, 0);
	draws("◀── ACK 11  dup ack #1 ─");
	draws("─── 10 bytes spurious retrans ");
	draws("◀── ACK 50  acks unseen data ─");
}

Test(ladder, does_not_call_the_second_half_of_crossing_syns_a_repetition)
{
	hear(CLIENT, TCP_SYN, 0, 0, 0);
	hear(SERVER, TCP_SYN, 0, 0, 0);
	hear(CLIENT, TCP_SYN | TCP_ACK, 0, 1, 0);
	hear(SERVER, TCP_SYN | TCP_ACK, 0, 1, 0);
	cr_assert(!strstr(drawn(), "again"));
}

Test(ladder, lets_a_stray_syn_move_no_numbers)
{
	handshake();
	hear(CLIENT, TCP_SYN, 5000, 0, 0);
	hear(CLIENT, TCP_ACK, 1, 1, 3);
	draws("─── 3 bytes  seq 1 ─");
	cr_assert_null(strstr(drawn(), "again"));
}

Test(ladder, folds_plain_data_into_one_line_each_way)
{
	handshake();
	hear(SERVER, TCP_ACK, 1, 1, 100);
	for (uint32_t i = 1; i <= 4; i++) {
		hear(SERVER, TCP_ACK, 1 + 100 * i, 1, 100);
		hear(CLIENT, TCP_ACK, 1, 1 + 100 * i, 0);
	}
	draws("◀── 100 bytes  seq 1 ");
	draws("◀══ 400 bytes, 4 segments ═");
	draws("═══ 4 ACKs ═");
}

Test(ladder, draws_a_few_segments_one_by_one)
{
	handshake();
	hear(SERVER, TCP_ACK, 1, 1, 100);
	hear(SERVER, TCP_ACK, 101, 1, 100);
	cr_assert(!strstr(drawn(), "══"));
}

Test(ladder, says_how_long_nobody_answered)
{
	hear(CLIENT, TCP_SYN, 0, 0, 0);
	scene.now += 2 * TIME_SECOND;
	hear(CLIENT, TCP_SYN, 0, 0, 0);
	draws("no answer for 2 s");
}

Test(ladder, says_how_long_it_was_half_closed)
{
	handshake();
	hear(CLIENT, TCP_FIN | TCP_ACK, 1, 1, 0);
	hear(SERVER, TCP_ACK, 1, 2, 0);
	scene.now += 4 * TIME_SECOND;
	hear(SERVER, TCP_ACK, 1, 2, 5);
	draws("half-closed for 4 s; the server may");
}

Test(ladder, says_that_the_capture_ended_first)
{
	handshake();
	draws("The capture ends here, the connection does not.");
}

Test(ladder, says_when_time_wait_was_over)
{
	handshake();
	close_in_order();
	tracker_advance(scene.tracker, scene.now + 100 * TIME_SECOND);
	draws("CLOSED        TIME_WAIT is over");
}

Test(ladder, names_the_options_of_the_handshake)
{
	struct segment syn = segment_from(CLIENT, TCP_SYN, 0, 0, 0);
	uint8_t mss[2] = { 0x05, 0xb4 };
	uint8_t scale = 7;

	options_append(&syn, OPTION_MSS, mss, 2);
	options_append(&syn, OPTION_WINDOW_SCALE, &scale, 1);
	options_append(&syn, OPTION_SACK_PERMITTED, NULL, 0);
	options_pad(&syn);
	tracker_feed(scene.tracker, &syn, 1);
	draws("─── SYN  mss 1460  ws 7  sack ─");
}

Test(ladder, puts_fast_open_first)
{
	struct segment syn = segment_from(CLIENT, TCP_SYN, 0, 0, 5);
	uint8_t mss[2] = { 0x05, 0xb4 };

	options_append(&syn, OPTION_MSS, mss, 2);
	options_append(&syn, OPTION_FAST_OPEN, "cookie!", 8);
	options_pad(&syn);
	tracker_feed(scene.tracker, &syn, 1);
	draws("─── SYN 5 bytes tfo cookie … ─");
}

Test(ladder, shows_the_first_bytes_of_data)
{
	handshake();
	hear(CLIENT, TCP_ACK | TCP_PSH, 1, 1, 14);
	memcpy(scene.rungs[3].sample, "GET /", 5);
	scene.rungs[3].sample_length = 5;
	draws("─── 14 bytes  \"GET /\"  seq 1 ─");
}

Test(ladder, lets_an_icmp_error_stand_between_the_ends)
{
	struct segment quote;

	hear(CLIENT, TCP_SYN, 0, 0, 0);
	quote = segment_from(CLIENT, TCP_SYN, 0, 0, 0);
	quote.kind = SEGMENT_TCP_QUOTE;
	quote.icmp = (struct icmp_error){
		.reporter = { { 10, 0, 0, 1 } },
		.type = 3,
		.code = 1,
		.quoted = 20,
	};
	tracker_feed(scene.tracker, &quote, 1);
	draws("0.001 000   CLOSED        ICMP from 10.0.0.1: host unreachable ");
}

Test(ladder, says_in_words_what_is_odd)
{
	handshake();
	hear(SERVER, TCP_RST, 90000, 0, 0);
	draws("this reset does not fit the");
}

Test(ladder, of_a_datagram_has_no_states)
{
	struct segment datagram = segment_from(CLIENT, 0, 0, 0, 5);

	datagram.kind = SEGMENT_UDP;
	datagram.seq = datagram.ack = 0;
	tracker_feed(scene.tracker, &datagram, 1);
	cr_assert_str_eq(
		drawn(),
		"#1  udp  192.0.2.1:50000  ->  198.51.100.7:80   unreplied\n"
		"        time   192.0.2.1:50000                                   198.51.100.7:80\n"
		"   0.000 000   │             ─── 5 bytes ────────────────────────▶ │\n"
		"\n");
}

Test(ladder, is_plain_ascii_where_the_terminal_is)
{
	scene.page.ascii = true;
	handshake();
	hear(CLIENT, TCP_FIN | TCP_ACK, 1, 1, 0);
	hear(SERVER, TCP_ACK, 1, 2, 0);
	scene.now += 4 * TIME_SECOND;
	hear(SERVER, TCP_ACK, 1, 2, 5);
	for (const char *at = drawn(); *at; at++)
		cr_assert((unsigned char)*at < 0x80, "%s", at);
}

Test(ladder, keeps_within_eighty_columns)
{
	handshake();
	scene.now += 12345 * TIME_SECOND;
	hear(CLIENT, TCP_ACK, 21, 1, 10);
	close_in_order();
	fits(80, drawn());
}

Test(ladder, keeps_within_a_narrow_terminal)
{
	scene.page.width = 60;
	handshake();
	scene.now += 12 * TIME_SECOND;
	hear(CLIENT, TCP_ACK, 21, 1, 10);
	hear(SERVER, TCP_RST, 90000, 0, 0);
	close_in_order();
	fits(60, drawn());
}

Test(ladder, says_what_was_folded_before_it_came)
{
	handshake();
	scene.rungs[2].step.folded = 7;
	scene.rungs[2].step.folded_payload[SERVER] = 1000;
	draws("7 more segments: 0 bytes from the");
}
