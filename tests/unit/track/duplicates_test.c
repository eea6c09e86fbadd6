/* duplicates_test.c: packets captured twice, and other artefacts of capturing. */

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "packet/option.h"
#include "unit/track/inspect.h"
#include "unit/track/play.h"

#define OPEN HANDSHAKE REQUEST

static const int64_t MICROSECOND = TIME_MILLISECOND / 1000;

/* One client's segment, then a copy that `change` may have altered. */
static void expect_copy(bool is_copy, void (*change)(struct segment *))
{
	struct segment first, copy;
	struct play p;

	play_begin(&p);
	hear(&p, OPEN);
	first = play_segment(&p, "> PA 11 101 10");
	first.ip_id = 77;
	copy = first;
	copy.frame++;
	copy.time += 999 * MICROSECOND;
	if (change)
		change(&copy);
	play_feed(&p, &first);
	cr_expect_not(p.last[EVENT_SEGMENT].marks & mark_bit(MARK_DUPLICATE));
	play_feed(&p, &copy);
	cr_expect_eq((p.last[EVENT_SEGMENT].marks & mark_bit(MARK_DUPLICATE)) != 0, is_copy);
	cr_expect_eq(flow_marks(play_flow(&p, 1), CLIENT, MARK_DUPLICATE), is_copy);
	play_end(&p);
}

#define CHANGE(name, what)                                                                         \
	static void name(struct segment *segment)                                                  \
	{                                                                                          \
		what;                                                                              \
	}

/* clang-format off */
CHANGE(comes_later,      segment->time += MICROSECOND)
CHANGE(comes_much_later, segment->time += 2 * MICROSECOND)
CHANGE(came_earlier,     segment->time -= 1999 * MICROSECOND)
CHANGE(came_too_early,   segment->time -= 2000 * MICROSECOND)
CHANGE(was_routed,       segment->ttl--)
CHANGE(will_be_routed,   segment->ttl++)
CHANGE(was_routed_twice, segment->ttl = (uint8_t)(segment->ttl - 2))
CHANGE(will_be_twice,    segment->ttl = (uint8_t)(segment->ttl + 2))
CHANGE(is_sent_again,    segment->ip_id++)
CHANGE(has_another_seq,  segment->seq++)
CHANGE(has_another_ack,  segment->ack++)
CHANGE(is_longer,        segment->payload++)
CHANGE(is_pushed_not,    segment->flags = TCP_ACK)
CHANGE(changes_window,   segment->window++)
CHANGE(is_elsewhere,     segment->source_port++)
/* clang-format on */

/* A burst of segments in no order, and then all of it once more, within the millisecond. */
static uint32_t copies_of_a_burst(uint64_t secret)
{
	enum { BURST = 500 };
	struct tracker_options options = play_options();
	struct segment first;
	uint32_t copies;
	struct play p;

	memcpy(&options.key, &secret, sizeof(secret));
	play_begin_with(&p, &options);
	hear(&p, OPEN);
	first = play_segment(&p, "> PA 11 101 10");
	for (uint32_t i = 0; i < 2 * BURST; i++) {
		struct segment segment = first;

		segment.seq += (i % BURST) * (i % BURST) * 7919 % 65536;
		segment.ip_id = (uint16_t)(i % BURST + 1);
		segment.time += i * MICROSECOND / 2;
		segment.frame += i;
		play_feed(&p, &segment);
	}
	copies = flow_marks(play_flow(&p, 1), CLIENT, MARK_DUPLICATE);
	play_end(&p);
	return copies;
}

Test(duplicates, are_all_found_in_a_burst_whatever_the_secret_is)
{
	for (uint64_t secret = 1; secret <= 50; secret++)
		cr_assert_eq(copies_of_a_burst(secret), 500, "secret %d", (int)secret);
}

Test(duplicates, are_the_same_packet_at_nearly_the_same_time)
{
	expect_copy(true, NULL);
	expect_copy(true, comes_later);
	expect_copy(false, comes_much_later);
	expect_copy(true, came_earlier);
	expect_copy(false, came_too_early);
	expect_copy(true, was_routed);
	expect_copy(true, will_be_routed);
	expect_copy(false, was_routed_twice);
	expect_copy(false, will_be_twice);
	expect_copy(false, is_sent_again);
	expect_copy(false, has_another_seq);
	expect_copy(false, has_another_ack);
	expect_copy(false, is_longer);
	expect_copy(false, is_pushed_not);
	expect_copy(true, changes_window);
}

Test(duplicates, belong_to_one_connection)
{
	struct segment one, other;
	struct play p;

	play_begin(&p);
	one = play_segment(&p, "> A 1 1 5");
	one.ip_id = 9;
	other = one;
	is_elsewhere(&other);
	play_feed(&p, &one);
	play_feed(&p, &other);
	cr_expect_eq(tracker_totals(p.tracker)->marks[MARK_DUPLICATE], 0);
	play_end(&p);
}

static void feed_stamped(struct play *play, int nops, uint32_t stamp)
{
	struct segment segment = play_segment(play, "+0 > PA 11 101 10");
	uint8_t value[8] = { 0, 0, 0, (uint8_t)stamp };

	for (int i = 0; i < nops; i++)
		options_append(&segment, OPTION_NOP, NULL, 0);
	options_append(&segment, OPTION_TIMESTAMPS, value, 8);
	play_feed(play, &segment);
}

static void expect_told_by_stamp(int nops)
{
	struct play p;

	play_begin(&p);
	hear(&p, OPEN);
	feed_stamped(&p, nops, 5);
	feed_stamped(&p, nops, 6);
	cr_expect_eq(flow_marks(play_flow(&p, 1), CLIENT, MARK_DUPLICATE), 0);
	feed_stamped(&p, nops, 6);
	cr_expect_eq(flow_marks(play_flow(&p, 1), CLIENT, MARK_DUPLICATE), 1);
	hear(&p, "+0 > PA 21 101 10; +0 > PA 21 101 10");
	cr_expect_eq(flow_marks(play_flow(&p, 1), CLIENT, MARK_DUPLICATE), 1);
	play_end(&p);
}

/* IPv6 has no id, and IPv4 may have 0. */
Test(duplicates, are_told_by_the_timestamp_where_there_is_no_id)
{
	expect_told_by_stamp(0);
	expect_told_by_stamp(2);
}

Test(duplicates, count_as_packets_and_as_nothing_else)
{
	const struct sending *sent;
	struct segment syn;
	struct play p;

	play_begin(&p);
	syn = play_segment(&p, "> S 0");
	syn.ip_id = 3;
	play_feed(&p, &syn);
	play_feed(&p, &syn);
	sent = &play_flow(&p, 1)->sent[CLIENT];
	cr_expect_eq(sent->packets, 2);
	cr_expect_eq(sent->syns, 1);
	cr_expect_eq(sent->repeats, 0);
	cr_expect_eq(flow_marks(play_flow(&p, 1), CLIENT, MARK_RETRANSMISSION), 0);
	cr_expect_eq(tracker_totals(p.tracker)->retransmitted, 0);
	cr_expect_eq(p.told[EVENT_SEGMENT], 2);
	play_end(&p);
}

Test(duplicates, may_be_kept)
{
	struct tracker_options options = play_options();
	struct segment syn;
	struct play p;

	options.keep_duplicates = true;
	play_begin_with(&p, &options);
	syn = play_segment(&p, "> S 0");
	syn.ip_id = 3;
	play_feed(&p, &syn);
	play_feed(&p, &syn);
	cr_expect_eq(play_flow(&p, 1)->sent[CLIENT].syns, 2);
	cr_expect_eq(flow_marks(play_flow(&p, 1), CLIENT, MARK_RETRANSMISSION), 1);
	cr_expect_eq(flow_marks(play_flow(&p, 1), CLIENT, MARK_DUPLICATE), 0);
	play_end(&p);
}

/* Artefacts. */

static void expect_artefact(enum mark mark, const char *script, void (*change)(struct segment *),
                            bool is_marked)
{
	struct segment segment;
	struct play p;

	play_begin(&p);
	hear(&p, OPEN);
	segment = play_segment(&p, script);
	if (change)
		change(&segment);
	play_feed(&p, &segment);
	cr_expect_eq(flow_marks(play_flow(&p, 1), CLIENT, mark), is_marked, "%s", mark_words(mark));
	cr_expect_eq(tracker_totals(p.tracker)->marks[mark], is_marked, "%s", mark_words(mark));
	play_end(&p);
}

CHANGE(is_damaged, segment->checksum = CHECKSUM_BAD)
CHANGE(is_offloaded, segment->checksum = CHECKSUM_OFFLOADED)
CHANGE(is_cut, segment->captured--)

Test(artefacts, are_counted)
{
	expect_artefact(MARK_BAD_CHECKSUM, "> A 11 101 10", is_damaged, true);
	expect_artefact(MARK_BAD_CHECKSUM, "> A 11 101 10", is_offloaded, false);
	expect_artefact(MARK_OFFLOADED, "> A 11 101 10", is_offloaded, true);
	expect_artefact(MARK_OFFLOADED, "> A 11 101 10", NULL, false);
	expect_artefact(MARK_CUT, "> A 11 101 10", is_cut, true);
	expect_artefact(MARK_CUT, "> A 11 101 10", NULL, false);
	expect_artefact(MARK_BACKWARDS, "+-1 > A 11 101 10", NULL, true);
	expect_artefact(MARK_BACKWARDS, "+0 > A 11 101 10", NULL, false);
	expect_artefact(MARK_SUPER_SEGMENT, "> A 11 101 9001", NULL, true);
	expect_artefact(MARK_SUPER_SEGMENT, "> A 11 101 9000", NULL, false);
}

Test(artefacts, measure_segments_by_the_receivers_mss)
{
	static const uint8_t mss[] = { 1, 0 };
	struct segment syn_ack;
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0");
	syn_ack = play_segment(&p, "< SA 0 1");
	options_append(&syn_ack, OPTION_MSS, mss, 2);
	play_feed(&p, &syn_ack);
	hear(&p, "> A 1 1 256; < A 1 257 257");
	cr_expect_eq(tracker_totals(p.tracker)->marks[MARK_SUPER_SEGMENT], 0);
	hear(&p, "> A 257 258 257");
	cr_expect_eq(flow_marks(play_flow(&p, 1), CLIENT, MARK_SUPER_SEGMENT), 1);
	play_end(&p);
}

static void expect_one_sided(const char *script, bool is_one_sided, uint64_t missed)
{
	struct play p;

	play_begin(&p);
	hear(&p, script);
	cr_expect_eq(flow_is_one_sided(play_flow(&p, 1)), is_one_sided, "%s", script);
	tracker_finish(p.tracker);
	cr_expect_eq(tracker_totals(p.tracker)->one_sided, is_one_sided, "%s", script);
	cr_expect_eq(tracker_totals(p.tracker)->missed, missed, "%s", script);
	play_end(&p);
}

Test(artefacts, know_a_capture_of_one_end_only)
{
	expect_one_sided("> A 1 1 10; > A 11 21", true, 0);
	expect_one_sided("> S 0; > A 1 1 10; > A 11 21", true, 0);
	expect_one_sided("< A 1 1 10; < A 11 21", true, 0);
	expect_one_sided("> A 1 1 10; > A 11 1", false, 0);
	expect_one_sided("> S 0; > S 0", false, 0);
	expect_one_sided(OPEN "< A 101 31", false, 20);
	expect_one_sided(OPEN "> A 11 131", false, 30);
}

/* The analysis of a conversation as text, the copies themselves and what counts packets left out. */

enum { LENGTH = 50, DUMP = 1 << 16 };

static uint32_t next(uint64_t *random, uint32_t limit)
{
	*random ^= *random << 13;
	*random ^= *random >> 7;
	*random ^= *random << 17;
	return (uint32_t)(*random >> 32) % limit;
}

static void random_step(uint64_t *random, char *step, size_t size)
{
	static const char *const flags[] = { "A", "A", "A", "PA", "PA", "A", "FA", "S", "SA", "RA" };
	static const int seqs[] = { 0, 1, 1, 1, 2, 11, 12, 21, 31, 500, 9000 };
	static const int spans[] = { 0, 1, 10, 10, 30, 1000, -20 };

	snprintf(step, size, "+%d %c %s %d %d %u", spans[next(random, 7)],
	         next(random, 2) ? '>' : '<', flags[next(random, 10)], seqs[next(random, 11)],
	         seqs[next(random, 11)], next(random, 2) * (1 + next(random, 20)));
}

static void dump_marks(const struct play *play, char *string)
{
	struct text text = text_over(string, DUMP);
	const struct flow *flow = NULL;

	while ((flow = tracker_next(play->tracker, flow))) {
		for (int side = CLIENT; side <= SERVER; side++) {
			const struct sequence *sequence = &flow->sequence[side];

			for (int mark = 0; mark < MARK_COUNT; mark++) {
				if (mark != MARK_DUPLICATE && mark != MARK_BACKWARDS)
					text_format(&text, "%u ",
					            flow_marks(flow, (enum side)side,
					                       (enum mark)mark));
			}
			text_format(&text, "| %u %u %u %u %llu | %d\n", sequence->data_packets,
			            sequence->pure_acks, sequence->in_flight_most,
			            sequence->initial_window,
			            (unsigned long long)flow_missed_bytes(flow, (enum side)side),
			            flow_state(flow, (enum side)side));
		}
	}
}

struct run {
	uint32_t shift[2];
	bool copies;
	int left_out; /* every n-th; 0: none */
	int chunk;    /* fed backwards in chunks of so many; 0: not */
};

static void run(const struct run *how, uint64_t seed, char *dump)
{
	uint64_t random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	struct segment segments[LENGTH];
	struct play p;

	play_begin(&p);
	p.isn[CLIENT] += how->shift[CLIENT];
	p.isn[SERVER] += how->shift[SERVER];
	for (int i = 0; i < LENGTH; i++) {
		char step[64];

		random_step(&random, step, sizeof(step));
		p.sample.window = (uint16_t)(next(&random, 4) * 100);
		segments[i] = play_segment(&p, step);
		segments[i].ip_id = (uint16_t)(i + 1);
	}
	for (int i = 0; i < LENGTH; i++) {
		int at = how->chunk ? i / how->chunk * how->chunk + how->chunk - 1 - i % how->chunk
		                    : i;

		if (at >= LENGTH || (how->left_out && at % how->left_out == 0))
			continue;
		play_feed(&p, &segments[at]);
		if (how->copies)
			play_feed(&p, &segments[at]);
		inspect_tracker(p.tracker);
	}
	dump_marks(&p, dump);
	tracker_finish(p.tracker);
	play_end(&p);
}

static char expected[DUMP], other[DUMP];

Test(marks, do_not_depend_on_the_numbers)
{
	static const uint32_t shifts[][2] = { { 7, 0 }, { 6, 96 }, { 3000000000u, 2000000000u } };

	for (uint64_t seed = 0; seed < 300; seed++) {
		struct run plain = { .copies = false }, shifted = plain;

		memcpy(shifted.shift, shifts[seed % 3], sizeof(shifted.shift));
		run(&plain, seed, expected);
		run(&shifted, seed, other);
		cr_assert_str_eq(other, expected, "seed %llu:\n%s\n%s", (unsigned long long)seed,
		                 other, expected);
	}
}

Test(marks, do_not_change_when_every_packet_was_captured_twice)
{
	for (uint64_t seed = 0; seed < 300; seed++) {
		struct run plain = { .copies = false }, twice = { .copies = true };

		run(&plain, seed, expected);
		run(&twice, seed, other);
		cr_assert_str_eq(other, expected, "seed %llu:\n%s\n%s", (unsigned long long)seed,
		                 other, expected);
	}
}

Test(marks, stand_any_loss_and_any_order)
{
	for (uint64_t seed = 0; seed < 300; seed++) {
		run(&(struct run){ .left_out = 10 }, seed, other);
		run(&(struct run){ .left_out = 2 + (int)seed % 5 }, seed, other);
		run(&(struct run){ .chunk = 1 + (int)seed % LENGTH }, seed, other);
	}
}
