/* zeek_state.c: Zeek's states of the ends, and the conn_state that they make. */

#include "track/zeek_parts.h"

#include <string.h>

static void enter(struct zeek_end *end, enum zeek_state state)
{
	if (end->state == state)
		return;
	end->previous = end->state;
	end->state = (uint8_t)state;
}

/* `reverses`: the SYN that the SYN-ACK before it answers, captured out of order. */
static void open_responder(struct zeek *zeek, struct zeek_end *end, struct zeek_end *peer,
                           bool reverses)
{
	if (reverses) {
		zeek_flip(zeek);
		enter(peer, ZEEK_ESTABLISHED);
	}
	if (peer->state == ZEEK_SYN_SENT)
		enter(peer, ZEEK_ESTABLISHED);
	enter(end, ZEEK_ESTABLISHED);
}

/* Without SYN, FIN and RST. Some stacks acknowledge a SYN before they answer it. */
static void begin_plain(struct zeek_end *end, const struct zeek_end *peer,
                        const struct segment *segment, bool is_originator)
{
	if (!is_originator && segment->payload == 0 && peer->state == ZEEK_SYN_SENT)
		return;
	if (segment_has(segment, TCP_ACK) && peer->state == ZEEK_ESTABLISHED)
		enter(end, ZEEK_ESTABLISHED);
	else
		enter(end, ZEEK_PARTIAL);
}

static bool begin(struct zeek *zeek, enum side sender, const struct segment *segment, bool reverses)
{
	bool is_originator = sender == zeek->originator;
	struct zeek_end *end = &zeek->ends[sender];
	struct zeek_end *peer = &zeek->ends[sender == CLIENT ? SERVER : CLIENT];

	if (!segment_has_any(segment, TCP_SYN | TCP_FIN | TCP_RST)) {
		begin_plain(end, peer, segment, is_originator);
		return false;
	}
	if (segment_has(segment, TCP_SYN) && !is_originator)
		open_responder(zeek, end, peer, reverses);
	else if (segment_has(segment, TCP_SYN | TCP_ACK))
		enter(end, ZEEK_SYN_ACK_SENT);
	else if (segment_has(segment, TCP_SYN))
		enter(end, ZEEK_SYN_SENT);
	if (segment_has(segment, TCP_FIN))
		enter(end, ZEEK_CLOSED);
	if (segment_has(segment, TCP_RST))
		enter(end, ZEEK_RESET);
	return segment_has_any(segment, TCP_FIN | TCP_RST);
}

static bool move_opening(struct zeek_end *end, const struct segment *segment)
{
	if (segment_has(segment, TCP_FIN))
		enter(end, ZEEK_CLOSED);
	if (segment_has(segment, TCP_RST))
		enter(end, ZEEK_RESET);
	return segment_has_any(segment, TCP_FIN | TCP_RST);
}

/* A FIN after which the peer sent FIN and RST: that was a normal end after all. */
static void forgive(struct zeek_end *peer)
{
	if (peer->state == ZEEK_RESET && peer->previous == ZEEK_CLOSED)
		enter(peer, ZEEK_CLOSED);
}

static bool move_open(struct zeek_end *end, struct zeek_end *peer, const struct segment *segment)
{
	if (segment_has(segment, TCP_RST)) {
		enter(end, ZEEK_RESET);
		return true;
	}
	if (segment_has(segment, TCP_SYN) && !segment_has(segment, TCP_ACK) &&
	    end->state == ZEEK_PARTIAL && peer->state == ZEEK_INACTIVE)
		enter(end, ZEEK_SYN_SENT);
	if (!segment_has(segment, TCP_FIN))
		return false;
	enter(end, ZEEK_CLOSED);
	forgive(peer);
	return true;
}

/* A reset after both FINs changes nothing. */
static bool move_closed(struct zeek_end *end, const struct zeek_end *peer,
                        const struct segment *segment)
{
	if (!segment_has(segment, TCP_RST) || peer->state == ZEEK_CLOSED)
		return false;
	enter(end, ZEEK_RESET);
	return !end->is_closed;
}

bool zeek_move(struct zeek *zeek, enum side sender, const struct segment *segment, bool reverses)
{
	struct zeek_end *end = &zeek->ends[sender];
	struct zeek_end *peer = &zeek->ends[sender == CLIENT ? SERVER : CLIENT];

	switch (end->state) {
	case ZEEK_INACTIVE:
		return begin(zeek, sender, segment, reverses);
	case ZEEK_SYN_SENT:
	case ZEEK_SYN_ACK_SENT:
		return move_opening(end, segment);
	case ZEEK_PARTIAL:
	case ZEEK_ESTABLISHED:
		return move_open(end, peer, segment);
	case ZEEK_CLOSED:
		return move_closed(end, peer, segment);
	default:
		return false;
	}
}

/* Sets of states, a bit each. */
#define IN(state) (1u << ZEEK_##state)
enum {
	ANY = 0xff,
	QUIET = IN(INACTIVE) | IN(PARTIAL),
	OPENING = IN(SYN_SENT) | IN(SYN_ACK_SENT),
};

enum proviso { ALWAYS, NOTHING_SENT, ONLY_SYN_THEN_RST };

struct verdict_row {
	unsigned originator;
	unsigned responder;
	enum proviso proviso;
	const char *name;
};

/* The first that fits. */
/* clang-format off */
static const struct verdict_row rows[] = {
	{ OPENING,         IN(RESET),       ALWAYS,            "REJ" },
	{ IN(RESET),       IN(RESET),       NOTHING_SENT,      "REJ" },
	{ QUIET,           IN(RESET),       ALWAYS,            "RSTRH" },
	{ ANY,             IN(RESET),       ALWAYS,            "RSTR" },
	{ IN(RESET),       QUIET,           ONLY_SYN_THEN_RST, "RSTOS0" },
	{ IN(RESET),       QUIET,           ALWAYS,            "OTH" },
	{ IN(RESET),       ANY,             ALWAYS,            "RSTO" },
	{ IN(CLOSED),      IN(CLOSED),      ALWAYS,            "SF" },
	{ IN(CLOSED),      QUIET,           ALWAYS,            "SH" },
	{ IN(CLOSED),      ANY,             ALWAYS,            "S2" },
	{ QUIET,           IN(CLOSED),      ALWAYS,            "SHR" },
	{ ANY,             IN(CLOSED),      ALWAYS,            "S3" },
	{ IN(SYN_SENT),    IN(INACTIVE),    ALWAYS,            "S0" },
	{ IN(ESTABLISHED), IN(ESTABLISHED), ALWAYS,            "S1" },
	{ ANY,             ANY,             ALWAYS,            "OTH" },
};
/* clang-format on */

/* Zeek's pattern: \^?S[^HAFGIQ]*R.* */
static bool is_only_syn_then_rst(const char *history)
{
	history += *history == '^';
	return *history == 'S' && history[strcspn(history, "HAFGIQR")] == 'R';
}

static bool holds(const struct zeek *zeek, enum proviso proviso)
{
	switch (proviso) {
	case NOTHING_SENT:
		return zeek_size(zeek, CLIENT) == 0 && zeek_size(zeek, SERVER) == 0;
	case ONLY_SYN_THEN_RST:
		return is_only_syn_then_rst(zeek->history);
	default:
		return true;
	}
}

/* `originator` and `responder`: a bit each. */
static inline bool fits(const struct zeek *zeek, const struct verdict_row *row,
                        unsigned originator, unsigned responder)
{
	return (row->originator & originator) != 0 && (row->responder & responder) != 0 &&
	       holds(zeek, row->proviso);
}

static const char *datagram_state(const struct zeek *zeek)
{
	bool asked = zeek_has_data(&zeek->ends[zeek->originator]);
	bool replied = zeek_has_data(&zeek->ends[zeek->originator == CLIENT ? SERVER : CLIENT]);

	if (asked)
		return replied ? "SF" : "S0";
	return replied ? "SHR" : "OTH";
}

const char *zeek_conn_state(const struct flow *flow)
{
	const struct zeek *zeek = &flow->zeek;
	unsigned originator = 1u << zeek->ends[zeek->originator].state;
	unsigned responder = 1u << zeek->ends[zeek->originator == CLIENT ? SERVER : CLIENT].state;
	const struct verdict_row *row = rows;

	if (flow->key.protocol == PROTOCOL_UDP)
		return datagram_state(zeek);
	while (!fits(zeek, row, originator, responder))
		row++;
	return row->name;
}
