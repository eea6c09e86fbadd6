/* calm_pair.h: two trackers that hear the same: one keeps connections calm, the other one is the judge. */
#ifndef TESTS_UNIT_TRACK_CALM_PAIR_H
#define TESTS_UNIT_TRACK_CALM_PAIR_H

#include "track/calm.h"
#include "unit/track/play.h"

/* What a listener may hear of connections that are calm. */
#define PAIR_KINDS                                                                                 \
	(event_bit(EVENT_FLOW_ENDED) | event_bit(EVENT_LATE_SEGMENT) | event_bit(EVENT_ODDITY) |   \
	 event_bit(EVENT_ICMP_ERROR) | event_bit(EVENT_SYN_REPEATED))

enum { PAIR_FLOWS = 40, NO_SCALE = -1 };

/* The options that the ends' segments wear. */
struct dress {
	uint16_t mss[2];  /* 0: none */
	int8_t scale[2];
	bool stamps[2];
	uint32_t heard[2]; /* the latest timestamp of each */
};

struct told;

struct pair {
	struct play play;       /* its tracker keeps connections calm */
	struct tracker *judge;
	struct tracker *copy;   /* of the calm one, where all may be woken */
	struct dress dress;     /* of what is said in scripts */
	uint32_t kinds;
	struct told *told[2];   /* by either tracker since the last segment */
	int told_count[2];
	unsigned compares_each; /* only so many segments, where there are very many */
	uint64_t segments;      /* of TCP... */
	uint64_t taken_calmly;  /* ...and how many of them woke nobody */
	bool is_finished;       /* who was calm then comes into its last queue only when it wakes */
	char context[128];      /* what a failure is to say first */
	char woken_by[128];     /* the first segment that was not taken calmly */
};

/* Few flows, no trails. */
struct tracker_options pair_options(void);

void pair_begin(struct pair *pair);
void pair_begin_with(struct pair *pair, const struct tracker_options *options, uint32_t kinds);
void pair_listen(struct pair *pair, uint32_t kinds);

/* After each of these all that both trackers say is the same, or the test fails. */
void pair_hear(struct pair *pair, const char *script);
void pair_feed(struct pair *pair, const struct segment *segment);
void pair_wait(struct pair *pair, int64_t milliseconds);
void pair_finish(struct pair *pair);
void pair_compare(struct pair *pair);

/* The same of flows that are woken for it, in a copy. */
void pair_compare_woken(struct pair *pair);
void pair_end(struct pair *pair);

/* One segment of a script, dressed, not fed yet. */
struct segment pair_segment(struct pair *pair, const char *script);
void dress_put(struct dress *dress, struct segment *segment, enum side side);

/* The slot of the flow with this id; the phase it is calm in, CALM_PHASES if it is not. */
const struct slot *pair_slot(const struct pair *pair, uint64_t id);
enum calm_phase pair_phase(const struct pair *pair, uint64_t id);

#define expect_phase(pair, id, phase) cr_assert_eq((int)pair_phase(pair, id), (int)(phase))
#define expect_woken(pair, id) cr_assert_eq(pair_phase(pair, id), CALM_PHASES)
#define expect_all_calm(pair) cr_assert_str_eq((pair)->woken_by, "")

#endif
