/* calm_seed.c: a connection that only asked: its first line is enough until somebody answers. */

/*
 * A flood or a scan leaves nothing but SYNs, and memory that was never used before is dear: the kernel
 * clears it. So a SYN is kept in the first of a calm connection's lines, in a pool apart. The
 * others are made of it as soon as anything else comes. What has IPv6 addresses or
 * predecessors has all its lines from the beginning.
 */

#include "track/calm.h"

#include <stddef.h>

static_assert(offsetof(struct calm, ends) == SEED_SIZE, "a seed is the first line");

struct calm *calm_sow(struct tracker *tracker, uint32_t number)
{
	struct slot *slot = &tracker->slots[number];
	uint32_t place = pool_take(&tracker->seeds);
	struct calm *calm = pool_at(&tracker->seeds, place);

	slot->place = place | SEED_PLACE;
	slot->is_packed = slot->is_calm = slot->is_whole = true;
	table_note_calm(tracker, number);
	memset(calm, 0, SEED_SIZE);
	calm->has = IS_SEED;
	return calm;
}

/* What a SYN or SYN-ACK says of its end, `time` after the connection's start. */
void calm_begin(struct calm *calm, enum side side, const struct calm_syn *syn, uint64_t time)
{
	struct calm_end *end = &calm->ends[side];
	struct calm_stream *stream = &calm->streams[side];

	calm->iss[side] = syn->seq;
	calm->mss[side] = syn->mss;
	calm->ttl[side] = syn->ttl;
	calm->syn_options[side] = syn->options;
	calm->window_scale[side] = syn->window_scale;
	end->next = syn->seq + 1;
	end->packets = 1;
	end->heard.time = end->said.time = time & MOMENT_TIME_MASK;
	end->heard.window = syn->window;
	end->heard.is = syn->is_offloaded ? IS_OFFLOADED : 0;
	stream->window_most = syn->window;
	if (syn->has_stamp)
		calm_stamp_start(stream, syn->stamp, time);
	if (side == CLIENT && syn->has_stamp)
		calm->has |= HAS_STAMP_OF_SYN;
	calm_letter_once(calm, side, CALM_S);
}

/* All lines, of which nothing is known yet but what the first one says. */
static void grow(struct calm *calm, const struct calm *seed)
{
	memcpy(calm, seed, offsetof(struct calm, syn));
	calm->has = 0;
	calm->id = seed->id;
	calm->stream = seed->stream;
	calm_begin(calm, CLIENT, &seed->syn, 0);
}

struct calm *calm_grow(struct tracker *tracker, uint32_t number)
{
	struct calm *seed = calm_of(tracker, number), *calm;

	if (!(seed->has & IS_SEED))
		return seed;
	calm = calm_new(tracker, number);
	grow(calm, seed);
	pool_give_back(&tracker->seeds, seed);
	return calm;
}

/* To be looked at: in the record that is nobody's. */
struct calm *calm_grown(const struct tracker *tracker, const struct calm *seed)
{
	struct calm *calm = calm_at(tracker, NONE);

	memset(calm, 0, sizeof(*calm));
	grow(calm, seed);
	return calm;
}
