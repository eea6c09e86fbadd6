/* play.c: conversations in relative numbers, fed to a tracker, and what came of them as text. */

#include "unit/track/play.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "track/inside.h"
#include "unit/track/inspect.h"

struct tracker_options play_options(void)
{
	struct tracker_options options = tracker_defaults();

	options.max_flows = 100;
	options.trails = 8;
	return options;
}

static void note_order(struct play *play, char sign, uint64_t id)
{
	size_t used = strlen(play->order);

	snprintf(play->order + used, sizeof(play->order) - used, "%s%c%llu", used > 0 ? " " : "",
	         sign, (unsigned long long)id);
}

static void count_event(void *context, const struct event *event)
{
	struct play *play = context;

	play->told[event->kind]++;
	play->last[event->kind] = *event;
	if (event->kind == EVENT_FLOW_ENDED)
		note_order(play, '+', event->flow->id);
	if (event->kind == EVENT_FLOW_FORGOTTEN)
		note_order(play, '-', event->flow->id);
}

event_listener *play_listener(void)
{
	return count_event;
}

void play_begin_with(struct play *play, const struct tracker_options *options)
{
	struct error err;

	*play = (struct play){
		.time = PLAY_START,
		.isn = { PLAY_CLIENT_ISN, PLAY_SERVER_ISN },
		.sample = {
			.kind = SEGMENT_TCP,
			.family = FAMILY_IPV4,
			.source = { { 192, 0, 2, 10 } },
			.destination = { { 198, 51, 100, 80 } },
			.source_port = PLAY_PORT,
			.destination_port = PLAY_SERVICE,
			.ttl = 64,
			.window = 1000,
			.checksum = CHECKSUM_GOOD,
		},
	};
	play->tracker = tracker_new(options, &err);
	cr_assert(play->tracker, "%s", err.what);
	tracker_listen(play->tracker, UINT32_MAX, count_event, play);
}

void play_begin(struct play *play)
{
	struct tracker_options options = play_options();

	play_begin_with(play, &options);
}

void play_end(struct play *play)
{
	inspect_tracker(play->tracker);
	tracker_free(play->tracker);
	play->tracker = NULL;
}

static uint16_t flags_of(const char *letters)
{
	static const struct {
		char letter;
		uint16_t flag;
	} rows[] = {
		{ 'S', TCP_SYN }, { 'F', TCP_FIN }, { 'R', TCP_RST },
		{ 'P', TCP_PSH }, { 'A', TCP_ACK }, { 'U', TCP_URG },
	};
	uint16_t flags = 0;

	for (; *letters != '\0'; letters++) {
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
			flags |= *letters == rows[i].letter ? rows[i].flag : 0;
	}
	return flags;
}

static uint32_t number_of(const char *word, uint32_t base)
{
	if (!word)
		return base;
	if (*word == '=')
		return (uint32_t)strtoll(word + 1, NULL, 10);
	return base + (uint32_t)strtoll(word, NULL, 10);
}

static void turn_round(struct segment *segment)
{
	struct address address = segment->source;
	uint16_t port = segment->source_port;

	segment->source = segment->destination;
	segment->source_port = segment->destination_port;
	segment->destination = address;
	segment->destination_port = port;
}

static void make_quote(struct segment *segment, const char *word)
{
	const char *code = strchr(word, '/');

	segment->kind = segment->kind == SEGMENT_UDP ? SEGMENT_UDP_QUOTE : SEGMENT_TCP_QUOTE;
	segment->icmp = (struct icmp_error){
		.reporter = { { 203, 0, 113, 1 } },
		.type = (uint8_t)atoi(word),
		.code = (uint8_t)(code ? atoi(code + 1) : 0),
		.quoted = 20,
	};
}

static struct segment read_step(struct play *play, char *step)
{
	struct segment segment = play->sample;
	int64_t span = PLAY_STEP;
	const char *quote = NULL;
	char *rest = NULL;
	char *word = strtok_r(step, " ", &rest);
	enum side side;

	for (; word && strchr("+:!", *word); word = strtok_r(NULL, " ", &rest)) {
		if (*word == '+')
			span = strtoll(word + 1, NULL, 10) * TIME_MILLISECOND;
		else if (*word == ':')
			segment.source_port = (uint16_t)atoi(word + 1);
		else
			quote = word + 1;
	}
	cr_assert(word && strchr("<>", *word), "a direction is missing");
	side = *word == '>' ? CLIENT : SERVER;
	word = strtok_r(NULL, " ", &rest);
	segment.kind = *word == 'D' ? SEGMENT_UDP : segment.kind;
	segment.flags = flags_of(word);
	word = strtok_r(NULL, " ", &rest);
	segment.seq = number_of(word, play->isn[side]);
	word = word ? strtok_r(NULL, " ", &rest) : NULL;
	segment.ack = word ? number_of(word, play->isn[other_side(side)]) : 0;
	word = word ? strtok_r(NULL, " ", &rest) : NULL;
	segment.payload = segment.captured = number_of(word, 0);
	if (side == SERVER)
		turn_round(&segment);
	if (quote)
		make_quote(&segment, quote);
	segment.time = play->time += span;
	segment.frame = ++play->frame;
	return segment;
}

int play_read(struct play *play, const char *script, struct segment *segments, int max)
{
	char text[4096];
	char *rest = NULL;
	int count = 0;

	cr_assert_lt(strlen(script), sizeof(text));
	strcpy(text, script);
	for (char *step = strtok_r(text, ";", &rest); step; step = strtok_r(NULL, ";", &rest)) {
		if (step[strspn(step, " ")] == '\0')
			continue;
		cr_assert_lt(count, max);
		segments[count++] = read_step(play, step);
	}
	return count;
}

void hear(struct play *play, const char *script)
{
	struct segment segments[PLAY_SCRIPT_MAX];
	int count = play_read(play, script, segments, PLAY_SCRIPT_MAX);

	for (int i = 0; i < count; i++)
		play_feed(play, &segments[i]);
}

struct segment play_segment(struct play *play, const char *script)
{
	struct segment segment;

	cr_assert_eq(play_read(play, script, &segment, 1), 1);
	return segment;
}

void play_feed(struct play *play, const struct segment *segment)
{
	tracker_feed(play->tracker, segment, 1);
}

void play_wait(struct play *play, int64_t milliseconds)
{
	play->time += milliseconds * TIME_MILLISECOND;
	tracker_advance(play->tracker, play->time);
}

const struct flow *play_flow(const struct play *play, int number)
{
	const struct flow *flow = NULL;

	while ((flow = tracker_next(play->tracker, flow))) {
		if (flow->id == (uint64_t)number)
			return flow;
	}
	return NULL;
}

int play_flows(const struct play *play)
{
	const struct flow *flow = NULL;
	int count = 0;

	while ((flow = tracker_next(play->tracker, flow)))
		count++;
	return count;
}

static void add_path(struct text *text, const struct flow *flow, enum side side)
{
	enum tcp_state path[PATH_MAX_STATES];
	int length = endpoint_path(flow_end(flow, side), path);

	for (int i = 0; i < length; i++)
		text_format(text, "%s%s", i > 0 ? " " : "", state_name(path[i]));
}

const char *play_path(struct play *play, enum side side)
{
	struct text text = text_over(play->text, sizeof(play->text));
	const struct flow *flow = play_flow(play, 1);

	cr_assert(flow, "there is no flow 1");
	add_path(&text, flow, side);
	return play->text;
}

static void add_states(struct text *text, const struct flow *flow)
{
	text_format(text, "%s%s %s%s", state_name(flow_state(flow, CLIENT)),
	            flow_state_is_presumed(flow, CLIENT) ? "~" : "",
	            state_name(flow_state(flow, SERVER)),
	            flow_state_is_presumed(flow, SERVER) ? "~" : "");
}

const char *play_states(struct play *play, int number)
{
	struct text text = text_over(play->text, sizeof(play->text));
	const struct flow *flow = play_flow(play, number);

	cr_assert(flow, "there is no flow %d", number);
	add_states(&text, flow);
	return play->text;
}
