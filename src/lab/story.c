/* story.c: plays a story: settings, whose turn it is, what time it is, and the frames. */

#include "lab/story.h"

#include <string.h>

#include "lab/conversation.h"
#include "lab/line.h"
#include "lab/reader.h"
#include "packet/encode.h"
#include "packet/link.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Ten years: far from where an instant overflows. */
#define STORY_SPAN_MAX (INT64_C(10) * 366 * 86400 * TIME_SECOND)

struct story {
	struct reader reader;
	const struct story_options *options;
	frame_visitor *visit;
	void *context;
	int64_t now;
	bool is_timed; /* the line itself said when */
	uint64_t frames;
	uint16_t link_type;
	size_t current; /* which conversation */
	bool has_started[STORY_CONNECTIONS_MAX];
	struct conversation talks[STORY_CONNECTIONS_MAX];
	uint8_t payload[STORY_PAYLOAD_MAX];
	uint8_t bytes[STORY_PAYLOAD_MAX + ENCODE_HEADERS_MAX];
};

/* What one settings line changes; it has the reader's following words to itself. */
struct setting {
	const char *word;
	int (*set)(struct story *story, struct setup *setup);
};

struct link_word {
	const char *word;
	uint16_t link_type;
};

/* clang-format off */
static const struct link_word links[] = {
	{ "ethernet", LINK_ETHERNET },
	{ "sll",      LINK_LINUX_SLL },
	{ "sll2",     LINK_LINUX_SLL2 },
	{ "null",     LINK_NULL },
	{ "loop",     LINK_LOOP },
	{ "raw",      LINK_RAW },
	{ "ipv4",     LINK_IPV4 },
	{ "ipv6",     LINK_IPV6 },
};
/* clang-format on */

static int set_link(struct story *story, struct setup *setup)
{
	(void)setup;
	if (reader_want(&story->reader, "a link type") < 0)
		return -1;
	if (story->frames > 0)
		return reader_refuse(&story->reader, "a capture has one link type");
	for (size_t i = 0; i < COUNT(links); i++) {
		if (!word_is(&story->reader.word, links[i].word))
			continue;
		story->link_type = links[i].link_type;
		return 0;
	}
	return reader_refuse(&story->reader, "no such link type");
}

static int set_addresses(struct story *story, struct setup *setup)
{
	char copy[WORD_MAX];
	enum family family[2];

	for (int side = 0; side < 2; side++) {
		struct address address;

		if (reader_want(&story->reader, "two addresses") < 0)
			return -1;
		family[side] = word_copy(&story->reader.word, copy) ? address_parse(copy, &address)
		                                                    : FAMILY_NONE;
		if (family[side] == FAMILY_NONE)
			return reader_refuse(&story->reader, "no IPv4 or IPv6 address");
		setup->address[side] = address;
	}
	if (family[0] != family[1])
		return reader_refuse(&story->reader, "not of the same family as the other");
	setup->family = (uint8_t)family[0];
	return 0;
}

static int set_ports(struct story *story, struct setup *setup)
{
	for (int side = 0; side < 2; side++) {
		uint32_t port;

		if (reader_want_number(&story->reader, UINT16_MAX, &port) < 0)
			return -1;
		setup->port[side] = (uint16_t)port;
	}
	return 0;
}

static int set_isn(struct story *story, struct setup *setup)
{
	enum actor actor;

	if (reader_want(&story->reader, "client or server") < 0)
		return -1;
	actor = actor_named(&story->reader.word);
	if (actor > ACTOR_SERVER)
		return reader_refuse(&story->reader, "neither client nor server");
	return reader_want_number(&story->reader, UINT32_MAX, &setup->isn[actor]);
}

/* The word may or may not begin with a plus. */
static int read_seconds(struct story *story, int64_t *span)
{
	char copy[WORD_MAX + 1] = "+";
	size_t start = story->reader.word.start[0] == '+' ? 0 : 1;

	if (!word_copy(&story->reader.word, copy + start) || !time_parse(copy, 0, span))
		return reader_refuse(&story->reader, "not a number of seconds");
	if (*span > STORY_SPAN_MAX)
		return reader_refuse(&story->reader, "longer than ten years");
	return 0;
}

static int set_round_trip(struct story *story, struct setup *setup)
{
	if (reader_want(&story->reader, "a number of seconds") < 0)
		return -1;
	return read_seconds(story, &setup->round_trip);
}

static int set_vlan(struct story *story, struct setup *setup)
{
	uint32_t vlan;

	if (reader_want_number(&story->reader, 4094, &vlan) < 0)
		return -1;
	setup->vlan = (uint16_t)vlan;
	return 0;
}

static int set_udp(struct story *story, struct setup *setup)
{
	(void)story;
	setup->udp = true;
	return 0;
}

static void use_family(struct setup *setup, bool is_ipv6)
{
	const char *client = setup->loopback ? "127.0.0.1" : "192.0.2.10";
	const char *server = setup->loopback ? "127.0.0.1" : "198.51.100.80";

	if (is_ipv6) {
		client = setup->loopback ? "::1" : "2001:db8::10";
		server = setup->loopback ? "::1" : "2001:db8:1::80";
	}
	setup->family = (uint8_t)address_parse(client, &setup->address[ACTOR_CLIENT]);
	address_parse(server, &setup->address[ACTOR_SERVER]);
}

static int set_ipv6(struct story *story, struct setup *setup)
{
	(void)story;
	use_family(setup, true);
	return 0;
}

static int set_loopback(struct story *story, struct setup *setup)
{
	(void)story;
	setup->loopback = true;
	setup->round_trip = 20 * TIME_MICROSECOND;
	setup->ttl[ACTOR_SERVER] = setup->ttl[ACTOR_CLIENT];
	use_family(setup, setup->family == FAMILY_IPV6);
	return 0;
}

/* clang-format off */
static const struct setting settings[] = {
	{ "addresses", set_addresses },
	{ "ports",     set_ports },
	{ "isn",       set_isn },
	{ "rtt",       set_round_trip },
	{ "vlan",      set_vlan },
	{ "ipv6",      set_ipv6 },
	{ "loopback",  set_loopback },
	{ "udp",       set_udp },
	{ "link",      set_link },
};
/* clang-format on */

/* Connection 1 is everybody's model, but two clients cannot share a port. */
static void start_conversation(struct story *story, size_t index)
{
	struct conversation *talk = &story->talks[index];

	talk->setup = index == 0 ? setup_usual() : story->talks[0].setup;
	talk->setup.port[ACTOR_CLIENT] += (uint16_t)index;
	for (int side = 0; side < 2 && story->options != NULL; side++)
		talk->shift[side] = story->options->shift[side];
	story->has_started[index] = true;
}

static int turn_to(struct story *story)
{
	struct word number = story->reader.word;
	uint32_t label;

	number.length--;
	if (!word_number(&number, STORY_CONNECTIONS_MAX, &label) || label == 0)
		return reader_refuse(&story->reader, "connections are numbered from 1 to 32");
	story->current = label - 1;
	if (!story->has_started[story->current])
		start_conversation(story, story->current);
	return 0;
}

static int set_time(struct story *story)
{
	int64_t span;

	if (read_seconds(story, &span) < 0)
		return -1;
	if (story->now - STORY_START > STORY_SPAN_MAX - span)
		return reader_refuse(&story->reader, "the story is longer than ten years");
	story->now += span;
	story->is_timed = true;
	return 0;
}

static int set_setting(struct story *story)
{
	struct conversation *talk = &story->talks[story->current];

	for (size_t i = 0; i < COUNT(settings); i++) {
		if (!word_is(&story->reader.word, settings[i].word))
			continue;
		if (talk->has_begun)
			return reader_refuse(&story->reader, "the connection has begun");
		if (settings[i].set(story, &talk->setup) < 0)
			return -1;
		if (reader_word(&story->reader))
			return reader_refuse(&story->reader, "one word too many");
		return 0;
	}
	return reader_refuse(&story->reader, "neither an actor nor a setting");
}

static int show_frame(struct story *story, const struct segment *segment)
{
	struct frame frame = { .bytes = story->bytes,
		               .time = story->now,
		               .link_type = story->link_type };

	frame.captured = (uint32_t)encode(segment, story->link_type, story->payload, story->bytes,
	                                  sizeof(story->bytes), &frame.length);
	if (frame.captured == 0) {
		error_set(story->reader.err, "line %d: this link type cannot carry the segment",
		          story->reader.line);
		return -1;
	}
	frame.number = ++story->frames;
	story->visit(story->context, &frame);
	return 0;
}

static int say(struct story *story, enum actor actor)
{
	struct conversation *talk = &story->talks[story->current];
	struct segment segment;
	struct line line;
	const char *objection;

	if (line_read(&story->reader, actor, &line) < 0)
		return -1;
	objection = conversation_objects(talk, &line);
	if (objection != NULL)
		return reader_refuse(&story->reader, objection);
	if (!story->is_timed)
		story->now = conversation_due(talk, &line, story->now);
	conversation_say(talk, &line, story->now, &segment, story->payload);
	return line_has(&line, MARK_UNSEEN) ? 0 : show_frame(story, &segment);
}

/* Label, time, then who speaks or what is set; each of them may be missing. */
static int play_line(struct story *story)
{
	struct reader *reader = &story->reader;
	enum actor actor;

	if (!reader_word(reader))
		return 0;
	if (reader->word.start[reader->word.length - 1] == ':') {
		if (turn_to(story) < 0)
			return -1;
		if (!reader_word(reader))
			return 0;
	}
	story->is_timed = false;
	if (reader->word.start[0] == '+') {
		if (set_time(story) < 0)
			return -1;
		if (!reader_word(reader))
			return 0;
	}
	actor = actor_named(&reader->word);
	return actor < ACTOR_COUNT ? say(story, actor) : set_setting(story);
}

int story_play(const char *text, const struct story_options *options, frame_visitor *visit,
               void *context, struct error *err)
{
	struct story story = {
		.options = options,
		.visit = visit,
		.context = context,
		.now = STORY_START,
		.link_type = LINK_ETHERNET,
	};

	story.reader = reader_over(text, err);
	start_conversation(&story, 0);
	while (reader_line(&story.reader))
		if (play_line(&story) < 0)
			return -1;
	return 0;
}
