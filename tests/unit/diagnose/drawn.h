/* drawn.h: flows of which anything may be true. */
#ifndef TESTS_DIAGNOSE_DRAWN_H
#define TESTS_DIAGNOSE_DRAWN_H

#include "base/time.h"
#include "track/flow.h"

#define DRAWN_START (INT64_C(1700000000) * TIME_SECOND)

static inline uint32_t draw(uint64_t *random, uint32_t below)
{
	*random = *random * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (uint32_t)(*random >> 33) % below;
}

static inline struct milestone draw_milestone(uint64_t *random)
{
	if (draw(random, 2) == 0)
		return (struct milestone){ .frame = 0 };
	return (struct milestone){ .time = DRAWN_START + draw(random, 5) * 500 * TIME_MILLISECOND,
		                   .frame = 1 + draw(random, 9) };
}

static inline void draw_end(uint64_t *random, struct flow *flow, enum side side)
{
	for (unsigned proofs = draw(random, PROOF_COUNT); proofs > 0; proofs--)
		endpoint_add(&flow->ends[side], (enum proof)draw(random, PROOF_COUNT),
		             draw(random, 2) == 0 ? PROVEN : PRESUMED);
	if (draw(random, 4) == 0)
		endpoint_reset(&flow->ends[side], PRESUMED);
	flow->sent[side].packets = draw(random, 3);
	flow->sent[side].syns = draw(random, 3);
	flow->sent[side].fins = draw(random, 3);
	flow->sent[side].has_syn = draw(random, 2);
	flow->sent[side].has_fin = draw(random, 2);
	flow->sent[side].fin_acked_peers = draw(random, 2);
	flow->fin[side] = draw_milestone(random);
	flow->fin_acked[side] = draw_milestone(random);
}

/* Whatever came to pass, possible or not. */
static inline struct flow draw_flow(uint64_t *random)
{
	static const enum closing closings[] = { CLOSING_OPEN, CLOSING_CLIENT_FIRST,
		                                 CLOSING_SERVER_FIRST, CLOSING_RESET_BY_CLIENT,
		                                 CLOSING_RESET_BY_SERVER };
	struct flow flow = { .start = DRAWN_START, .last = DRAWN_START + 90 * TIME_SECOND };

	flow.key.protocol = draw(random, 9) == 0 ? PROTOCOL_UDP : PROTOCOL_TCP;
	flow.first_close = (uint8_t)closings[draw(random, 5)];
	flow.oddities = (uint16_t)(draw(random, 2) << draw(random, 16));
	flow.reset = draw_milestone(random);
	flow.reset_side = (uint8_t)draw(random, 2);
	flow.icmp = draw_milestone(random);
	flow.opened = draw_milestone(random);
	flow.irtt = draw(random, 2) * TIME_MILLISECOND;
	flow.self_connected = draw(random, 9) == 0;
	flow.simultaneous_open = draw(random, 9) == 0;
	draw_end(random, &flow, CLIENT);
	draw_end(random, &flow, SERVER);
	return flow;
}

/* One of what was drawn, and no more. */
static inline void draw_change(uint64_t *random, struct flow *flow)
{
	struct flow other = draw_flow(random);
	enum side side = (enum side)draw(random, 2);

	switch (draw(random, 11)) {
	case 0:
		flow->ends[side] = other.ends[side];
		break;
	case 1:
		flow->sent[side].has_fin = other.sent[side].has_fin;
		break;
	case 2:
		flow->sent[side].fin_acked_peers = other.sent[side].fin_acked_peers;
		break;
	case 3:
		flow->sent[side].has_syn = other.sent[side].has_syn;
		break;
	case 4:
		flow->fin[side] = other.fin[side];
		break;
	case 5:
		flow->fin_acked[side] = other.fin_acked[side];
		break;
	case 6:
		flow->reset = other.reset;
		break;
	case 7:
		flow->reset_side = other.reset_side;
		break;
	case 8:
		flow->first_close = other.first_close;
		break;
	case 9:
		flow->self_connected = other.self_connected;
		break;
	default:
		flow->simultaneous_open = other.simultaneous_open;
	}
}

#endif
