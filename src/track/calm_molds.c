/* calm_molds.c: one flow for each phase, made by the rules of a conversation that gets so far. */

#include "track/calm.h"

#include <assert.h>

size_t calm_molds_size(void)
{
	return CALM_PHASES * sizeof(struct flow);
}

size_t calm_notes_size(void)
{
	return CALM_PHASES * sizeof(struct calm_note);
}

/* Who speaks, and how far a conversation is once it has. */
struct utterance {
	enum side from;
	unsigned flags;
	uint8_t seq, ack; /* since the initial numbers */
	uint8_t payload;
	enum calm_phase phase;
};

/* clang-format off */
static const struct utterance opening[] = {
	{ CLIENT, TCP_SYN,           0, 0, 0, CALM_ASKED },
	{ SERVER, TCP_SYN | TCP_ACK, 0, 1, 0, CALM_ANSWERED },
	{ CLIENT, TCP_ACK,           1, 1, 0, CALM_OPEN },
	{ SERVER, TCP_ACK,           1, 1, 1, CALM_TALK },
};
static const struct utterance client_ends[] = {
	{ CLIENT, TCP_FIN | TCP_ACK, 1, 2, 0, CALM_CLIENT_ENDS },
	{ SERVER, TCP_ACK,           2, 2, 0, CALM_CLIENT_ENDED },
	{ SERVER, TCP_FIN | TCP_ACK, 2, 2, 0, CALM_SERVER_LEAVES },
	{ CLIENT, TCP_ACK,           2, 3, 0, CALM_CLIENT_LAST },
};
static const struct utterance server_ends[] = {
	{ SERVER, TCP_FIN | TCP_ACK, 2, 1, 0, CALM_SERVER_ENDS },
	{ CLIENT, TCP_ACK,           1, 3, 0, CALM_SERVER_ENDED },
	{ CLIENT, TCP_FIN | TCP_ACK, 1, 3, 0, CALM_CLIENT_LEAVES },
	{ SERVER, TCP_ACK,           3, 2, 0, CALM_SERVER_LAST },
};
static const struct utterance client_resets[] = {
	{ CLIENT, TCP_RST,           1, 0, 0, CALM_CLIENT_RESETS },
};
static const struct utterance server_resets[] = {
	{ SERVER, TCP_RST,           2, 0, 0, CALM_SERVER_RESETS },
};
static const struct utterance refusal[] = {
	{ CLIENT, TCP_SYN,           0, 0, 0, CALM_ASKED },
	{ SERVER, TCP_RST | TCP_ACK, 0, 1, 0, CALM_REFUSED },
};

/* Each is played from its beginning, or goes on where the opening ends. */
static const struct ending {
	const struct utterance *lines;
	size_t count;
	bool is_opened;
} endings[] = {
	{ client_ends,   4, true },
	{ server_ends,   4, true },
	{ client_resets, 1, true },
	{ server_resets, 1, true },
	{ refusal,       2, false },
};
/* clang-format on */

enum { OPENING = sizeof(opening) / sizeof(opening[0]) };

static struct segment spoken(const struct utterance *said, uint64_t frame)
{
	struct segment segment = {
		.kind = SEGMENT_TCP,
		.family = FAMILY_IPV4,
		.frame = frame,
		.time = (int64_t)frame,
		.flags = (uint16_t)said->flags,
		.seq = said->seq,
		.ack = said->ack,
		.payload = said->payload,
		.captured = said->payload,
		.window = 8,
		.source_port = said->from == CLIENT ? 1 : 2,
		.destination_port = said->from == CLIENT ? 2 : 1,
	};

	return segment;
}

static void play(struct tracker *tracker, const struct utterance *lines, size_t count,
                 uint64_t frame, struct flow *molds)
{
	for (size_t i = 0; i < count; i++) {
		struct segment segment = spoken(&lines[i], frame + i);

		tracker_feed(tracker, &segment, 1);
		molds[lines[i].phase] = *tracker_next(tracker, NULL);
		assert(molds[lines[i].phase].aside == 0);
	}
}

static bool molds_make(struct flow *molds, struct error *err)
{
	struct tracker_options options = tracker_defaults();

	options.max_flows = 1;
	options.unpacked = true;
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		const struct ending *ending = &endings[i];
		struct tracker *tracker = tracker_new(&options, err);

		if (!tracker)
			return false;
		if (ending->is_opened)
			play(tracker, opening, OPENING, 1, molds);
		play(tracker, ending->lines, ending->count, OPENING + 1, molds);
		tracker_free(tracker);
	}
	return true;
}

static void notes_make(const struct flow *molds, struct calm_note *notes)
{
	for (int phase = CALM_ASKED; phase < CALM_PHASES; phase++) {
		const struct flow *mold = &molds[phase];

		notes[phase] = (struct calm_note){
			.timeout = (uint8_t)timers_timeout(mold),
			.opening = (uint8_t)flow_opening(mold),
			.closing = (uint8_t)flow_closing(mold),
			.is_established = place_is_established(mold),
		};
	}
}

bool calm_prepare(struct tracker *tracker, struct error *err)
{
	if (!molds_make(tracker->molds, err))
		return false;
	notes_make(tracker->molds, tracker->calm_notes);
	return true;
}
