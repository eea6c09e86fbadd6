/* ways.c: what follows from the way that a connection went, and what did before. */

#include "report/ways.h"

#include <assert.h>

#include "diagnose/finding.h"
#include "report/put.h"

static_assert(sizeof(struct endpoint) == 16, "two ends are compared as words");

static uint32_t mark(bool is_so, int bit)
{
	return (uint32_t)is_so << bit;
}

/* Whatever opening, closing or outcome look at. */
static uint32_t marks_of(const struct flow *flow)
{
	const struct sending *client = &flow->sent[CLIENT], *server = &flow->sent[SERVER];

	return mark(flow->self_connected, 0) | mark(flow->simultaneous_open, 1) |
	       mark(server->has_syn, 2) | mark(flow->reset.frame != 0, 3) |
	       mark(flow->reset_side == CLIENT, 4) | mark(client->has_fin, 5) |
	       mark(server->has_fin, 6) | mark(client->fin_acked_peers, 7) |
	       mark(server->fin_acked_peers, 8) | mark(flow->fin[CLIENT].frame != 0, 9) |
	       mark(flow->fin[SERVER].frame != 0, 10) |
	       mark(flow->fin_acked[CLIENT].frame != 0, 11) |
	       mark(flow->fin_acked[SERVER].frame != 0, 12) | (uint32_t)flow->first_close << 13;
}

static struct way_signs signs_of(const struct flow *flow)
{
	return (struct way_signs){
		.ends = { flow->ends[CLIENT], flow->ends[SERVER] },
		.marks = marks_of(flow),
	};
}

static uint64_t differences(const struct endpoint *one, const struct endpoint *other)
{
	uint64_t words[2], others[2];

	memcpy(words, one, sizeof(words));
	memcpy(others, other, sizeof(others));
	return (words[0] ^ others[0]) | (words[1] ^ others[1]);
}

static bool are_equal(const struct way_signs *one, const struct way_signs *other)
{
	return (differences(&one->ends[CLIENT], &other->ends[CLIENT]) |
	        differences(&one->ends[SERVER], &other->ends[SERVER]) |
	        (one->marks ^ other->marks)) == 0;
}

/* Fibonacci hashing: what is odd about a way is odd about its evidence. */
static unsigned row_of(const struct way_signs *signs)
{
	uint64_t evidence = signs->ends[CLIENT].evidence ^ signs->ends[SERVER].evidence << 7;

	return (unsigned)((evidence ^ signs->marks) * UINT64_C(0x9e3779b97f4a7c15) >> 58);
}

static_assert(WAYS_KEPT == 1 << (64 - 58), "the hash reaches every row");

static struct way_word word_of(const char *letters)
{
	struct way_word word = { .length = (uint8_t)strlen(letters) };

	assert(word.length <= WAY_WORD_MAX);
	memcpy(word.letters, letters, word.length);
	return word;
}

static void walk(const struct endpoint *end, struct way_path *walked)
{
	enum tcp_state path[PATH_MAX_STATES];
	int count = endpoint_path(end, path);
	char *at = walked->bytes;

	*at++ = '[';
	for (int i = 0; i < count; i++) {
		at = put_word(put(at, i > 0 ? ",\"" : "\""), state_name(path[i]));
		*at++ = '"';
	}
	*at++ = ']';
	assert(at - walked->bytes <= WAY_PATH_MAX);
	walked->length = (uint8_t)(at - walked->bytes);
}

static void tell(struct way *way, const struct flow *flow, const struct way_signs *signs)
{
	way->signs = *signs;
	for (int side = CLIENT; side <= SERVER; side++) {
		way->is_presumed[side] = flow_state_is_presumed(flow, (enum side)side);
		way->states[side] = word_of(state_name(flow_state(flow, (enum side)side)));
		walk(flow_end(flow, (enum side)side), &way->paths[side]);
	}
	way->opening = word_of(opening_name(flow_opening(flow)));
	way->closing = word_of(closing_name(flow_closing(flow)));
	way->outcome = word_of(flow_outcome(flow));
}

const struct way *way_of(struct ways *ways, const struct flow *flow, struct way *room)
{
	struct way_signs signs = signs_of(flow);
	struct way *way = ways ? &ways->rows[row_of(&signs)] : room;

	if (!ways || way->paths[CLIENT].length == 0 || !are_equal(&way->signs, &signs))
		tell(way, flow, &signs);
	return way;
}
