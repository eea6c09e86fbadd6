/* fragments.c: IP datagrams put together from their fragments (RFC 791 section 3.2, RFC 8200 section 4.5). */

/*
 * Hosts differ where fragments of IPv4 overlap: the old BSD way, lower offsets
 * win; Linux since 4.20 drops the datagram. Here what came first stays, which
 * leaves lengths the same either way. With IPv6 the datagram is dropped, as RFC 5722
 * asks; a fragment that says again what is known is only a copy.
 *
 * Snaplen may have cut a fragment. Its length is certain all the same, so the
 * datagram is put together, and captured as far as the first cut.
 */

#include "packet/fragments.h"

#include <string.h>

#include "base/time.h"
#include "layer.h"

enum {
	UNIT = 8, /* offsets count these */
	DATAGRAM_MAX = 65536,
	UNITS_MAX = DATAGRAM_MAX / UNIT,
	WORD_BITS = 64,
	SLOT_NONE = 0, /* slots are numbered from 1 */
	SLOTS_LEAST = 2,
};

#define WAIT_MAX (30 * TIME_SECOND)

/* Hashed, so every byte of it counts. */
struct identity {
	struct address source;
	struct address destination;
	uint32_t id;
	uint32_t tunnel;
	uint16_t vlan;
	uint8_t family;
	uint8_t key;
};

static_assert(sizeof(struct identity) == 44, "no padding, which would be hashed");

struct slot {
	struct identity identity;
	int64_t started;
	uint32_t next; /* in its bucket, or among the free */
	uint32_t older, newer;
	uint32_t frames;
	uint32_t total;   /* bytes, once the last fragment is here; else 0 */
	uint32_t reach;   /* where the furthest fragment ends */
	uint32_t known;   /* bytes from the beginning, up to the first that was not captured */
	uint32_t units;   /* that are here */
	uint8_t protocol; /* what the first fragment says follows */
	bool spoiled;     /* IPv6 fragments overlapped */
	uint64_t here[UNITS_MAX / WORD_BITS];
	uint8_t bytes[DATAGRAM_MAX];
};

struct fragments {
	struct hash_key key;
	uint64_t completed;
	uint64_t abandoned;
	uint32_t count;
	uint32_t used; /* slots that were touched: the rest is as it was lent */
	uint32_t free;
	uint32_t oldest, newest;
	uint32_t held;       /* the slot whose bytes are lent to the last datagram's reader */
	struct slot slots[]; /* then the buckets, one for each */
};

static struct slot *slot_at(struct fragments *fragments, uint32_t number)
{
	return &fragments->slots[number - 1];
}

static uint32_t *buckets(struct fragments *fragments)
{
	return (uint32_t *)&fragments->slots[fragments->count];
}

static uint32_t *bucket_of(struct fragments *fragments, const struct identity *identity)
{
	uint64_t hash = hash_bytes(&fragments->key, identity, sizeof(*identity));

	return buckets(fragments) + hash % fragments->count;
}

static void unlink_slot(struct fragments *fragments, uint32_t number)
{
	struct slot *slot = slot_at(fragments, number);
	uint32_t *link = bucket_of(fragments, &slot->identity);

	while (*link != number)
		link = &slot_at(fragments, *link)->next;
	*link = slot->next;
	if (slot->older != SLOT_NONE)
		slot_at(fragments, slot->older)->newer = slot->newer;
	else
		fragments->oldest = slot->newer;
	if (slot->newer != SLOT_NONE)
		slot_at(fragments, slot->newer)->older = slot->older;
	else
		fragments->newest = slot->older;
}

static void free_slot(struct fragments *fragments, uint32_t number)
{
	slot_at(fragments, number)->next = fragments->free;
	fragments->free = number;
}

/* Its frames were thought to be of use. */
static void abandon(struct decoder *decoder, uint32_t number)
{
	struct fragments *fragments = decoder->fragments;
	uint64_t frames = slot_at(fragments, number)->frames;

	if (frames > decoder->verdicts[VERDICT_FRAGMENT])
		frames = decoder->verdicts[VERDICT_FRAGMENT];
	decoder->verdicts[VERDICT_FRAGMENT] -= frames;
	decoder->verdicts[VERDICT_FRAGMENT_LOST] += frames;
	fragments->abandoned++;
	unlink_slot(fragments, number);
	free_slot(fragments, number);
}

static void expire(struct decoder *decoder, int64_t now)
{
	struct fragments *fragments = decoder->fragments;

	while (fragments->oldest != SLOT_NONE &&
	       time_between(slot_at(fragments, fragments->oldest)->started, now) > WAIT_MAX)
		abandon(decoder, fragments->oldest);
}

static uint32_t take_slot(struct decoder *decoder)
{
	struct fragments *fragments = decoder->fragments;
	uint32_t number;

	if (fragments->free == SLOT_NONE && fragments->used < fragments->count)
		return ++fragments->used;
	if (fragments->free == SLOT_NONE)
		abandon(decoder, fragments->oldest);
	number = fragments->free;
	fragments->free = slot_at(fragments, number)->next;
	return number;
}

static uint32_t begin_slot(struct decoder *decoder, const struct identity *identity, int64_t now)
{
	struct fragments *fragments = decoder->fragments;
	uint32_t number = take_slot(decoder);
	struct slot *slot = slot_at(fragments, number);
	uint32_t *bucket = bucket_of(fragments, identity);

	memset(slot->here, 0, sizeof(slot->here));
	slot->identity = *identity;
	slot->started = now;
	slot->frames = slot->total = slot->reach = slot->units = 0;
	slot->known = UINT32_MAX;
	slot->spoiled = false;
	slot->next = *bucket;
	*bucket = number;
	slot->newer = SLOT_NONE;
	slot->older = fragments->newest;
	if (slot->older != SLOT_NONE)
		slot_at(fragments, slot->older)->newer = number;
	else
		fragments->oldest = number;
	fragments->newest = number;
	return number;
}

static uint32_t find_slot(struct decoder *decoder, const struct packet *packet,
                          const struct piece *piece)
{
	struct fragments *fragments = decoder->fragments;
	const struct segment *segment = packet->segment;
	struct identity identity;
	uint32_t number;

	memset(&identity, 0, sizeof(identity));
	identity.source = segment->source;
	identity.destination = segment->destination;
	identity.id = piece->id;
	identity.tunnel = segment->tunnel;
	identity.vlan = segment->vlan;
	identity.family = segment->family;
	identity.key = piece->key;
	number = *bucket_of(fragments, &identity);
	while (number != SLOT_NONE &&
	       memcmp(&slot_at(fragments, number)->identity, &identity, sizeof(identity)) != 0)
		number = slot_at(fragments, number)->next;
	return number != SLOT_NONE ? number : begin_slot(decoder, &identity, segment->time);
}

static bool is_here(const struct slot *slot, uint32_t unit)
{
	return slot->here[unit / WORD_BITS] >> unit % WORD_BITS & 1;
}

/* What the fragment covers. */
struct span {
	uint32_t offset;
	uint32_t length;
	uint32_t captured;
	const uint8_t *bytes;
};

/* Keeps what is not here yet, and returns how many units that was. */
static uint32_t keep(struct slot *slot, const struct span *span)
{
	uint32_t before = slot->units;

	for (uint32_t at = 0; at < span->length; at += UNIT) {
		uint32_t unit = (span->offset + at) / UNIT;
		uint32_t captured = at < span->captured ? span->captured - at : 0;

		if (is_here(slot, unit))
			continue;
		slot->here[unit / WORD_BITS] |= UINT64_C(1) << unit % WORD_BITS;
		slot->units++;
		if (captured > 0)
			memcpy(slot->bytes + span->offset + at, span->bytes + at,
			       captured < UNIT ? captured : UNIT);
	}
	if (slot->units > before && span->captured < span->length &&
	    span->offset + span->captured < slot->known)
		slot->known = span->offset + span->captured;
	return slot->units - before;
}

/* Whether the fragment only says again what is here. */
static bool is_copy(const struct slot *slot, const struct span *span)
{
	for (uint32_t at = 0; at < span->length; at += UNIT)
		if (!is_here(slot, (span->offset + at) / UNIT))
			return false;
	return memcmp(slot->bytes + span->offset, span->bytes, span->captured) == 0;
}

static bool overlaps(const struct slot *slot, const struct span *span)
{
	for (uint32_t at = 0; at < span->length; at += UNIT)
		if (is_here(slot, (span->offset + at) / UNIT))
			return true;
	return false;
}

/* Where the datagram ends is said once; a fragment beyond it, or another end, is a lie. */
static bool contradicts(const struct slot *slot, const struct span *span, bool more)
{
	uint32_t end = span->offset + span->length;

	if (slot->total == 0)
		return !more && end < slot->reach;
	return more ? end > slot->total : end != slot->total;
}

/* False: the fragment is impossible by itself. All but the last hold whole units. */
static bool span_read(const struct packet *packet, const struct piece *piece, struct span *span)
{
	const struct cursor *cursor = &packet->cursor;

	span->offset = piece->offset;
	span->length = cursor->length + packet->missing;
	if (piece->more)
		span->length -= span->length % UNIT;
	span->captured = cursor->captured < span->length ? cursor->captured : span->length;
	span->bytes = cursor->head;
	return span->length > 0 && span->length < DATAGRAM_MAX - span->offset;
}

static bool is_whole(const struct slot *slot)
{
	return slot->total > 0 && slot->units == (slot->total + UNIT - 1) / UNIT;
}

/* The reader of the datagram before this one is done: its slot can go. */
static struct next deliver(struct packet *packet, struct fragments *fragments, uint32_t number)
{
	struct slot *slot = slot_at(fragments, number);

	unlink_slot(fragments, number);
	if (fragments->held != SLOT_NONE)
		free_slot(fragments, fragments->held);
	fragments->held = number;
	fragments->completed++;
	packet->missing = 0;
	packet->first_fragment = false;
	packet->lengthless = false;
	packet->cursor = (struct cursor){
		.head = slot->bytes,
		.captured = slot->known < slot->total ? slot->known : slot->total,
		.length = slot->total,
	};
	return protocol_next(slot->protocol);
}

/* False: the fragment is of no use. */
static bool slot_add(struct slot *slot, const struct span *span, const struct piece *piece)
{
	bool is_ipv6 = slot->identity.family == FAMILY_IPV6;

	if (slot->spoiled || contradicts(slot, span, piece->more))
		return false;
	if (is_ipv6 && overlaps(slot, span)) {
		slot->spoiled = !is_copy(slot, span);
		return !slot->spoiled;
	}
	if (keep(slot, span) > 0 && piece->offset == 0)
		slot->protocol = piece->protocol;
	if (span->offset + span->length > slot->reach)
		slot->reach = span->offset + span->length;
	if (!piece->more)
		slot->total = span->offset + span->length;
	return true;
}

bool fragments_wanted(const struct packet *packet)
{
	return packet->decoder && packet->decoder->fragments && !packet->quoted;
}

struct next fragments_take(struct packet *packet, const struct piece *piece)
{
	struct decoder *decoder = packet->decoder;
	struct span span;
	uint32_t number;
	struct slot *slot;

	expire(decoder, packet->segment->time);
	if (!span_read(packet, piece, &span))
		return end_with(VERDICT_IP_BAD);
	number = find_slot(decoder, packet, piece);
	slot = slot_at(decoder->fragments, number);
	if (!slot_add(slot, &span, piece))
		return end_with(VERDICT_FRAGMENT_LOST);
	if (is_whole(slot))
		return deliver(packet, decoder->fragments, number);
	slot->frames++;
	return end_with(VERDICT_FRAGMENT);
}

size_t fragments_size(uint32_t datagrams)
{
	return sizeof(struct fragments) +
	       (size_t)datagrams * (sizeof(struct slot) + sizeof(uint32_t));
}

struct fragments *fragments_start(void *storage, size_t size, const struct hash_key *key)
{
	struct fragments *fragments = storage;
	size_t count;

	if (size < fragments_size(SLOTS_LEAST))
		return NULL;
	count = (size - sizeof(*fragments)) / (sizeof(struct slot) + sizeof(uint32_t));
	memset(fragments, 0, sizeof(*fragments));
	fragments->key = *key;
	fragments->count = count < UINT32_MAX ? (uint32_t)count : UINT32_MAX;
	memset(buckets(fragments), 0, fragments->count * sizeof(uint32_t));
	return fragments;
}

uint64_t fragments_completed(const struct fragments *fragments)
{
	return fragments->completed;
}

uint64_t fragments_abandoned(const struct fragments *fragments)
{
	return fragments->abandoned;
}

void decoder_finish(struct decoder *decoder)
{
	if (!decoder->fragments)
		return;
	while (decoder->fragments->oldest != SLOT_NONE)
		abandon(decoder, decoder->fragments->oldest);
}
