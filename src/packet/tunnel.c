/* tunnel.c: the tunnels that were met, each once, and where a packet is inside of them. */

#include "packet/tunnel.h"

#include <assert.h>
#include <string.h>

#include "layer.h"

/* Among how many of the latest tunnels the other direction of one is looked for. */
enum { LATEST_MAX = 16 };

/* Bits for the directions; which is which does not matter. */
enum { WAYS_BOTH = 3 };

/* The rows that every table has: 0 stands for no tunnel. */
enum { ROW_NONE, ROW_OTHER, ROWS_FIXED };

struct tunnels {
	struct hash_key key;
	uint64_t crowded;
	uint32_t capacity;
	uint32_t count; /* rows in use, the fixed ones too */
	uint32_t last;  /* row of the last packet: the next is often in the same */
	uint32_t latest_count;
	uint32_t latest[LATEST_MAX]; /* rows with a key, in the order they were made */
	struct tunnel rows[];
};

/* What makes one tunnel differ from another; hashed, so every byte of it counts. */
struct identity {
	struct address address[2];
	uint32_t key;
	uint32_t parent;
	uint8_t kind;
	uint8_t family;
	uint8_t has_key;
	uint8_t zero;
};

static_assert(sizeof(struct identity) == 44, "no padding, which would be hashed");

/* Any relay may carry the answer (RFC 3068, RFC 4380), so the outer addresses tell nothing. */
static bool is_relayed(uint8_t kind)
{
	return kind == TUNNEL_SIX_TO_FOUR || kind == TUNNEL_TEREDO;
}

/* Returns the direction. */
static uint8_t sort_addresses(struct address *sorted, const struct segment *segment)
{
	bool swap = address_compare(&segment->source, &segment->destination) > 0;

	sorted[swap] = segment->source;
	sorted[!swap] = segment->destination;
	return swap ? 2 : 1;
}

/* A mirror's copies come from whoever saw the packet, but all go to one place. */
static void set_place(struct identity *identity, const struct segment *segment)
{
	if (is_relayed(identity->kind))
		return;
	if (identity->kind == TUNNEL_ERSPAN)
		identity->address[1] = segment->destination;
	else
		sort_addresses(identity->address, segment);
}

static bool same_place(const struct tunnel *row, const struct identity *identity)
{
	if (is_relayed(row->kind))
		return true;
	return address_equal(&row->address[1], &identity->address[1]) &&
	       (row->kind == TUNNEL_ERSPAN ||
	        address_equal(&row->address[0], &identity->address[0]));
}

static bool row_is(const struct tunnel *row, const struct identity *identity)
{
	return row->kind == identity->kind && row->family == identity->family &&
	       row->has_key == identity->has_key && row->key == identity->key &&
	       row->parent == identity->parent && same_place(row, identity);
}

static uint32_t row_add(struct tunnels *tunnels, uint32_t bucket, const struct identity *identity,
                        const struct segment *segment)
{
	struct tunnel *row = &tunnels->rows[tunnels->count];
	uint32_t head = row->head;

	*row = (struct tunnel){
		.parent = identity->parent,
		.key = identity->key,
		.next = tunnels->rows[bucket].head,
		.head = head,
		.kind = identity->kind,
		.family = identity->family,
		.has_key = identity->has_key,
	};
	row->address[0] = segment->source;
	row->address[1] = segment->destination;
	if (row->kind != TUNNEL_ERSPAN)
		sort_addresses(row->address, segment);
	if (row->has_key)
		tunnels->latest[tunnels->latest_count++ % LATEST_MAX] = tunnels->count;
	tunnels->rows[bucket].head = tunnels->count;
	return tunnels->count++;
}

/* Returns the number of the row, which is made if need be. */
static uint32_t row_find(struct tunnels *tunnels, const struct identity *identity,
                         const struct segment *segment)
{
	uint32_t bucket;
	uint32_t number;

	if (row_is(&tunnels->rows[tunnels->last], identity))
		return tunnels->last;
	bucket = (uint32_t)(hash_bytes(&tunnels->key, identity, sizeof(*identity)) %
	                    tunnels->capacity);
	number = tunnels->rows[bucket].head;
	while (number != ROW_NONE && !row_is(&tunnels->rows[number], identity))
		number = tunnels->rows[number].next;
	if (number != ROW_NONE)
		return number;
	if (tunnels->count < tunnels->capacity)
		return row_add(tunnels, bucket, identity, segment);
	tunnels->crowded++;
	return ROW_OTHER;
}

static void keep_id(struct tunnel *row, uint32_t id)
{
	for (uint8_t i = 0; i < row->id_count; i++)
		if (row->id[i] == id)
			return;
	if (row->id_count < TUNNEL_IDS)
		row->id[row->id_count++] = id;
}

static uint32_t row_meet(struct tunnels *tunnels, const struct segment *segment,
                         const struct tunnel_mark *mark)
{
	struct address sorted[2];
	struct identity identity;
	struct tunnel *row;

	memset(&identity, 0, sizeof(identity));
	identity.kind = mark->kind;
	identity.family = segment->family;
	identity.parent = segment->tunnel;
	identity.has_key = mark->has_key;
	identity.key = mark->has_key ? mark->key : 0;
	set_place(&identity, segment);

	tunnels->last = row_find(tunnels, &identity, segment);
	row = &tunnels->rows[tunnels->last];
	row->ways |= sort_addresses(sorted, segment);
	if (row->same_as != ROW_NONE)
		row = &tunnels->rows[row->same_as];
	row->frames++;
	if (mark->has_id && row->kind != TUNNEL_OTHER)
		keep_id(row, mark->id);
	return (uint32_t)(row - tunnels->rows);
}

struct next tunnel_enter(struct packet *packet, struct tunnel_mark mark, layer_function *layer)
{
	struct tunnels *tunnels = packet->decoder ? packet->decoder->tunnels : NULL;

	if (++packet->tunnels > TUNNEL_DEPTH_MAX)
		return end_with(VERDICT_TOO_DEEP);
	if (tunnels)
		packet->segment->tunnel = row_meet(tunnels, packet->segment, &mark);
	return next_is(layer);
}

static uint32_t flow_hash(const struct tunnels *tunnels, const struct segment *segment)
{
	struct {
		struct address address[2];
		uint16_t port[2];
	} flow;
	bool swap = sort_addresses(flow.address, segment) == 2;

	flow.port[swap] = segment->source_port;
	flow.port[!swap] = segment->destination_port;
	return (uint32_t)hash_bytes(&tunnels->key, &flow, sizeof(flow));
}

static bool row_holds(const struct tunnel *row, uint32_t flow)
{
	for (unsigned i = 0; i < row->flow_count && i < TUNNEL_FLOWS; i++)
		if (row->flows[i] == flow)
			return true;
	return false;
}

static void row_remember(struct tunnel *row, uint32_t flow)
{
	if (row_holds(row, flow))
		return;
	row->flows[row->flow_count % TUNNEL_FLOWS] = flow;
	if (++row->flow_count == 2 * TUNNEL_FLOWS)
		row->flow_count = TUNNEL_FLOWS;
}

/* The same ends and kind, seen in the other direction only. */
static bool is_opposite(const struct tunnel *a, const struct tunnel *b)
{
	return a->ways + b->ways == WAYS_BOTH && a->kind == b->kind && a->family == b->family &&
	       a->parent == b->parent && address_equal(&a->address[0], &b->address[0]) &&
	       address_equal(&a->address[1], &b->address[1]);
}

static void join(struct tunnel *row, struct tunnel *other, uint32_t number)
{
	row->same_as = number;
	other->ways = WAYS_BOTH;
	other->other_key = row->key;
	other->has_other_key = true;
	other->frames += row->frames;
}

void tunnel_settle(struct tunnels *tunnels, struct segment *segment)
{
	struct tunnel *row;
	uint32_t flow;

	if (!tunnels)
		return;
	row = &tunnels->rows[segment->tunnel];
	if (!row->has_key || row->ways == WAYS_BOTH)
		return;
	flow = flow_hash(tunnels, segment);
	for (unsigned i = 0; i < tunnels->latest_count && i < LATEST_MAX; i++) {
		uint32_t number = tunnels->latest[i];

		if (is_opposite(row, &tunnels->rows[number]) &&
		    row_holds(&tunnels->rows[number], flow)) {
			join(row, &tunnels->rows[number], number);
			segment->tunnel = number;
			return;
		}
	}
	row_remember(row, flow);
}

size_t tunnels_size(uint32_t rows)
{
	return sizeof(struct tunnels) + ((size_t)rows + ROWS_FIXED) * sizeof(struct tunnel);
}

struct tunnels *tunnels_start(void *storage, size_t size, const struct hash_key *key)
{
	struct tunnels *tunnels = storage;
	size_t rows;

	if (size < tunnels_size(0))
		return NULL;
	rows = (size - sizeof(*tunnels)) / sizeof(struct tunnel);
	if (rows > UINT32_MAX)
		rows = UINT32_MAX;
	memset(tunnels, 0, sizeof(*tunnels) + rows * sizeof(struct tunnel));
	tunnels->key = *key;
	tunnels->capacity = (uint32_t)rows;
	tunnels->count = ROWS_FIXED;
	tunnels->last = ROW_OTHER;
	tunnels->rows[ROW_OTHER].kind = TUNNEL_OTHER;
	return tunnels;
}

uint32_t tunnels_count(const struct tunnels *tunnels)
{
	return tunnels->count - 1;
}

const struct tunnel *tunnels_row(const struct tunnels *tunnels, uint32_t number)
{
	return number != ROW_NONE && number < tunnels->count ? &tunnels->rows[number] : NULL;
}

uint64_t tunnels_crowded(const struct tunnels *tunnels)
{
	return tunnels->crowded;
}
