/* words.c: what the sentences of findings are put together from. */

#include "diagnose/words.h"

#include "base/time.h"

bool is_tcp(const struct flow *flow)
{
	return flow->key.protocol == PROTOCOL_TCP;
}

bool has_oddity(const struct flow *flow, uint16_t oddities)
{
	return is_tcp(flow) && (flow->oddities & oddities) != 0;
}

bool died_by_reset(const struct flow *flow)
{
	return flow->reset.frame != 0 &&
	       (flow_end(flow, CLIENT)->was_reset || flow_end(flow, SERVER)->was_reset);
}

bool closed_in_order(const struct flow *flow)
{
	return flow->fin_acked[CLIENT].frame != 0 && flow->fin_acked[SERVER].frame != 0;
}

bool was_open(const struct flow *flow)
{
	enum opening opening = flow_opening(flow);

	return opening == OPENING_HANDSHAKE || opening == OPENING_SIMULTANEOUS ||
	       opening == OPENING_MIDSTREAM;
}

enum side first_to_close(const struct flow *flow)
{
	const struct milestone *fin = flow->fin;

	if (fin[CLIENT].frame == 0 || fin[SERVER].frame == 0)
		return fin[CLIENT].frame != 0 ? CLIENT : SERVER;
	return fin[CLIENT].frame <= fin[SERVER].frame ? CLIENT : SERVER;
}

int64_t half_close_span(const struct flow *flow)
{
	enum side first = first_to_close(flow);
	enum side other = first == CLIENT ? SERVER : CLIENT;
	int64_t end = flow->last;

	if (flow->fin[first].frame == 0 || flow->self_connected)
		return TIME_NONE;
	if (flow->fin[other].frame != 0)
		end = flow->fin[other].time;
	else if (died_by_reset(flow))
		end = flow->reset.time;
	return time_between(flow->fin[first].time, end);
}

const char *side_name(enum side side)
{
	return side == CLIENT ? "client" : "server";
}

void evidence_add(struct evidence *evidence, uint64_t frame)
{
	int place = evidence->count;

	if (frame == 0 || evidence->count == EVIDENCE_MAX)
		return;
	for (int i = 0; i < evidence->count; i++) {
		if (evidence->frames[i] == frame)
			return;
	}
	for (; place > 0 && evidence->frames[place - 1] > frame; place--)
		evidence->frames[place] = evidence->frames[place - 1];
	evidence->frames[place] = frame;
	evidence->count++;
}

void add_end(struct text *text, const struct flow *flow, enum side side)
{
	address_add_port(text, (enum family)flow->key.family, &flow->key.address[side],
	                 flow->key.port[side]);
}

void add_span(struct text *text, int64_t earlier, int64_t later)
{
	int64_t span = time_between(earlier, later);

	time_add_span(text, span > 0 ? span : 0, false);
}

void add_count(struct text *text, uint64_t count, const char *noun)
{
	text_add_unsigned(text, count);
	text_add_char(text, ' ');
	text_add(text, noun);
	if (count != 1)
		text_add_char(text, 's');
}
