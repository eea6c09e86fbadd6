/* progress.c: handshake and goodbye, an arrow per segment that points away from its sender. */

#include "report/column.h"

#include "diagnose/finding.h"

/* Up to this many repeats are drawn, more are counted: "▶▶▶··", "▶×6··". */
enum { REPEATS_DRAWN = 3 };

struct glyphs {
	const char *arrow[2]; /* by the side that sent */
	const char *missing;
	const char *times;
	const char *cross;
	const char *crossed; /* before what the ends did at the same time */
};

static const struct glyphs wide = { { "▶", "◀" }, "·", "×", "✗", "⧓" };
static const struct glyphs narrow = { { ">", "<" }, ".", "x", "X", "*" };

static void add_repeats(struct text *text, const struct glyphs *glyphs, enum side side,
                        uint64_t count)
{
	if (count > REPEATS_DRAWN) {
		text_add(text, glyphs->arrow[side]);
		text_add(text, glyphs->times);
		text_add_unsigned(text, count);
		return;
	}
	for (uint64_t i = 0; i < (count > 0 ? count : 1); i++)
		text_add(text, glyphs->arrow[side]);
}

static void add_step(struct text *text, const struct glyphs *glyphs, enum side side, bool seen)
{
	text_add(text, seen ? glyphs->arrow[side] : glyphs->missing);
}

/* SYN, SYN-ACK, ACK; what a one-sided or late capture lacks is a dot. */
static void add_handshake(struct text *text, const struct flow *flow, const struct glyphs *glyphs)
{
	bool retried = flow->opened.frame == 0 || flow_was_retried(flow);

	if (flow->syn.frame != 0)
		add_repeats(text, glyphs, CLIENT, retried ? flow->sent[CLIENT].syns : 1);
	else
		text_add(text, glyphs->missing);
	if (flow->syn_ack.frame != 0 && flow->opened.frame == 0)
		add_repeats(text, glyphs, SERVER, flow->sent[SERVER].syns);
	else
		add_step(text, glyphs, SERVER, flow->syn_ack.frame != 0);
	add_step(text, glyphs, CLIENT, flow->opened.frame != 0);
}

static void add_crossed_syns(struct text *text, const struct flow *flow,
                             const struct glyphs *glyphs)
{
	text_add(text, glyphs->crossed);
	add_step(text, glyphs, CLIENT, flow->sent[CLIENT].syns > 0);
	if (!flow->self_connected)
		add_step(text, glyphs, SERVER, flow->sent[SERVER].syns > 0);
	add_step(text, glyphs, CLIENT, flow->sent[CLIENT].syns > 1);
	if (!flow->self_connected)
		add_step(text, glyphs, SERVER,
		         flow->sent[SERVER].syns > 1 || flow->opened.frame != 0);
}

static void add_datagrams(struct text *text, const struct flow *flow, const struct glyphs *glyphs)
{
	enum udp_state state = flow_udp_state(flow);

	text_add(text, glyphs->arrow[CLIENT]);
	if (state == UDP_REFUSED)
		text_add(text, glyphs->cross);
	else
		add_step(text, glyphs, SERVER, state == UDP_REPLIED);
}

void column_open_progress(struct text *text, const struct flow *flow, bool ascii)
{
	const struct glyphs *glyphs = ascii ? &narrow : &wide;

	if (flow->key.protocol != PROTOCOL_TCP) {
		add_datagrams(text, flow, glyphs);
		return;
	}
	switch (flow_opening(flow)) {
	case OPENING_REFUSED:
	case OPENING_UNREACHABLE:
		add_repeats(text, glyphs, CLIENT, flow->sent[CLIENT].syns);
		text_add(text, glyphs->cross);
		break;
	case OPENING_SIMULTANEOUS:
		add_crossed_syns(text, flow, glyphs);
		break;
	case OPENING_MIDSTREAM:
		for (int i = 0; i < 3; i++)
			text_add(text, glyphs->missing);
		break;
	default:
		if (flow->sent[SERVER].syns > 0 && flow->syn_ack.frame == 0)
			add_crossed_syns(text, flow, glyphs);
		else
			add_handshake(text, flow, glyphs);
	}
}

static bool has_reset(const struct flow *flow)
{
	return flow->reset.frame != 0 &&
	       (flow_end(flow, CLIENT)->was_reset || flow_end(flow, SERVER)->was_reset);
}

static void add_reset(struct text *text, const struct flow *flow, const struct glyphs *glyphs)
{
	text_add(text, glyphs->cross);
	text_add(text, glyphs->arrow[flow->reset_side]);
}

/* FIN and FIN, then an ACK of each. */
static void add_crossed_fins(struct text *text, const struct flow *flow,
                             const struct glyphs *glyphs)
{
	enum side first = flow->fin[CLIENT].frame <= flow->fin[SERVER].frame ? CLIENT : SERVER;
	enum side other = first == CLIENT ? SERVER : CLIENT;

	text_add(text, glyphs->crossed);
	if (flow->self_connected) {
		text_add(text, glyphs->arrow[CLIENT]);
		add_step(text, glyphs, CLIENT, flow_is_over(flow));
		return;
	}
	text_add(text, glyphs->arrow[first]);
	text_add(text, glyphs->arrow[other]);
	add_step(text, glyphs, first, flow->fin_acked[other].frame != 0);
	add_step(text, glyphs, other, flow->fin_acked[first].frame != 0);
}

static int steps_done(const bool seen[4])
{
	int done = 0;

	for (int i = 0; i < 4; i++)
		done = seen[i] ? i + 1 : done;
	return done;
}

/* FIN, ACK, FIN, ACK; a FIN with the ACK is one arrow for two, and a reset ends the row. */
static void add_goodbye(struct text *text, const struct flow *flow, const struct glyphs *glyphs,
                        enum side first)
{
	enum side other = first == CLIENT ? SERVER : CLIENT;
	uint64_t ack = flow->fin_acked[first].frame;
	bool together = ack != 0 && ack == flow->fin[other].frame;
	const bool seen[4] = { true, ack != 0, flow->fin[other].frame != 0,
		               flow->fin_acked[other].frame != 0 };
	const enum side sender[4] = { first, other, other, first };
	bool cut = has_reset(flow) && !(seen[1] && seen[3]);
	int rows = cut ? steps_done(seen) : 4;

	for (int i = 0; i < rows; i++) {
		if (!(together && i == 1))
			add_step(text, glyphs, sender[i], seen[i]);
	}
	if (cut)
		add_reset(text, flow, glyphs);
}

void column_close_progress(struct text *text, const struct flow *flow, bool ascii)
{
	const struct glyphs *glyphs = ascii ? &narrow : &wide;
	enum opening opening;

	if (flow->key.protocol != PROTOCOL_TCP)
		return;
	opening = flow_opening(flow);
	if (opening == OPENING_REFUSED || opening == OPENING_UNREACHABLE)
		return;
	if (flow->fin[CLIENT].frame == 0 && flow->fin[SERVER].frame == 0) {
		if (has_reset(flow))
			add_reset(text, flow, glyphs);
	} else if (flow_closing(flow) == CLOSING_SIMULTANEOUS) {
		add_crossed_fins(text, flow, glyphs);
	} else {
		bool client = flow->fin[SERVER].frame == 0 ||
		              (flow->fin[CLIENT].frame != 0 &&
		               flow->fin[CLIENT].frame <= flow->fin[SERVER].frame);

		add_goodbye(text, flow, glyphs, client ? CLIENT : SERVER);
	}
}
