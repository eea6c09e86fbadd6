/* stories_test.c: every scenario's story, from text to the state paths of both ends. */

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "capture/source.h"
#include "lab/scenario.h"
#include "lab/story.h"
#include "packet/decode.h"
#include "track/tracker.h"

enum { SEGMENTS_MAX = 256, PATH_TEXT = 256 };

/* A story as the tracker hears it. */
struct told {
	struct segment segments[SEGMENTS_MAX];
	size_t count;
	struct decoder decoder;
	const char *name;
};

static void hear_frame(void *context, const struct frame *frame)
{
	struct told *told = context;
	enum verdict verdict;

	cr_assert_lt(told->count, SEGMENTS_MAX, "%s: too long for this test", told->name);
	verdict = decoder_decode(&told->decoder, frame, &told->segments[told->count]);
	cr_expect(verdict_is_sound(verdict), "%s: frame %d: %s", told->name, (int)frame->number,
	          verdict_words(verdict));
	cr_expect_neq(told->segments[told->count].checksum, CHECKSUM_BAD, "%s: frame %d: checksum",
	              told->name, (int)frame->number);
	if (verdict_has_segment(verdict))
		told->count++;
}

static void tell(const struct scenario *scenario, const struct story_options *options,
                 struct told *told)
{
	struct error err = { 0 };

	*told = (struct told){ .name = scenario->name };
	cr_assert_eq(story_play(scenario->story, options, hear_frame, told, &err), 0, "%s: %s",
	             scenario->name, err.what);
}

static struct tracker *track(const struct told *told, size_t batch)
{
	struct tracker_options options = tracker_defaults();
	struct error err = { 0 };
	struct tracker *tracker;

	options.max_flows = 64;
	options.keep = 64;
	tracker = tracker_new(&options, &err);
	cr_assert_not_null(tracker, "%s", err.what);
	for (size_t start = 0; start < told->count; start += batch) {
		size_t left = told->count - start;

		tracker_feed(tracker, told->segments + start, left < batch ? left : batch);
	}
	tracker_finish(tracker);
	return tracker;
}

static const struct flow *flow_at(const struct tracker *tracker, int number)
{
	const struct flow *flow = tracker_next(tracker, NULL);

	while (flow != NULL && --number > 0)
		flow = tracker_next(tracker, flow);
	return flow;
}

static void expect_path(const char *name, const struct flow *flow, enum side side,
                        const char *expected)
{
	enum tcp_state path[PATH_MAX_STATES];
	int count = endpoint_path(flow_end(flow, side), path);
	char storage[PATH_TEXT];
	struct text text = text_over(storage, sizeof(storage));

	for (int i = 0; i < count; i++) {
		text_add(&text, i > 0 ? " " : "");
		text_add(&text, state_name(path[i]));
	}
	cr_expect_str_eq(storage, expected, "%s: flow %d: %s: \"%s\" instead of \"%s\"", name,
	                 (int)flow->id, side == CLIENT ? "client" : "server", storage, expected);
}

static void expect_name(const char *name, const char *what, const char *got, const char *expected)
{
	cr_expect_str_eq(got, expected, "%s: %s: %s instead of %s", name, what, got, expected);
}

static void expect_life(const char *name, const struct flow *flow, const struct scenario *life)
{
	if (life->client == NULL) {
		expect_name(name, "udp", udp_state_name(flow_udp_state(flow)), life->opening);
		return;
	}
	expect_path(name, flow, CLIENT, life->client);
	expect_path(name, flow, SERVER, life->server);
	expect_name(name, "opening", opening_name(flow_opening(flow)), life->opening);
	expect_name(name, "closing", closing_name(flow_closing(flow)), life->closing);
}

static void expect_scenario(const struct scenario *scenario, const struct story_options *options,
                            size_t batch)
{
	int number = scenario->flow > 0 ? scenario->flow : 1;
	struct tracker *tracker;
	const struct flow *flow;
	struct told told;

	tell(scenario, options, &told);
	tracker = track(&told, batch);
	flow = flow_at(tracker, number);
	cr_expect_not_null(flow, "%s: there is no flow %d", scenario->name, number);
	if (flow != NULL)
		expect_life(scenario->name, flow, scenario);
	tracker_free(tracker);
}

Test(stories, every_scenario_shows_its_paths)
{
	size_t count;
	const struct scenario *rows = scenarios(&count);

	cr_assert_gt(count, 0);
	for (size_t i = 0; i < count; i++)
		expect_scenario(&rows[i], NULL, TRACKER_BATCH);
}

Test(stories, batches_of_any_size_give_the_same)
{
	static const size_t batches[] = { 1, 2, 7, 63, SEGMENTS_MAX };
	size_t count;
	const struct scenario *rows = scenarios(&count);

	for (size_t i = 0; i < count; i++)
		for (size_t batch = 0; batch < sizeof(batches) / sizeof(batches[0]); batch++)
			expect_scenario(&rows[i], NULL, batches[batch]);
}

/* A linear congruential generator (Numerical Recipes): the same "random" numbers in every run. */
static uint32_t next_number(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed;
}

Test(stories, shifting_every_sequence_number_changes_no_path)
{
	size_t count;
	const struct scenario *rows = scenarios(&count);
	uint32_t seed = 1;

	for (size_t i = 0; i < count; i++)
		for (int round = 0; round < 50; round++) {
			struct story_options options;

			options.shift[CLIENT] = next_number(&seed);
			options.shift[SERVER] = next_number(&seed);
			expect_scenario(&rows[i], &options, TRACKER_BATCH);
		}
}

/* Every number of a life falls on the wrap in one of the rounds. */
Test(stories, wrapping_at_any_byte_changes_no_path)
{
	size_t count;
	const struct scenario *rows = scenarios(&count);

	for (size_t i = 0; i < count; i++)
		for (uint32_t shift = 0; shift < 24; shift++) {
			struct story_options options = { .shift = { shift, shift + 80 } };

			expect_scenario(&rows[i], &options, TRACKER_BATCH);
		}
}

static void expect_lives(const char *name, const struct scenario *lives, size_t count)
{
	struct tracker *tracker;
	struct told told;
	size_t flows = 0;

	tell(scenario_find(name), NULL, &told);
	tracker = track(&told, TRACKER_BATCH);
	for (const struct flow *flow = NULL; (flow = tracker_next(tracker, flow)) != NULL;)
		if (flows++ < count)
			expect_life(name, flow, &lives[flows - 1]);
	cr_expect_eq(flows, count, "%s: %zu flows instead of %zu", name, flows, count);
	tracker_free(tracker);
}

#define OPENS_CLIENT "SYN_SENT ESTABLISHED"
#define OPENS_SERVER "LISTEN SYN_RECEIVED ESTABLISHED"
#define FIRST " FIN_WAIT_1 FIN_WAIT_2 TIME_WAIT"
#define SECOND " CLOSE_WAIT LAST_ACK CLOSED"
#define BOTH " FIN_WAIT_1 CLOSING TIME_WAIT"
#define HALF " FIN_WAIT_1 FIN_WAIT_2"
#define RESET " CLOSED"

#define LIFE(c, s, o, z)                                                                           \
	{                                                                                          \
		.client = (c), .server = (s), .opening = (o), .closing = (z)                       \
	}

Test(stories, port_reuse_is_two_lives)
{
	static const struct scenario lives[] = {
		LIFE(OPENS_CLIENT SECOND, OPENS_SERVER FIRST, "handshake", "server_first"),
		LIFE(OPENS_CLIENT FIRST, OPENS_SERVER SECOND, "handshake", "client_first"),
	};

	expect_lives("port-reuse", lives, sizeof(lives) / sizeof(lives[0]));
}

Test(stories, a_crash_and_a_new_dial_are_two_lives)
{
	static const struct scenario lives[] = {
		LIFE(OPENS_CLIENT RESET, OPENS_SERVER RESET, "handshake", "reset_by_client"),
		LIFE(OPENS_CLIENT, OPENS_SERVER, "handshake", "open"),
	};

	expect_lives("reconnect-after-crash", lives, sizeof(lives) / sizeof(lives[0]));
}

Test(stories, one_story_of_one_life_is_one_flow)
{
	static const char *const names[] = {
		"half-open-healed",  "syn-in-established", "reset-ignored",  "crossing-syns",
		"split-handshake",   "self-connect",       "lost-third-ack", "two-answers",
		"accept-queue-full", "unreachable",        "udp-refused",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct tracker *tracker;
		struct told told;

		tell(scenario_find(names[i]), NULL, &told);
		tracker = track(&told, TRACKER_BATCH);
		cr_expect_not_null(flow_at(tracker, 1), "%s", names[i]);
		cr_expect_null(flow_at(tracker, 2), "%s: a second flow", names[i]);
		tracker_free(tracker);
	}
}

Test(stories, mixed_holds_fourteen_lives)
{
	static const struct scenario lives[] = {
		LIFE(OPENS_CLIENT FIRST, OPENS_SERVER SECOND, "handshake", "client_first"),
		LIFE(OPENS_CLIENT SECOND, OPENS_SERVER FIRST, "handshake", "server_first"),
		LIFE("SYN_SENT CLOSED", "CLOSED", "refused", "reset_by_server"),
		LIFE("SYN_SENT", "", "unanswered", "open"),
		LIFE("SYN_SENT", "LISTEN SYN_RECEIVED", "half_open", "open"),
		LIFE(OPENS_CLIENT HALF, OPENS_SERVER " CLOSE_WAIT", "handshake", "half_closed"),
		LIFE(OPENS_CLIENT, OPENS_SERVER, "handshake", "open"),
		LIFE(OPENS_CLIENT RESET, OPENS_SERVER RESET, "handshake", "reset_by_server"),
		LIFE(OPENS_CLIENT RESET, OPENS_SERVER RESET, "handshake", "reset_by_client"),
		LIFE(OPENS_CLIENT BOTH, OPENS_SERVER BOTH, "handshake", "simultaneous"),
		LIFE("SYN_SENT CLOSED", "", "unreachable", "open"),
		{ .opening = "replied" },
		LIFE(OPENS_CLIENT FIRST, OPENS_SERVER SECOND, "handshake", "client_first"),
		{ .opening = "refused" },
	};

	expect_lives("mixed", lives, sizeof(lives) / sizeof(lives[0]));
}
/* A story beside the capture that was made of it. */
struct comparison {
	struct source *source;
	uint64_t frames;
	bool differs;
};

struct kept_frame {
	struct frame frame;
	uint8_t bytes[65536];
};

static void keep_frame(void *context, const struct frame *frame)
{
	struct kept_frame *kept = context;

	kept->frame = *frame;
	if (frame->captured <= sizeof(kept->bytes))
		memcpy(kept->bytes, frame->bytes, frame->captured);
}

static bool frames_are_equal(const struct frame *told, const struct kept_frame *kept)
{
	const struct frame *read = &kept->frame;

	return told->number == read->number && told->time == read->time &&
	       told->captured == read->captured && told->length == read->length &&
	       told->link_type == read->link_type &&
	       memcmp(told->bytes, kept->bytes, told->captured) == 0;
}

static void compare_frame(void *context, const struct frame *frame)
{
	struct comparison *comparison = context;
	struct kept_frame kept;
	struct error err = { 0 };

	comparison->frames++;
	if (source_visit(comparison->source, 1, keep_frame, &kept, &err) != 1 ||
	    !frames_are_equal(frame, &kept))
		comparison->differs = true;
}

Test(stories, every_capture_is_what_its_story_makes_now)
{
	size_t count;
	const struct scenario *rows = scenarios(&count);

	for (size_t i = 0; i < count; i++) {
		struct comparison comparison = { .differs = false };
		struct kept_frame kept;
		struct error err = { 0 };
		char path[256];

		snprintf(path, sizeof(path), "captures/%s.pcap", rows[i].name);
		comparison.source = source_open_file(path, &err);
		cr_expect_not_null(comparison.source, "%s (make captures writes it)", err.what);
		if (comparison.source == NULL)
			continue;
		story_play(rows[i].story, NULL, compare_frame, &comparison, &err);
		cr_expect(!comparison.differs, "%s is not what the story makes", path);
		cr_expect_eq(source_visit(comparison.source, 1, keep_frame, &kept, &err),
		             SOURCE_END, "%s holds more than the story", path);
		source_close(comparison.source);
	}
}
