/* calm_flow.c: the whole flow that a calm one stands for. */

/*
 * What does not follow from the numbers follows from the phase: the ends' states, what proved
 * them, Zeek's states. That is copied from a mold, which the rules themselves have made of a
 * conversation that got so far.
 */

#include "track/calm.h"

#include <string.h>

#include "base/time.h"
#include "track/zeek_parts.h"

enum { IPV4_HEADER = 20, IPV6_HEADER = 40, TCP_HEADER = 20, STAMPS_LENGTH = 12 };

/* What follows from the phase alone. */
struct casting {
	bool has_acked[2]; /* the end has acknowledged something */
	bool has_fin[2];
	enum side closer; /* who ended it, and how */
	uint8_t ending;
	uint8_t moved; /* when an end last moved: enum calm_milestone, or one of these */
};

enum { MOVED_FIRST = CALM_MILESTONES, MOVED_LAST };
enum { GOES_ON, SAID_GOODBYE, WAS_RESET };

/* clang-format off */
static const struct casting castings[CALM_PHASES] = {
	[CALM_ASKED]         = { { false, false }, { false, false }, CLIENT, GOES_ON, MOVED_FIRST },
	[CALM_ANSWERED]      = { { false, true  }, { false, false }, CLIENT, GOES_ON, CALM_SYN_ACK },
	[CALM_OPEN]          = { { true,  true  }, { false, false }, CLIENT, GOES_ON, CALM_OPENED },
	[CALM_TALK]          = { { true,  true  }, { false, false }, CLIENT, GOES_ON, CALM_OPENED },
	[CALM_CLIENT_ENDS]   = { { true,  true  }, { true,  false }, CLIENT, GOES_ON, CALM_FIN_X },
	[CALM_CLIENT_ENDED]  = { { true,  true  }, { true,  false }, CLIENT, GOES_ON, CALM_FIN_X_ACKED },
	[CALM_SERVER_LEAVES] = { { true,  true  }, { true,  true  }, CLIENT, GOES_ON, CALM_FIN_Y },
	[CALM_CLIENT_LAST]   = { { true,  true  }, { true,  true  }, CLIENT, SAID_GOODBYE, MOVED_LAST },
	[CALM_SERVER_ENDS]   = { { true,  true  }, { false, true  }, SERVER, GOES_ON, CALM_FIN_X },
	[CALM_SERVER_ENDED]  = { { true,  true  }, { false, true  }, SERVER, GOES_ON, CALM_FIN_X_ACKED },
	[CALM_CLIENT_LEAVES] = { { true,  true  }, { true,  true  }, SERVER, GOES_ON, CALM_FIN_Y },
	[CALM_SERVER_LAST]   = { { true,  true  }, { true,  true  }, SERVER, SAID_GOODBYE, MOVED_LAST },
	[CALM_CLIENT_RESETS] = { { true,  true  }, { false, false }, CLIENT, WAS_RESET, MOVED_LAST },
	[CALM_SERVER_RESETS] = { { true,  true  }, { false, false }, SERVER, WAS_RESET, MOVED_LAST },
	[CALM_REFUSED]       = { { false, false }, { false, false }, SERVER, WAS_RESET, MOVED_LAST },
};
/* clang-format on */

static struct milestone milestone(const struct calm *calm, uint64_t moment)
{
	if (moment == 0)
		return (struct milestone){ .frame = 0 };
	return (struct milestone){
		.time = calm->start + moment_time(moment),
		.frame = calm->first_frame + moment_frame(moment),
	};
}

static int64_t moved_at(const struct calm *calm, const struct casting *casting)
{
	if (casting->moved == MOVED_FIRST)
		return calm->start;
	if (casting->moved == MOVED_LAST)
		return calm->start + moment_time(calm_last(calm));
	return calm->start + moment_time(calm->milestones[casting->moved]);
}

static void write_handshake(const struct calm *calm, struct flow *flow)
{
	flow->syn = (struct milestone){ .time = calm->start, .frame = calm->first_frame };
	flow->syn_last = calm->start;
	flow->syn_ack = milestone(calm, calm->milestones[CALM_SYN_ACK]);
	flow->opened = milestone(calm, calm->milestones[CALM_OPENED]);
	if (flow->syn_ack.frame != 0) {
		flow->syn_ack_last = flow->syn_ack.time;
		flow->syn_rtt = time_between(flow->syn_last, flow->syn_ack.time);
	}
	if (flow->opened.frame != 0) {
		flow->irtt = time_between(flow->syn_last, flow->opened.time);
		flow->ack_rtt = time_between(flow->syn_ack_last, flow->opened.time);
	}
}

static void write_goodbye(const struct calm *calm, const struct casting *casting, struct flow *flow)
{
	enum side x = casting->closer, y = other_side(x);

	flow->fin[x] = milestone(calm, calm->milestones[CALM_FIN_X]);
	flow->fin_acked[x] = milestone(calm, calm->milestones[CALM_FIN_X_ACKED]);
	flow->fin[y] = milestone(calm, calm->milestones[CALM_FIN_Y]);
	flow->moved = moved_at(calm, casting);
	if (casting->ending != SAID_GOODBYE)
		return;
	flow->fin_acked[y] = milestone(calm, calm_last(calm));
	flow->time_wait[x] = flow->last;
}

static void write_reset(const struct calm *calm, const struct casting *casting, struct flow *flow)
{
	enum side from = casting->closer;

	if (casting->ending != WAS_RESET)
		return;
	flow->reset = milestone(calm, calm_last(calm));
	flow->reset_last = flow->reset.time;
	flow->reset_seq[from] = calm->ends[from].next;
	flow->reset_got[from] = calm->ends[other_side(from)].next;
	if (calm->phase == CALM_REFUSED)
		flow->irtt = time_between(flow->syn_last, flow->last);
}

static struct address address_of(const struct calm *calm, enum side side)
{
	struct address address = { { 0 } };

	if (calm->family == FAMILY_IPV6)
		return calm->address[side];
	memcpy(address.bytes, &calm->near[side], sizeof(calm->near[side]));
	return address;
}

static void write_whole(const struct calm *calm, struct flow *flow)
{
	for (int side = CLIENT; side <= SERVER; side++) {
		flow->key.address[side] = address_of(calm, (enum side)side);
		flow->key.port[side] = calm->port[side];
		flow->mss[side] = calm->mss[side];
		flow->ttl[side] = calm->ttl[side];
		if (calm->ends[side].heard.is & IS_CUT)
			flow->cut[side] = calm->ends[side].data_packets;
	}
	flow->key.family = calm->family;
	flow->id = calm->id;
	flow->stream = calm->stream;
	flow->listener = calm->listener;
	flow->seen = calm->seen;
	flow->start = calm->start;
	flow->last = flow->touched = calm->start + moment_time(calm_last(calm));
	flow->first_frame = calm->first_frame;
	flow->incarnation = calm->incarnation;
	if (calm->incarnation > 0)
		flow->oddities |= ODD_REUSED_PORT;
	flow->last_frame = calm->first_frame + calm->last_frame;
}

/* One end of a calm flow, and what follows from it for all who look at it. */
struct cast {
	const struct calm *calm;
	const struct calm_end *end;
	const struct calm_stream *stream;
	enum side side;
	bool has_acked;
	bool has_fin;
	int64_t last_new;
	bool has_reset;
	uint32_t fin; /* one past its FIN, since the initial number */
	uint32_t payload;
	uint32_t acked; /* by the peer, since the initial number; 0: nothing */
};

static void write_sending(const struct cast *cast, struct sending *sent)
{
	const struct calm_end *end = cast->end;

	sent->packets = end->packets;
	sent->payload = cast->payload;
	sent->last_new = cast->last_new;
	sent->iss = cast->calm->iss[cast->side];
	sent->next = end->next;
	sent->acked = cast->has_acked ? end->acked : 0;
	sent->fin = cast->has_fin ? end->next : 0;
	sent->window = (uint16_t)end->heard.window;
	sent->window_scale = cast->calm->window_scale[cast->side];
}

/* Wireshark's idea of scaling: both or none, once both are known. */
static int8_t scale_of(const struct calm *calm, enum side side)
{
	bool is_answered = calm->phase != CALM_ASKED && calm->phase != CALM_REFUSED;

	if (calm->window_scale[CLIENT] < 0 || (is_answered && calm->window_scale[SERVER] < 0))
		return WINDOW_SCALE_UNUSED;
	return side == SERVER && !is_answered ? WINDOW_SCALE_UNKNOWN : calm->window_scale[side];
}

static void write_sequence(const struct cast *cast, struct sequence *sequence)
{
	const struct calm_end *end = cast->end;
	const struct calm_stream *stream = cast->stream;
	unsigned controls = cast->has_reset ? 2 : 1;

	if (cast->has_fin && !(end->heard.is & FIN_HAS_PAYLOAD))
		controls++;
	sequence->next_time = cast->last_new;
	sequence->ack_time = cast->calm->start + (int64_t)end->heard.time;
	sequence->next = sequence->contiguous = sequence->covered = end->next;
	sequence->has_acked = cast->has_acked && !(end->heard.is & IS_BARE_RESET);
	sequence->acked = sequence->has_acked ? end->acked : 0;
	sequence->window = end->heard.window;
	sequence->base = cast->calm->iss[cast->side];
	sequence->delivered = sequence->base + cast->acked;
	sequence->timed = stream->timed;
	sequence->span_count = end->said.span_count;
	sequence->has_initial_window = (end->heard.is & IS_ACKNOWLEDGED) != 0;
	sequence->window_is_of_syn = end->packets == 1;
	sequence->stamp = stream->is_stamped ? stream->stamp : 0;
	sequence->stamp_time = TIME_NONE;
	if (stream->is_stamped)
		sequence->stamp_time = cast->calm->start + (int64_t)stream->stamp_time;
	sequence->data_packets = end->data_packets;
	sequence->pure_acks = end->packets - end->data_packets - controls;
	sequence->largest = end->said.largest;
	sequence->window_most = stream->window_most;
	if (cast->calm->has & HAS_SCALES && !sequence->window_is_of_syn)
		sequence->window_most <<= cast->calm->window_scale[cast->side];
	sequence->in_flight_most = stream->in_flight_most;
	sequence->initial_window = stream->initial_window;
}

static uint64_t ip_bytes(const struct cast *cast)
{
	const struct calm *calm = cast->calm;
	uint32_t header = TCP_HEADER + (calm->family == FAMILY_IPV6 ? IPV6_HEADER : IPV4_HEADER);
	uint32_t options = calm->has & HAS_STAMPS ? STAMPS_LENGTH : 0;

	return (uint64_t)cast->end->packets * header +
	       (uint64_t)(cast->end->packets - 1 - cast->has_reset) * options +
	       calm->syn_options[cast->side] + cast->payload;
}

/* As zeek_is_pending has it: the FIN, or the last byte before a reset, need not be delivered. */
static bool is_pending(const struct cast *cast, uint32_t delivered)
{
	return (cast->has_fin && delivered < cast->payload) ||
	       (cast->has_reset && delivered + 1 < cast->payload);
}

/* Payload that was not captured is given up when it is acknowledged; the rest was received at once. */
static void write_zeek_end(const struct cast *cast, struct zeek *zeek, struct zeek_end *end)
{
	uint32_t acked = cast->has_fin && cast->acked == cast->fin ? cast->acked - 1 : cast->acked;
	uint32_t position = acked > 0 ? acked - 1 : 0;

	end->start = cast->calm->iss[cast->side];
	end->last = cast->end->next - end->start;
	end->acked = cast->acked;
	end->packets = cast->end->packets;
	end->ip_bytes = ip_bytes(cast);
	end->marks[ZEEK_GAP] = cast->end->gaps;
	end->delivered = cast->end->heard.is & IS_CUT ? position : cast->payload;
	end->held = (uint32_t)end->delivered - position;
	if (is_pending(cast, (uint32_t)end->delivered)) {
		end->is_drained = end->is_closed = false;
		zeek->defers_close = true;
	}
	zeek_rare(end)->fin = cast->has_fin ? cast->fin : 0;
	zeek_rare(end)->controls[ZEEK_RST] = cast->has_reset ? cast->fin : 0;
	zeek_rare(end)->controls[ZEEK_FIN] = cast->has_fin ? cast->fin - 1 : 0;
}

/* The letters that come once are known by a bit each; a gap's come at its 1st, 10th, 100th... time. */
static void write_history(const struct calm *calm, struct zeek *zeek)
{
	static const char letters[] = "?SADFGRhadfgr";
	static const uint8_t bits[CALM_LETTERS] = {
		[CALM_S] = LETTER_SYN, [CALM_A] = LETTER_ACK, [CALM_D] = LETTER_DATA,
		[CALM_F] = LETTER_FIN, [CALM_R] = LETTER_RST,
	};

	int shift = HISTORY_BITS - __builtin_clzll(calm->history | 1);

	zeek->history_length = 0;
	for (shift = (shift - 1) / LETTER_BITS * LETTER_BITS; shift >= 0; shift -= LETTER_BITS) {
		unsigned letter = calm->history >> shift & LETTER_MASK;

		zeek->history[zeek->history_length++] = letters[letter];
		zeek->ends[(letter - 1) / CALM_LETTERS].letters |=
			bits[(letter - 1) % CALM_LETTERS];
	}
}

static void write_zeek(const struct calm *calm, const struct casting *casting, struct flow *flow)
{
	struct zeek *zeek = &flow->zeek;

	memset(zeek->history, 0, sizeof(zeek->history));
	zeek->ends[CLIENT].letters = zeek->ends[SERVER].letters = 0;
	write_history(calm, zeek);
	zeek->last = flow->last;
	if (casting->ending == SAID_GOODBYE &&
	    !(calm->ends[other_side(casting->closer)].heard.is & ENDED_PENDING))
		zeek->last = flow->fin[other_side(casting->closer)].time;
	zeek->missed = 0;
	for (int side = CLIENT; side <= SERVER; side++) {
		if (calm->ends[side].heard.is & IS_CUT)
			zeek->missed += (uint64_t)zeek->ends[side].delivered;
	}
}

static struct cast cast_of(const struct calm *calm, const struct casting *casting, enum side side)
{
	const struct calm_end *end = &calm->ends[side];
	struct cast cast = {
		.calm = calm,
		.end = end,
		.stream = &calm->streams[side],
		.side = side,
		.has_acked = casting->has_acked[side],
		.has_fin = casting->has_fin[side],
		.has_reset = casting->ending == WAS_RESET && casting->closer == side,
		.last_new = calm->start + (int64_t)end->said.time,
		.fin = end->next - calm->iss[side],
	};

	cast.payload = cast.fin - 1 - cast.has_fin;
	if (casting->has_acked[other_side(side)])
		cast.acked = calm->ends[other_side(side)].acked - calm->iss[side];
	return cast;
}

static void write_end(const struct cast *cast, struct flow *flow)
{
	struct sequence *sequence = &flow->sequence[cast->side];

	write_sending(cast, &flow->sent[cast->side]);
	write_sequence(cast, sequence);
	write_zeek_end(cast, &flow->zeek, &flow->zeek.ends[cast->side]);
	memcpy(sequence->spans, cast->calm->spans[cast->side], sizeof(sequence->spans));
}

/* Who refuses has no numbers of its own: its reset has 0, or what the SYN acknowledged. */
static void write_refusal(const struct cast *cast, struct flow *flow)
{
	struct sequence *sequence = &flow->sequence[SERVER];
	struct zeek_end *end = &flow->zeek.ends[SERVER];

	flow->sent[SERVER].packets = 1;
	flow->sent[SERVER].window = (uint16_t)cast->end->heard.window;
	sequence->ack_time = flow->last;
	sequence->acked = cast->end->acked;
	sequence->window = cast->end->heard.window;
	sequence->base = cast->calm->iss[SERVER];
	sequence->covered = sequence->delivered = cast->end->next;
	end->start = sequence->base;
	end->packets = 1;
	end->ip_bytes =
		TCP_HEADER + (cast->calm->family == FAMILY_IPV6 ? IPV6_HEADER : IPV4_HEADER);
}

/* By lines: as a whole it would be copied by an instruction that takes longer to begin than this. */
static void copy_mold(const struct flow *mold, struct flow *flow)
{
	enum { LINE = 64, REST = sizeof(*flow) % LINE };
	size_t at = 0;

	for (; at < sizeof(*flow) - REST; at += LINE)
		memcpy((char *)flow + at, (const char *)mold + at, LINE);
	memcpy((char *)flow + at, (const char *)mold + at, REST);
}

void calm_write(const struct calm *calm, const struct flow *mold, struct flow *flow)
{
	const struct casting *casting = &castings[calm->phase];

	copy_mold(mold, flow);
	write_whole(calm, flow);
	write_handshake(calm, flow);
	write_goodbye(calm, casting, flow);
	write_reset(calm, casting, flow);
	for (int side = CLIENT; side <= SERVER; side++) {
		struct cast cast = cast_of(calm, casting, (enum side)side);

		flow->sequence[side].window_scale = scale_of(calm, (enum side)side);
		if (calm->phase == CALM_REFUSED && side == SERVER)
			write_refusal(&cast, flow);
		else if (calm->ends[side].packets > 0)
			write_end(&cast, flow);
	}
	write_zeek(calm, casting, flow);
}
