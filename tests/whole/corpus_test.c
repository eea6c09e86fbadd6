/* corpus_test.c: captures that nobody here made, with their numbers shifted and their frames thinned and reordered. */

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "capture/source.h"
#include "packet/decode.h"
#include "packet/option.h"
#include "track/inside.h"

struct tape {
	struct segment *segments;
	size_t count, room;
	struct decoder decoder;
};

static void tape_add(void *context, const struct frame *frame)
{
	struct tape *tape = context;

	if (tape->count == tape->room) {
		tape->room = tape->room ? 2 * tape->room : 1024;
		tape->segments = realloc(tape->segments, tape->room * sizeof(tape->segments[0]));
		cr_assert_not_null(tape->segments);
	}
	if (verdict_has_segment(
		    decoder_decode(&tape->decoder, frame, &tape->segments[tape->count])))
		tape->count++;
}

static struct tape tape_read(const char *path)
{
	struct tape tape = { .count = 0 };
	struct error err;
	struct source *source = source_open_file(path, &err);

	cr_assert_not_null(source, "%s", err.what);
	while (source_visit(source, 64, tape_add, &tape, &err) > 0)
		;
	source_close(source);
	return tape;
}

static struct tracker *tracker_for_tests(void)
{
	struct tracker_options options = tracker_defaults();
	struct error err;
	struct tracker *tracker;

	options.max_flows = 4096;
	tracker = tracker_new(&options, &err);
	cr_assert_not_null(tracker, "%s", err.what);
	return tracker;
}

/* What each end's numbers are shifted by: the same for all its segments, another for its peer's. */
static uint32_t shift_of(const struct segment *segment, bool of_source)
{
	static const struct hash_key key = { { 7 } };
	uint8_t bytes[2 * (sizeof(struct address) + 2)];
	const struct address *end = of_source ? &segment->source : &segment->destination;
	const struct address *peer = of_source ? &segment->destination : &segment->source;
	uint16_t ports[2] = { of_source ? segment->source_port : segment->destination_port,
		              of_source ? segment->destination_port : segment->source_port };

	memcpy(bytes, end, sizeof(*end));
	memcpy(bytes + sizeof(*end), peer, sizeof(*peer));
	memcpy(bytes + 2 * sizeof(*end), ports, sizeof(ports));
	return (uint32_t)hash_bytes(&key, bytes, sizeof(bytes));
}

static void add_to_edge(uint8_t *edge, uint32_t shift)
{
	uint32_t seq = (uint32_t)edge[0] << 24 | (uint32_t)edge[1] << 16 | (uint32_t)edge[2] << 8 |
	               edge[3];

	seq += shift;
	for (int i = 0; i < 4; i++)
		edge[i] = (uint8_t)(seq >> (24 - 8 * i));
}

/* SACK blocks (RFC 2018) hold the peer's numbers. */
static void shift_sack(struct segment *segment, uint32_t shift)
{
	uint8_t *options = segment->options;

	for (unsigned at = 0; at < segment->options_length && options[at] != OPTION_END;) {
		unsigned length;

		if (options[at] == OPTION_NOP) {
			at++;
			continue;
		}
		if (at + 1 >= segment->options_length || options[at + 1] < 2 ||
		    at + options[at + 1] > segment->options_length)
			return;
		length = options[at + 1];
		for (unsigned edge = at + 2; options[at] == OPTION_SACK && edge + 4 <= at + length;
		     edge += 4)
			add_to_edge(options + edge, shift);
		at += length;
	}
}

static void shift(struct segment *segment)
{
	segment->seq += shift_of(segment, true);
	if (segment_has(segment, TCP_ACK))
		segment->ack += shift_of(segment, false);
	if (segment->kind == SEGMENT_TCP)
		shift_sack(segment, shift_of(segment, false));
}

static bool has_numbers(const struct segment *segment)
{
	return segment->kind == SEGMENT_TCP || segment->kind == SEGMENT_TCP_QUOTE;
}

static void expect_same_end(const struct flow *a, const struct flow *b, enum side side,
                            const char *path)
{
	enum tcp_state before[PATH_MAX_STATES], after[PATH_MAX_STATES];
	int length = endpoint_path(flow_end(a, side), before);

	cr_expect_eq(endpoint_path(flow_end(b, side), after), length, "%s #%llu", path,
	             (unsigned long long)a->id);
	cr_expect(memcmp(before, after, (size_t)length * sizeof(before[0])) == 0, "%s #%llu: path",
	          path, (unsigned long long)a->id);
	cr_expect_eq(flow_unacked(a, side), flow_unacked(b, side), "%s", path);
	for (int mark = 0; mark < MARK_COUNT; mark++)
		cr_expect_eq(flow_marks(a, side, (enum mark)mark),
		             flow_marks(b, side, (enum mark)mark), "%s #%llu: mark %d", path,
		             (unsigned long long)a->id, mark);
}

static void expect_same_flow(const struct flow *a, const struct flow *b, const char *path)
{
	cr_assert(a && b, "%s: not as many connections", path);
	expect_same_end(a, b, CLIENT, path);
	expect_same_end(a, b, SERVER, path);
	cr_expect_eq(flow_opening(a), flow_opening(b), "%s", path);
	cr_expect_eq(flow_closing(a), flow_closing(b), "%s", path);
	cr_expect_eq(flow_completeness(a), flow_completeness(b), "%s", path);
	cr_expect_eq(a->stream, b->stream, "%s", path);
	cr_expect_str_eq(zeek_history(a), zeek_history(b), "%s", path);
}

static void shift_changes_nothing(const char *path)
{
	struct tape tape = tape_read(path);
	struct tracker *as_it_is = tracker_for_tests(), *shifted = tracker_for_tests();
	const struct flow *a = NULL, *b = NULL;

	tracker_feed(as_it_is, tape.segments, tape.count);
	for (size_t i = 0; i < tape.count; i++)
		if (has_numbers(&tape.segments[i]))
			shift(&tape.segments[i]);
	tracker_feed(shifted, tape.segments, tape.count);
	tracker_finish(as_it_is);
	tracker_finish(shifted);
	while ((a = tracker_next(as_it_is, a))) {
		b = tracker_next(shifted, b);
		expect_same_flow(a, b, path);
	}
	tracker_free(as_it_is);
	tracker_free(shifted);
	free(tape.segments);
}

/* Frames lost, and runs of frames backwards: nothing is expected but that it ends well. */
static void disorder_is_survived(const char *path)
{
	enum { RUN = 16 };
	struct tape tape = tape_read(path);
	struct tracker *tracker = tracker_for_tests();

	for (size_t i = 0; i < tape.count; i++)
		if (i % 10 != 9)
			tracker_feed(tracker, &tape.segments[i], 1);
	for (size_t run = tape.count / RUN + 1; run-- > 0;)
		for (size_t i = run * RUN; i < run * RUN + RUN && i < tape.count; i++)
			tracker_feed(tracker, &tape.segments[i], 1);
	tracker_finish(tracker);
	cr_expect_geq(tracker_totals(tracker)->segments + tracker_totals(tracker)->datagrams +
	                      tracker_totals(tracker)->icmp_errors,
	              tape.count, "%s", path);
	tracker_free(tracker);
	free(tape.segments);
}

static void hear_nothing(void *context, const struct event *event)
{
	(void)context;
	(void)event;
}

static void pack_all(struct tracker *tracker)
{
	for (uint32_t place = 1; place <= tracker->touched_places; place++)
		if (tracker->flows[place].stage != STAGE_FREE)
			place_pack(tracker, &tracker->flows[place]);
}

/* Which ranges of the pool they are depends on what came and went before. */
static size_t pack_without_places(const struct flow *flow, uint8_t *bytes)
{
	struct flow copy = *flow;

	for (int side = CLIENT; side <= SERVER; side++) {
		struct sequence *sequence = &copy.sequence[side];

		sequence->timed.first = sequence->timed.first != NONE;
		sequence->timed.last = sequence->timed.last != NONE;
		sequence->holes = sequence->holes != NONE;
	}
	return flow_pack(&copy, 0, bytes);
}

static void expect_all_same(const struct tracker *one, const struct tracker *other, const char *path)
{
	static uint8_t a[PACKED_MOST], b[PACKED_MOST];
	const struct flow *left = NULL, *right = NULL;

	cr_expect(memcmp(&one->totals, &other->totals, sizeof(one->totals)) == 0, "%s: totals", path);
	while ((left = tracker_next(one, left))) {
		size_t size = pack_without_places(left, a);

		right = tracker_next(other, right);
		expect_same_flow(left, right, path);
		cr_expect_eq(left->moved, right->moved, "%s: moved", path);
		cr_expect(pack_without_places(right, b) == size && memcmp(a, b, size) == 0,
		          "%s #%llu", path, (unsigned long long)left->id);
	}
}

/* In batches with everything told, and one by one with nothing told and all that can be packed. */
static void packing_changes_nothing(const char *path)
{
	static const int64_t later[] = { 3, 6, 30, 61, 66, 130 };
	struct tape tape = tape_read(path);
	struct tracker *told = tracker_for_tests(), *packed = tracker_for_tests();

	tracker_listen(told, UINT32_MAX, hear_nothing, NULL);
	tracker_feed(told, tape.segments, tape.count);
	for (size_t i = 0; i < tape.count; i++) {
		tracker_feed(packed, &tape.segments[i], 1);
		pack_all(packed);
	}
	for (size_t i = 0; tape.count > 0 && i < sizeof(later) / sizeof(later[0]); i++) {
		tracker_advance(told, tracker_totals(told)->last + later[i] * 1000000000);
		tracker_advance(packed, tracker_totals(packed)->last + later[i] * 1000000000);
		if (i % 2 == 0)
			expect_all_same(told, packed, path);
		pack_all(packed);
	}
	tracker_finish(told);
	tracker_finish(packed);
	expect_all_same(told, packed, path);
	tracker_free(told);
	tracker_free(packed);
	free(tape.segments);
}

static void with_each_capture(void (*look)(const char *path))
{
	const char *root = getenv("CORPUS") ? getenv("CORPUS") : "../shared/corpus";
	DIR *folder = opendir(root);
	struct dirent *entry;
	size_t count = 0;

	if (!folder)
		cr_skip_test("no corpus at %s", root);
	while ((entry = readdir(folder))) {
		char path[1024];

		if (!strstr(entry->d_name, ".pcap"))
			continue;
		snprintf(path, sizeof(path), "%s/%s", root, entry->d_name);
		look(path);
		count++;
	}
	closedir(folder);
	cr_expect_gt(count, 0);
}

Test(corpus, shifting_all_sequence_numbers_changes_no_answer)
{
	with_each_capture(shift_changes_nothing);
}

Test(corpus, packing_after_every_segment_changes_no_answer)
{
	with_each_capture(packing_changes_nothing);
}

Test(corpus, survives_lost_and_disordered_frames)
{
	with_each_capture(disorder_is_survived);
}
