/* endpoint.h: one end of a connection, known only by what the wire shows. */
#ifndef TRACK_ENDPOINT_H
#define TRACK_ENDPOINT_H

#include <stdbool.h>
#include <stdint.h>

#include "track/state.h"

/* How a state is known: what an end sends proves, what is sent to it only presumes. */
enum certainty { PROVEN, PRESUMED };

enum { PATH_MAX_STATES = PROOF_COUNT + 2 };

/*
 * `evidence` lists the proofs in the order in which they came, four bits each
 * (proof + 1, the first one lowest). The state is what the arrows make of that
 * list, so taking a presumption back is striking it from the list.
 */
struct endpoint {
	uint64_t evidence;
	uint16_t proven;    /* bit per proof */
	uint16_t presumed;  /* bit per proof that only stands until the end itself denies it */
	uint8_t state;      /* enum tcp_state: what the evidence makes, or CLOSED by a reset */
	uint8_t certainty;  /* of the last move */
	bool was_reset;     /* CLOSED by a reset; the evidence still tells the state it died in */
	bool reset_proven;  /* it sent that reset itself */
};

static inline bool endpoint_has(const struct endpoint *end, enum proof proof)
{
	return (end->proven | end->presumed) >> proof & 1;
}

/*
 * Adds a proof and follows every arrow that it opens, also those that a late or
 * lost segment held up. A presumption never weakens what is proven; a proof
 * strengthens what was presumed. Returns whether state or certainty changed.
 */
bool endpoint_add(struct endpoint *end, enum proof proof, enum certainty certainty);

/* Nearly every segment shows only what is known: that is seen here. */
static inline bool endpoint_show(struct endpoint *end, enum proof proof, enum certainty certainty)
{
	unsigned known = certainty == PRESUMED ? end->proven | end->presumed : end->proven;

	return !(known >> proof & 1) && endpoint_add(end, proof, certainty);
}

/* The end itself denied it: strikes a presumed proof. Returns whether anything was taken back. */
bool endpoint_take_back(struct endpoint *end, enum proof proof);

/* It came after all that is known until now, though it was seen before. Returns as the others do. */
bool endpoint_postpone(struct endpoint *end, enum proof proof);

/* A reset is one rule beside the table: any state to CLOSED, and back if the end proves to live. */
bool endpoint_reset(struct endpoint *end, enum certainty certainty);
bool endpoint_revive(struct endpoint *end);

/* The state it is in, or died in when a reset closed it. */
enum tcp_state endpoint_state_before_reset(const struct endpoint *end);

/*
 * The states it went through, moves that were taken back left out; a LISTEN
 * that nobody answered for does not count. Returns how many.
 */
int endpoint_path(const struct endpoint *end, enum tcp_state path[PATH_MAX_STATES]);

#endif
