/* endpoint.c: what the wire proves about one end of a connection. */

#include "track/endpoint.h"

#include <assert.h>
#include <stddef.h>

/* The list of evidence has room for every proof once. */
#define EVIDENCE_BITS 4
#define EVIDENCE_MASK UINT64_C(0xf)

static_assert((int)PROOF_COUNT < (int)EVIDENCE_MASK,
              "a proof and the end of the list fit four bits");
static_assert(PROOF_COUNT * EVIDENCE_BITS <= 64, "all proofs fit the list");

/* A walk along the arrows: where it stands, and by which proof it came there. */
struct walk {
	enum tcp_state state;
	enum proof by;
	bool moved;
};

static uint16_t proof_bit(enum proof proof)
{
	return (uint16_t)(1u << proof);
}

static bool is_presumed(const struct endpoint *end, enum proof proof)
{
	return end->presumed & proof_bit(proof);
}

/*
 * Proofs are levels: an arrow that a lost segment held up is followed as soon
 * as it can be. Where several could be followed, the one that was shown first
 * is. The arrows have no cycle, so this ends.
 */
static bool walk_on(struct walk *walk, uint64_t shown)
{
	for (uint64_t rest = shown; rest != 0; rest >>= EVIDENCE_BITS) {
		enum proof proof = (enum proof)((rest & EVIDENCE_MASK) - 1);
		enum tcp_state next = state_next(walk->state, proof);

		if (next == walk->state)
			continue;
		*walk = (struct walk){ .state = next, .by = proof, .moved = true };
		return true;
	}
	return false;
}

/* The first `count` entries of the list. */
static uint64_t evidence_until(uint64_t evidence, int count)
{
	int bits = count * EVIDENCE_BITS;

	return bits >= 64 ? evidence : evidence & ((UINT64_C(1) << bits) - 1);
}

static int evidence_count(uint64_t evidence)
{
	int bits = evidence == 0 ? 0 : 64 - __builtin_clzll(evidence);

	return (bits + EVIDENCE_BITS - 1) / EVIDENCE_BITS;
}

static bool enters_path(const struct endpoint *end, enum tcp_state state)
{
	return state != ST_LISTEN || end->proven & proof_bit(PROOF_PEER_SYN);
}

/* Replays the list from its beginning; `path` may be NULL. */
static struct walk walk_evidence(const struct endpoint *end, enum tcp_state *path, int *length)
{
	struct walk walk = { .state = ST_UNKNOWN };
	int count = evidence_count(end->evidence);

	for (int shown = 1; shown <= count; shown++) {
		uint64_t evidence = evidence_until(end->evidence, shown);

		while (walk_on(&walk, evidence)) {
			if (path && enters_path(end, walk.state))
				path[(*length)++] = walk.state;
		}
	}
	return walk;
}

/* Where a walk has led; a reset hides it until the end proves to live. */
static bool arrive(struct endpoint *end, const struct walk *walk)
{
	uint8_t certainty = walk->moved && is_presumed(end, walk->by) ? PRESUMED : PROVEN;

	if (end->was_reset || (end->state == walk->state && end->certainty == certainty))
		return false;
	end->state = (uint8_t)walk->state;
	end->certainty = certainty;
	return true;
}

/* Brings state and certainty up to date with the whole list. */
static bool settle(struct endpoint *end)
{
	struct walk walk = walk_evidence(end, NULL, NULL);

	return arrive(end, &walk);
}

/* The same when the list has only grown: a walk goes on where the last one stopped. */
static bool settle_further(struct endpoint *end)
{
	struct walk walk = { .state = (enum tcp_state)end->state };

	if (end->was_reset)
		return false;
	while (walk_on(&walk, end->evidence))
		;
	return walk.moved && arrive(end, &walk);
}

static uint64_t evidence_with(uint64_t evidence, enum proof proof)
{
	return evidence | ((uint64_t)proof + 1) << (evidence_count(evidence) * EVIDENCE_BITS);
}

static uint64_t evidence_without(uint64_t evidence, enum proof proof)
{
	uint64_t kept = 0;
	int count = 0;

	for (uint64_t rest = evidence; rest != 0; rest >>= EVIDENCE_BITS) {
		uint64_t entry = rest & EVIDENCE_MASK;

		if (entry != (uint64_t)proof + 1)
			kept |= entry << (count++ * EVIDENCE_BITS);
	}
	return kept;
}

bool endpoint_add(struct endpoint *end, enum proof proof, enum certainty certainty)
{
	uint16_t bit = proof_bit(proof);
	bool known = endpoint_has(end, proof);

	if (!known)
		end->evidence = evidence_with(end->evidence, proof);
	if (certainty == PRESUMED) {
		end->presumed |= bit;
	} else {
		end->proven |= bit;
		end->presumed &= (uint16_t)~bit;
	}
	return known ? settle(end) : settle_further(end);
}

bool endpoint_take_back(struct endpoint *end, enum proof proof)
{
	if (!is_presumed(end, proof))
		return false;
	end->evidence = evidence_without(end->evidence, proof);
	end->presumed &= (uint16_t)~proof_bit(proof);
	return settle(end);
}

bool endpoint_postpone(struct endpoint *end, enum proof proof)
{
	if (!endpoint_has(end, proof))
		return false;
	end->evidence = evidence_with(evidence_without(end->evidence, proof), proof);
	return settle(end);
}

bool endpoint_reset(struct endpoint *end, enum certainty certainty)
{
	bool proves = certainty == PROVEN && !end->reset_proven;

	if (end->was_reset && !proves)
		return false;
	end->was_reset = true;
	end->reset_proven = certainty == PROVEN;
	end->state = ST_CLOSED;
	end->certainty = (uint8_t)certainty;
	return true;
}

bool endpoint_revive(struct endpoint *end)
{
	if (!end->was_reset)
		return false;
	end->was_reset = false;
	end->reset_proven = false;
	return settle(end);
}

enum tcp_state endpoint_state_before_reset(const struct endpoint *end)
{
	return walk_evidence(end, NULL, NULL).state;
}

int endpoint_path(const struct endpoint *end, enum tcp_state path[PATH_MAX_STATES])
{
	int length = 0;
	struct walk walk = walk_evidence(end, path, &length);

	if (end->was_reset && walk.state != ST_CLOSED)
		path[length++] = ST_CLOSED;
	return length;
}
