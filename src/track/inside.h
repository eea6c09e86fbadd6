/* inside.h: the tracker's own memory, shared by the rooms of this layer only. */
#ifndef TRACK_INSIDE_H
#define TRACK_INSIDE_H

#include <assert.h>

#include "base/time.h"
#include "track/tracker.h"

/* Index 0 of every array means none. */
enum { NONE = 0 };

/* What a flow waits for; one queue each. The order is that of eviction: the least useful first. */
enum timeout {
	TIMEOUT_KEPT,     /* nothing: it is only remembered */
	TIMEOUT_ENDED,    /* the end of TIME_WAIT */
	TIMEOUT_LINGER,   /* silence after both ends are done */
	TIMEOUT_DATAGRAM, /* silence of a UDP conversation */
	TIMEOUT_OPENING,  /* the rest of its handshake */
	TIMEOUT_CLOSING,  /* the other end's FIN */
	TIMEOUT_OPEN,     /* nothing: an idle connection is only called idle */
	TIMEOUT_COUNT
};

/* Flows in the order in which they came: see line.c. */
struct line {
	uint32_t *numbers;   /* NONE: whoever stood here is gone */
	uint32_t size;       /* of the array, as far as it is in use: a power of two */
	uint32_t head, tail; /* positions of the first, and behind the last: the array is a ring */
	uint32_t count;
};

enum { ORDER = TIMEOUT_COUNT, LINES };
enum { IN_QUEUE, IN_ORDER };

/* A SYN inside a connection that seems alive, kept until the peer's answer says what it was. */
struct suspect {
	struct segment segment;
	uint64_t stream;
	uint32_t flow;
};

struct trail;
struct range;
struct chunk;
struct calm;

/* What a calm flow in some phase is to the queues and the totals. */
struct calm_note {
	uint8_t timeout;        /* enum timeout */
	uint8_t opening;        /* enum opening */
	uint8_t closing;        /* enum closing */
	bool is_established;
};

/*
 * What is known of a flow without looking at it, and where it is. Its number stays the same
 * as long as the tracker remembers it, wherever the rest of it goes. What every segment asks comes
 * first.
 */
enum { SLOT_WORD = 15 };

struct slot {
	uint32_t hash_next;
	uint32_t hash;
	uint32_t place;         /* of its flow; calm: of that; folded: of that; or of its first chunk */
	uint8_t timeout;        /* enum timeout: which queue it waits in */
	bool is_packed : 1;
	bool is_calm : 1;       /* packed as a struct calm... */
	bool is_folded : 1;     /* ...which is over, and in fewer bytes still */
	bool is_settled : 1;    /* packed, and nothing but its queue decides when it goes */
	bool is_established : 1; /* packed with an end in ESTABLISHED or CLOSE_WAIT */
	bool is_udp : 1;
	bool is_whole : 1;      /* packed, and nothing of it is missing */
	bool is_ended : 1;      /* packed while it was live, and counted as ended since */
	bool ends_plainly : 1;  /* packed: nothing expires before TIME_WAIT does, since `queued` */
	uint8_t opening : 4;    /* packed: enum opening... */
	uint8_t closing : 4;    /* ...and enum closing, as they would be counted now */
	uint32_t positions[2];  /* IN_QUEUE: of its timeout; IN_ORDER: of opening */
	int64_t queued;         /* packed and only remembered: since when it is */
};

static_assert(sizeof(struct slot) == 32, "two in a cache line");

enum { SEED_SIZE = 64 };

/* The first of those with such a hash, and its struct calm, so that both are known at once. */
struct bucket {
	uint32_t number;
	uint32_t calm; /* NONE: it is not calm */
};

/*
 * What only few flows need: counters that are 0 for all others. Four lines of the cache: what is
 * repeated, and how that was marked, is in the first two.
 */
struct aside {
	uint64_t repeated[2];          /* payload bytes that had been captured before... */
	uint32_t repeated_packets[2];  /* ...and segments that brought them, or a SYN or FIN again */
	uint32_t marks[MARK_COUNT][2];
	uint64_t missed[2];            /* acknowledged, but never captured */
	uint32_t other_syn_ack[2];     /* number of the first SYN-ACK, where there were several */
	bool has_other_syn_ack[2];
};

static_assert(sizeof(struct aside) == 256, "four lines of the cache");

/* Records of one size that few flows need: given out in order, and again when they came back. */
struct pool {
	uint8_t *records; /* 1 to `touched`; the first bytes of a free one are the next one's number */
	size_t size;
	uint32_t touched;
	uint32_t free;
};

/* A packet of late, to recognise it when it was captured twice. */
struct recent {
	int64_t time;
	uint64_t mark; /* TTL in the lowest byte; above it a digest of what copies have in common */
};

enum { RECENTS_EACH = 4 };

/* Those that may lie in one place: a cache line. */
struct recents {
	struct recent ways[RECENTS_EACH];
};

enum { HASH_KEYS = 12 };
enum { CHUNKS_EACH = 16 };
enum { FOLD_UNIT = 4, FOLD_SIZES = 81 };
enum { TIMED_MOST = 64 };
enum { RECENTS_BITS = 10, RECENTS = 1 << RECENTS_BITS, RANGES_MOST = 1 << 20 };
enum { SUSPECTS = 1024, LISTENERS = 16384, LISTENER_SLOTS = 2 * LISTENERS };

/* Filled by whoever handles a segment, told as one event when it is done. */
struct turn {
	const struct segment *segment; /* NULL for timers */
	enum side side;                /* who sent it */
	enum tcp_state before[2];
	uint16_t oddities;
	bool is_repeat;
	uint32_t marks;          /* mark_bit()s */
	uint32_t fresh;          /* of the sequence space it takes, what was not captured before */
	uint32_t duplicate_acks; /* in a row, this one included */
};

struct tracker {
	struct tracker_options options;
	struct tracker_totals totals;
	event_listener *listener;
	void *context;
	uint32_t kinds;
	int64_t now;
	int64_t due;                /* until then no queue need be looked at */
	uint64_t next_id;
	uint64_t next_stream;
	size_t arena_size;

	uint64_t hash_keys[HASH_KEYS];
	struct slot *slots;         /* 1 to max_flows */
	struct bucket *buckets;
	uint32_t bucket_mask;
	uint32_t touched_flows;     /* slots ever used */
	uint32_t free_flow;         /* linked through hash_next */

	struct flow *flows;         /* 1 to max_flows: those that are not packed */
	uint32_t touched_places;
	uint32_t free_place;        /* linked through flow.number */
	uint32_t hand;              /* the place that was looked at last for want of one */
	uint8_t *spared;            /* of each place: how often the hand goes by */
	struct chunk *chunks;       /* 1 to chunk_count */
	uint32_t chunk_count;
	uint32_t touched_chunks;
	uint32_t free_chunk;
	uint32_t free_chunks;       /* how many */

	bool takes_calmly;          /* nobody asks what each segment did */
	bool is_finished;           /* the input was over, and every flow has ended */
	struct pool seeds;          /* first lines of a struct calm: those that only asked */
	struct pool calms;          /* struct calm: those that live share little memory, which is warm */
	uint8_t *folds;             /* those that are over, from FOLD_UNIT on... */
	uint32_t fold_count;        /* ...in so many units */
	uint32_t touched_folds;
	uint32_t free_folds[FOLD_SIZES]; /* by size; linked through their first bytes */
	struct flow *molds;         /* one for each phase of a calm flow... */
	struct calm_note *calm_notes; /* ...and what is to be known of it */

	struct line lines[LINES];   /* a queue for each timeout, and the order of opening */

	struct listener *listeners; /* 1 to LISTENERS, in the order in which they answered */
	uint32_t *listener_slots;   /* numbers, under a part of the hash: see listeners.c */
	uint32_t listener_count;
	struct suspect *suspects;
	uint32_t suspect_count;     /* ever; the ring holds the last SUSPECTS */
	struct recents *recents;
	struct range *ranges;       /* 1 to range_count */
	uint32_t range_count;
	uint32_t touched_ranges;
	uint32_t free_range;        /* linked through next */
	struct pool asides;         /* struct aside */
	struct pool round_trips;    /* struct round_trips, two each */
	struct trail *trails;
	uint32_t trail_count;       /* ever */
};

/* Segments that are fed together, with what was found of each so far. */
struct batch {
	const struct segment *segments;
	size_t count;
	uint64_t hashes[TRACKER_BATCH];
	struct bucket buckets[TRACKER_BATCH]; /* as they were when the next steps began */
};

static inline enum side other_side(enum side side)
{
	return side == CLIENT ? SERVER : CLIENT;
}

/* Whoever receives what `side` sends: on a self-connected socket, the same end. */
static inline enum side receiver_of(const struct flow *flow, enum side side)
{
	return flow->self_connected ? side : other_side(side);
}

/* line.c */
size_t line_size(uint32_t flows); /* bytes, of so many flows at most */
void line_append(struct tracker *tracker, struct line *line, uint32_t number);
void line_leave(struct tracker *tracker, struct line *line, uint32_t number);
uint32_t line_at(const struct line *line, uint32_t ahead); /* how many behind the first */
uint32_t line_next(const struct tracker *tracker, const struct line *line, uint32_t number);

static inline uint32_t line_first(const struct line *line)
{
	return line->head == line->tail ? NONE : line->numbers[line->head & (line->size - 1)];
}

/* table.c: finding flows and giving them room. */
void table_seed(struct tracker *tracker);
uint64_t table_hash(const struct tracker *tracker, const struct segment *segment);
uint32_t table_hash_end(const struct tracker *tracker, const struct address *address,
                        uint16_t port);
void table_prefetch_bucket(const struct tracker *tracker, uint64_t hash);
struct flow *table_find(struct tracker *tracker, const struct segment *segment, uint64_t hash,
                        enum side *side);
uint32_t table_enter(struct tracker *tracker, uint64_t hash, bool is_udp);
struct flow *table_open(struct tracker *tracker, const struct segment *segment, uint64_t hash,
                        enum side sender);
void table_unlink(struct tracker *tracker, uint32_t number);
void table_note_calm(struct tracker *tracker, uint32_t number); /* it became calm, or ceased to be */
void table_forget(struct tracker *tracker, uint32_t number);

/* calm*.c: a connection in few bytes, for as long as it does what connections do. */
size_t calm_molds_size(void);
size_t calm_notes_size(void);
size_t calm_size(void);
bool calm_prepare(struct tracker *tracker, struct error *err);
bool calm_feed(struct tracker *tracker, const struct segment *segment, uint64_t hash);
void calm_wake(struct tracker *tracker, uint32_t number, struct flow *flow);
struct flow *calm_show_end(struct tracker *tracker, uint32_t number);
uint32_t folds_count(uint32_t flows);
size_t folds_size(uint32_t count);
int64_t calm_touched(const struct tracker *tracker, uint32_t number);
void calm_forget(struct tracker *tracker, uint32_t number);

/* fetch.c: what is needed up to FETCH_AHEAD segments before their turn, a group at a time. */
enum { FETCH_AHEAD = 24, FETCH_GROUP = 2 };

/* One behind the last of the group; places beyond the beginning are large numbers, and none. */
static inline size_t batch_end(const struct batch *batch, size_t group)
{
	if (group >= batch->count)
		return group;
	return batch->count - group < FETCH_GROUP ? batch->count : group + FETCH_GROUP;
}

void fetch_calm(const struct tracker *tracker, uint32_t number);
void fetch_for(const struct tracker *tracker, struct batch *batch, size_t group);

/* places.c: where flows are: ready for use, or packed until somebody asks for them. */
struct flow *place_flow(struct tracker *tracker, uint32_t number);
struct flow *place_new(struct tracker *tracker, uint32_t number);
void place_retire(struct tracker *tracker, struct flow *flow);
void place_rest(struct tracker *tracker, struct flow *flow);
void place_pack(struct tracker *tracker, struct flow *flow);
void place_spare(struct tracker *tracker, const struct flow *flow);
void place_leave(struct tracker *tracker, uint32_t number);
bool place_is_established(const struct flow *flow);
size_t chunks_size(uint32_t count);

/* packed.c: a flow in few bytes, its aside and round trips left out; PACKED_MOST are enough. */
enum { PACKED_MOST = 4096 };
size_t flow_pack(const struct flow *flow, int64_t near, uint8_t *bytes);
size_t flow_unpack(struct flow *flow, int64_t near, const uint8_t *bytes);
size_t words_pack(const void *words, size_t size, uint8_t *bytes);
size_t words_unpack(void *words, size_t size, const uint8_t *bytes);

/* pool.c: there is one for every flow, so a pool is never empty. */
size_t pool_size(const struct pool *pool); /* bytes that were touched */
uint32_t pool_take(struct pool *pool);
void *pool_at(const struct pool *pool, uint32_t number);
uint32_t pool_number(const struct pool *pool, const void *record);
void pool_give_back(struct pool *pool, void *record);

/* timers.c: queues, the frames' clock, eviction. */
void timers_place(struct tracker *tracker, struct flow *flow);
void timers_wait(struct tracker *tracker, uint32_t number, enum timeout timeout, int64_t since);
enum timeout timers_timeout(const struct flow *flow);
void timers_leave(struct tracker *tracker, uint32_t number);
void timers_note(const struct flow *flow, struct slot *slot);
void timers_resume(struct tracker *tracker, struct flow *flow);
void timers_advance(struct tracker *tracker, int64_t now);
void timers_make_room(struct tracker *tracker);
void timers_finish(struct tracker *tracker, uint32_t number);
void timers_retire(struct tracker *tracker, struct flow *flow);
bool timers_retire_calm(struct tracker *tracker, uint32_t number);

/* listeners.c */
uint32_t listeners_ask(struct tracker *tracker, const struct address *address, uint16_t port,
                       uint8_t family, int64_t time);
void listeners_accept(struct tracker *tracker, uint32_t number);
void listeners_leave(struct tracker *tracker, uint32_t number);
void listeners_prefetch_slot(const struct tracker *tracker, const struct segment *syn_ack);
void listeners_prefetch(const struct tracker *tracker, const struct segment *syn_ack);
void listeners_answered(struct tracker *tracker, struct flow *flow, int64_t time);
void listeners_completed(struct tracker *tracker, struct flow *flow);
void listeners_abandoned(struct tracker *tracker, struct flow *flow);

/* incarnation.c: which connection a TCP segment belongs to. NULL: it opened a calm one, which has taken it. */
struct flow *incarnation_of(struct tracker *tracker, const struct segment *segment, uint64_t hash,
                            enum side *side);
void incarnation_suspect(struct tracker *tracker, struct flow *flow,
                         const struct segment *segment);

/* evidence.c: what a segment without RST proves. */
void evidence_take(struct tracker *tracker, struct flow *flow, struct turn *turn);

/* resets.c */
void resets_take(struct tracker *tracker, struct flow *flow, struct turn *turn);
void resets_doubt(struct tracker *tracker, struct flow *flow, struct turn *turn);

/* sequence.c: what a segment is, measured by those before it. */
void sequence_take(struct tracker *tracker, struct flow *flow, struct turn *turn);

/* marks.c: counting them, and what few flows need. */
/* Without a SYN to tell it, more than this is no single segment on a usual wire. */
enum { JUMBO = 9000 };

static inline bool marks_exceeds(uint16_t mss, uint32_t payload)
{
	return payload > (mss > 0 ? mss : JUMBO);
}

struct aside *aside_of(struct tracker *tracker, struct flow *flow);
void marks_prefetch(const struct flow *flow);
void marks_find_artefacts(struct tracker *tracker, const struct flow *flow, struct turn *turn);
void marks_count(struct tracker *tracker, struct flow *flow, const struct turn *turn);

void aside_release(struct tracker *tracker, struct flow *flow);

/* duplicates.c: the same packet, captured twice. */
bool duplicates_has(struct tracker *tracker, uint32_t id, enum side side,
                    const struct segment *segment);
void duplicates_feed(struct tracker *tracker, const struct segment *segment, uint64_t hash);

/* ranges.c */
size_t ranges_size(uint32_t count);
void ranges_prefetch(const struct tracker *tracker, const struct timed *client,
                     const struct timed *server);
void ranges_release(struct tracker *tracker, struct sequence *sequence);
void timed_add(struct tracker *tracker, struct timed *timed, uint32_t left, uint32_t right,
               int64_t time);
void timed_add_first(struct tracker *tracker, struct timed *timed, uint32_t left, uint32_t right,
                     int64_t time);
int64_t timed_finish(struct tracker *tracker, struct timed *timed, uint32_t ack);
void timed_release(struct tracker *tracker, struct timed *timed);

/* round_trip.c */
struct round_trips *round_trips_of(struct tracker *tracker, struct flow *flow);
void round_trips_add(struct round_trips *trips, int64_t span);
/*
 * Spans of more than two seconds are held in microseconds, where that is all there is to them, as in
 * most captures. Those have the highest bit, so a longer span is always a larger number.
 */
#define IN_MICROSECONDS (UINT32_C(1) << 31)

static inline bool spans_hold(uint32_t *spans, int count, int64_t span)
{
	if (count >= SPANS_HELD)
		return false;
	if (span < IN_MICROSECONDS)
		spans[count] = (uint32_t)span;
	else if (span % TIME_MICROSECOND == 0 && span / TIME_MICROSECOND < IN_MICROSECONDS)
		spans[count] = IN_MICROSECONDS | (uint32_t)(span / TIME_MICROSECOND);
	else
		return false;
	return true;
}
void spans_pour(struct round_trips *trips, uint32_t *spans, int count);
void round_trips_release(struct tracker *tracker, struct flow *flow);

/* connection.c, datagram.c, quote.c: one segment of each kind. */
void connection_feed(struct tracker *tracker, const struct segment *segment, uint64_t hash);
void connection_part(struct tracker *tracker, const struct segment *segment, uint64_t hash);
void connection_take(struct tracker *tracker, struct flow *flow, const struct segment *segment,
                     enum side side);
void datagram_feed(struct tracker *tracker, const struct segment *segment, uint64_t hash);
void quote_feed(struct tracker *tracker, const struct segment *segment, uint64_t hash);

/* trail.c */
void trails_record(struct tracker *tracker, struct flow *flow, const struct event *event);

/* tracker.c */
bool tracker_may_take_calmly(const struct tracker *tracker);
size_t tracker_lay_out(struct tracker *tracker, uint8_t *arena);
void tracker_tell(struct tracker *tracker, struct flow *flow, enum event_kind kind,
                  const struct turn *turn);
void tracker_tell_oddity(struct tracker *tracker, struct flow *flow, struct turn *turn,
                         enum oddity oddity);
size_t trails_size(uint32_t trails);

#endif
