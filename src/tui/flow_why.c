/* flow_why.c: why a segment moved the state of an end, or none. */

/*
 * The arrows are those of src/track/state.c. One segment may take several of
 * them, and its sender may take back what was only presumed: those pairs of
 * states have rows, too.
 * Section numbers are RFC 9293's unless another RFC is named.
 */

#include "tui/flow_parts.h"

struct reason {
	const char *words;
	const char *rfc;
};

struct move_row {
	uint8_t from, to; /* enum tcp_state; UNKNOWN as `from`: any that has no row */
	struct reason reason;
};

struct mark_row {
	enum mark mark;
	struct reason reason;
};

struct oddity_row {
	enum oddity oddity;
	const char *rfc;
};

/* clang-format off */
static const struct move_row moves[] = {
	{ ST_UNKNOWN,      ST_LISTEN,       { "a SYN was sent to it: only its SYN-ACK will prove that it listens", "3.10.7.2" } },
	{ ST_UNKNOWN,      ST_SYN_SENT,     { "it sent a SYN: an active open", "3.10.1" } },
	{ ST_CLOSED,       ST_SYN_SENT,     { "it sent a SYN: an active open", "3.10.1" } },
	{ ST_UNKNOWN,      ST_SYN_RECEIVED, { "its SYN-ACK proves that it listened, and got the SYN", "3.10.7.2" } },
	{ ST_UNKNOWN,      ST_ESTABLISHED,  { "it talks, or is talked to, as only an open connection does; how it was opened was not captured", "3.3.2" } },
	{ ST_LISTEN,       ST_SYN_SENT,     { "it sent a SYN itself: the SYNs crossed", "3.5" } },
	{ ST_LISTEN,       ST_SYN_RECEIVED, { "its SYN-ACK proves that it got the SYN", "3.10.7.2" } },
	{ ST_LISTEN,       ST_ESTABLISHED,  { "its SYN-ACK came late: the SYN was acknowledged already", "3.10.7.4" } },
	{ ST_SYN_SENT,     ST_SYN_RECEIVED, { "it answers a SYN although it sent one itself: a simultaneous open", "3.10.7.3" } },
	{ ST_SYN_SENT,     ST_ESTABLISHED,  { "it acknowledged the peer's SYN", "3.10.7.3" } },
	{ ST_SYN_SENT,     ST_FIN_WAIT_1,   { "it acknowledged the peer's SYN and closes at once", "3.10.4" } },
	{ ST_SYN_RECEIVED, ST_ESTABLISHED,  { "its SYN was acknowledged", "3.10.7.4" } },
	{ ST_SYN_RECEIVED, ST_FIN_WAIT_1,   { "it sent its FIN before the handshake was done", "3.10.4" } },
	{ ST_SYN_RECEIVED, ST_CLOSE_WAIT,   { "its SYN was acknowledged, and it got the peer's FIN", "3.10.7.4" } },
	{ ST_SYN_RECEIVED, ST_LISTEN,       { "nothing proves any more that it got the SYN", "3.5" } },
	{ ST_ESTABLISHED,  ST_CLOSE_WAIT,   { "it got the peer's FIN: a passive close", "3.6" } },
	{ ST_ESTABLISHED,  ST_FIN_WAIT_1,   { "it sent its FIN: an active close", "3.10.4" } },
	{ ST_ESTABLISHED,  ST_FIN_WAIT_2,   { "it sent its FIN, and that was acknowledged", "3.10.7.4" } },
	{ ST_ESTABLISHED,  ST_LAST_ACK,     { "one segment acknowledged the peer's FIN and brought its own", "3.6" } },
	{ ST_ESTABLISHED,  ST_CLOSING,      { "it sent its FIN and got the peer's: they crossed", "3.6" } },
	{ ST_FIN_WAIT_1,   ST_FIN_WAIT_2,   { "its FIN was acknowledged", "3.10.7.4" } },
	{ ST_FIN_WAIT_1,   ST_CLOSING,      { "it got the peer's FIN, its own is not acknowledged: the FINs crossed", "3.6" } },
	{ ST_FIN_WAIT_1,   ST_TIME_WAIT,    { "its FIN was acknowledged, and it got the peer's", "3.10.7.4" } },
	{ ST_FIN_WAIT_2,   ST_TIME_WAIT,    { "it got the peer's FIN: now it waits for late segments to die out", "3.6" } },
	{ ST_CLOSING,      ST_TIME_WAIT,    { "its FIN was acknowledged: now it waits for late segments to die out", "3.10.7.4" } },
	{ ST_CLOSE_WAIT,   ST_LAST_ACK,     { "it sent its FIN: its application has closed, too", "3.10.4" } },
	{ ST_CLOSE_WAIT,   ST_CLOSED,       { "it sent its FIN, and that was acknowledged", "3.10.7.4" } },
	{ ST_LAST_ACK,     ST_CLOSED,       { "its FIN was acknowledged", "3.10.7.4" } },
	{ ST_TIME_WAIT,    ST_CLOSED,       { "twice the maximum segment lifetime has gone by", "3.10.8" } },
	/* What was presumed is taken back. */
	{ ST_ESTABLISHED,  ST_SYN_RECEIVED, { "it sends its SYN-ACK again: the last ACK of the handshake did not reach it", "3.8.1" } },
	{ ST_FIN_WAIT_2,   ST_FIN_WAIT_1,   { "it sends its FIN again: the acknowledgment did not reach it", "3.8.1" } },
	{ ST_TIME_WAIT,    ST_CLOSING,      { "it sends its FIN again: the acknowledgment did not reach it", "3.8.1" } },
	{ ST_CLOSED,       ST_LAST_ACK,     { "it sends its FIN again: the last ACK did not reach it", "3.8.1" } },
	{ ST_CLOSE_WAIT,   ST_ESTABLISHED,  { "it acknowledges less than the peer's FIN: it has not got it", "3.10.7.4" } },
	{ ST_CLOSING,      ST_FIN_WAIT_1,   { "it acknowledges less than the peer's FIN: it has not got it", "3.10.7.4" } },
};

/* Why a segment moved nothing; of several that are true the first is said. */
static const struct mark_row unmoved[] = {
	{ MARK_DUPLICATE,               { "the same packet was captured a moment ago", NULL } },
	{ MARK_KEEP_ALIVE,              { "a keep-alive asks only whether the peer is still there", "3.8.4" } },
	{ MARK_KEEP_ALIVE_ACK,          { "it answers a keep-alive", "3.8.4" } },
	{ MARK_ZERO_WINDOW_PROBE,       { "it only probes a closed window", "3.8.6.1" } },
	{ MARK_ZERO_WINDOW_PROBE_ACK,   { "the window is still closed", "3.8.6.1" } },
	{ MARK_SPURIOUS_RETRANSMISSION, { "a repeat of what was acknowledged already", "3.8.1" } },
	{ MARK_FAST_RETRANSMISSION,     { "a repeat, sent at once because duplicate ACKs asked for it", "RFC 5681 section 3.2" } },
	{ MARK_RETRANSMISSION,          { "a repeat of what was captured before", "3.8.1" } },
	{ MARK_OUT_OF_ORDER,            { "it was overtaken: the receiver puts it in its place", "3.10.7.4" } },
	{ MARK_DUPLICATE_ACK,           { "it says again what it said before: something is missing at its sender", "RFC 5681 section 2" } },
	{ MARK_WINDOW_UPDATE,           { "only its window is new", "3.8.6" } },
};

static const struct oddity_row oddity_sections[] = {
	{ ODD_RESET_UNACCEPTABLE,    "3.5.3" },
	{ ODD_RESET_IGNORED,         "3.5.3" },
	{ ODD_SYN_IN_ESTABLISHED,    "RFC 5961 section 4" },
	{ ODD_SYN_ACK_WRONG_ACK,     "3.10.7.3" },
	{ ODD_SYN_ACK_NEW_ISN,       "3.10.7.4" },
	{ ODD_ACK_OF_NOTHING,        "3.5.1" },
	{ ODD_SYN_ACK_REPEATED_LATE, "3.8.1" },
	{ ODD_FAST_OPEN,             "RFC 7413 section 4.2" },
};

static const struct reason
	by_sending_reset = { "it sent a reset: it knows of no such connection, or gives it up at once", "3.5.2" },
	by_getting_reset = { "an acceptable reset was sent to it", "3.5.3" },
	by_refusal       = { "a reset answered its SYN: refused", "3.10.7.3" },
	by_icmp          = { "an ICMP error answered its SYN", "RFC 5461 section 2.2" },
	by_revival       = { "it talks on: the reset did not end it", "3.5.3" },
	by_new_number    = { "the SYN begins a new connection", "3.6.1" },
	by_several       = { "the segment shows several things at once", "3.10.7.4" };
/* clang-format on */

static const char *const names[] = { "client", "server" };

static void reason_add(struct detail *detail, const char *name, enum paint paint, const char *lead,
                       const struct reason *reason)
{
	if (!reason->rfc)
		detail_add(detail, name, paint, "%s%s", lead, reason->words);
	else
		detail_add(detail, name, paint, "%s%s (%s%s)", lead, reason->words,
		           reason->rfc[0] == 'R' ? "" : "RFC 9293 section ", reason->rfc);
}

static const struct reason *reason_in_table(enum tcp_state from, enum tcp_state to)
{
	for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++) {
		if (moves[i].from == from && moves[i].to == to)
			return &moves[i].reason;
	}
	return NULL;
}

static const struct reason *reason_of_move(const struct step *step, enum side side)
{
	enum tcp_state from = (enum tcp_state)step->before[side];
	enum tcp_state to = (enum tcp_state)step->after[side];
	const struct reason *reason;

	if (step->segment.kind == SEGMENT_TCP_QUOTE)
		return &by_icmp;
	if (to == ST_CLOSED && segment_has(&step->segment, TCP_RST)) {
		if (step->side == side)
			return &by_sending_reset;
		return from == ST_SYN_SENT ? &by_refusal : &by_getting_reset;
	}
	reason = reason_in_table(from, to);
	if (reason)
		return reason;
	if (segment_has(&step->segment, TCP_SYN) && from > ST_SYN_RECEIVED)
		return &by_new_number;
	return from == ST_CLOSED ? &by_revival : &by_several;
}

/* A move that its own words do not show stands on the peer's: it may not have arrived. */
static void move_add(struct detail *detail, const struct step *step, enum side side)
{
	enum tcp_state to = (enum tcp_state)step->after[side];
	char lead[96];
	struct text text = text_over(lead, sizeof lead);

	text_format(&text, "moved the %s to %s: ", names[side], state_name(to));
	reason_add(detail, "why", state_paint(to), lead, reason_of_move(step, side));
	if (step->presumed[side] && to != ST_LISTEN && step->side != side)
		detail_add(detail, "", PAINT_DIM,
		           "presumed: nobody saw whether this reached the %s", names[side]);
}

/* It moved nothing, but what was only presumed is proven now. */
static bool proof_add(struct detail *detail, const struct step *step, const struct step *before,
                      enum side side)
{
	const struct step *now = step;

	if (!before || !before->presumed[side] || now->presumed[side] || now->side != side)
		return false;
	detail_add(detail, "why", PAINT_PLAIN,
	           "moved nothing, but proves what was only presumed: the %s is in %s", names[side],
	           state_name((enum tcp_state)now->after[side]));
	return true;
}

static bool oddity_add(struct detail *detail, const struct step *step, const char *lead)
{
	for (size_t i = 0; i < sizeof oddity_sections / sizeof oddity_sections[0]; i++) {
		const struct oddity_row *row = &oddity_sections[i];
		struct reason reason = { oddity_words((uint16_t)row->oddity), row->rfc };

		if (!(step->oddity & row->oddity) || !reason.words)
			continue;
		reason_add(detail, "why", PAINT_TROUBLE, lead, &reason);
		return true;
	}
	return false;
}

static struct reason reason_for_nothing(const struct step *step)
{
	const struct segment *segment = &step->segment;

	if (segment->kind == SEGMENT_TCP_QUOTE)
		return (struct reason){ "one ICMP error ends no connection", "3.9.2.2" };
	for (size_t i = 0; i < sizeof unmoved / sizeof unmoved[0]; i++) {
		if (step->marks & mark_bit(unmoved[i].mark))
			return unmoved[i].reason;
	}
	if (segment_has(segment, TCP_RST))
		return (struct reason){ "a reset had ended it before", "3.5.3" };
	if (step->is_repeat || segment_has(segment, TCP_SYN))
		return (struct reason){ "a repeat of what was captured before", "3.8.1" };
	if (segment_has(segment, TCP_FIN))
		return (struct reason){ "a FIN counts once, and only when all before it is there",
			                "3.10.7.4" };
	if (segment->payload > 0)
		return (struct reason){ "data moves no state", "3.8" };
	if (segment_has(segment, TCP_ACK))
		return (struct reason){ "it acknowledges data, and neither a SYN nor a FIN",
			                "3.10.7.4" };
	return (struct reason){ "without an ACK it says nothing of an open connection",
		                "3.10.7.4" };
}

void detail_add_why(struct detail *detail, const struct flow *flow, const struct step *step,
                    const struct step *before)
{
	int sides = flow->self_connected ? CLIENT : SERVER;
	bool is_said = false;

	if (flow->key.protocol != PROTOCOL_TCP)
		return;
	for (int side = CLIENT; side <= sides; side++) {
		if (step->before[side] == step->after[side])
			continue;
		move_add(detail, step, (enum side)side);
		is_said = true;
	}
	for (int side = CLIENT; !is_said && side <= sides; side++)
		is_said = proof_add(detail, step, before, (enum side)side);
	if (oddity_add(detail, step, is_said ? "" : "moved nothing: "))
		return;
	if (!is_said) {
		struct reason reason = reason_for_nothing(step);

		reason_add(detail, "why", PAINT_PLAIN, "moved nothing: ", &reason);
	}
}
