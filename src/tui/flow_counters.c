/* flow_counters.c: what both ends of a flow have sent, counted, side by side. */
#include "tui/flow_parts.h"

#include "base/time.h"
#include "tui/shorten.h"

enum {
	NAME_COLUMNS = 20,
	VALUE_COLUMNS = 9,
	BLOCK_COLUMNS = NAME_COLUMNS + 2 * VALUE_COLUMNS + 1,
	WHOLE_MOST = 100000000, /* larger numbers are shortened */
};

typedef void counter(struct text *text, const struct flow *flow, enum side side);

/* A mark, or a counter. Marks that neither end has are left out. */
struct counter_row {
	const char *name;
	counter *add;
	enum mark mark;
};

static counter packets, payload, unique, repeated, missed, data_packets, pure_acks, largest, mss,
	scale, window_most, in_flight_most, initial_window, resets, rtt_count, rtt_least,
	rtt_median, rtt_most;

static void add_count(struct text *text, uint64_t count)
{
	if (count < WHOLE_MOST)
		text_add_unsigned(text, count);
	else
		short_number(text, count);
}

static void add_span(struct text *text, int64_t span)
{
	short_span(text, span, false);
}

static void packets(struct text *text, const struct flow *flow, enum side side)
{
	add_count(text, flow->sent[side].packets);
}

static void payload(struct text *text, const struct flow *flow, enum side side)
{
	add_count(text, flow->sent[side].payload);
}

static void unique(struct text *text, const struct flow *flow, enum side side)
{
	add_count(text, flow_unique_bytes(flow, side));
}

static void repeated(struct text *text, const struct flow *flow, enum side side)
{
	add_count(text, flow_repeated_bytes(flow, side));
}

static void missed(struct text *text, const struct flow *flow, enum side side)
{
	add_count(text, flow_missed_bytes(flow, side));
}

static void data_packets(struct text *text, const struct flow *flow, enum side side)
{
	add_count(text, flow->sequence[side].data_packets);
}

static void pure_acks(struct text *text, const struct flow *flow, enum side side)
{
	add_count(text, flow->sequence[side].pure_acks);
}

static void largest(struct text *text, const struct flow *flow, enum side side)
{
	add_count(text, flow->sequence[side].largest);
}

static void mss(struct text *text, const struct flow *flow, enum side side)
{
	if (flow->mss[side] > 0)
		add_count(text, flow->mss[side]);
	else
		text_add(text, "-");
}

static void scale(struct text *text, const struct flow *flow, enum side side)
{
	int shift = flow->sent[side].window_scale;

	if (shift >= 0)
		text_format(text, "×%u", 1u << shift);
	else
		text_add(text, shift == WINDOW_SCALE_UNUSED ? "none" : "-");
}

static void window_most(struct text *text, const struct flow *flow, enum side side)
{
	add_count(text, flow->sequence[side].window_most);
}

static void in_flight_most(struct text *text, const struct flow *flow, enum side side)
{
	add_count(text, flow->sequence[side].in_flight_most);
}

static void initial_window(struct text *text, const struct flow *flow, enum side side)
{
	add_count(text, flow->sequence[side].initial_window);
}

static void resets(struct text *text, const struct flow *flow, enum side side)
{
	add_count(text, flow->sent[side].resets);
}

static void rtt_count(struct text *text, const struct flow *flow, enum side side)
{
	const struct round_trips trips = flow_round_trips(flow, side);

	add_count(text, trips.count);
}

static void rtt_least(struct text *text, const struct flow *flow, enum side side)
{
	const struct round_trips trips = flow_round_trips(flow, side);

	add_span(text, trips.count > 0 ? trips.least : TIME_NONE);
}

static void rtt_median(struct text *text, const struct flow *flow, enum side side)
{
	const struct round_trips trips = flow_round_trips(flow, side);

	add_span(text, round_trips_at(&trips, 500));
}

static void rtt_most(struct text *text, const struct flow *flow, enum side side)
{
	const struct round_trips trips = flow_round_trips(flow, side);

	add_span(text, trips.count > 0 ? trips.most : TIME_NONE);
}

/* clang-format off */
static const struct counter_row rows[] = {
	{ "packets",            packets, 0 },
	{ "payload, bytes",     payload, 0 },
	{ "largest segment",    largest, 0 },
	{ "ACK after, median",  rtt_median, 0 },
	{ "retransmissions",    NULL, MARK_RETRANSMISSION },
	{ "out of order",       NULL, MARK_OUT_OF_ORDER },
	{ "after a gap",        NULL, MARK_LOST_SEGMENT },
	{ "duplicate ACKs",     NULL, MARK_DUPLICATE_ACK },
	{ "zero windows",       NULL, MARK_ZERO_WINDOW },
	{ "window full",        NULL, MARK_WINDOW_FULL },
	{ "largest window",     window_most, 0 },
	{ "most in flight",     in_flight_most, 0 },
	{ "data segments",      data_packets, 0 },
	{ "pure ACKs",          pure_acks, 0 },
	{ "mss",                mss, 0 },
	{ "window scale",       scale, 0 },
	{ "timed ACKs",         rtt_count, 0 },
	{ "ACK after, least",   rtt_least, 0 },
	{ "ACK after, most",    rtt_most, 0 },
	{ "unique bytes",       unique, 0 },
	{ "repeated bytes",     repeated, 0 },
	{ "bytes not captured", missed, 0 },
	{ "initial window",     initial_window, 0 },
	{ "resets",             resets, 0 },
	{ "fast retransm.",     NULL, MARK_FAST_RETRANSMISSION },
	{ "spurious retransm.", NULL, MARK_SPURIOUS_RETRANSMISSION },
	{ "keep-alives",        NULL, MARK_KEEP_ALIVE },
	{ "window updates",     NULL, MARK_WINDOW_UPDATE },
	{ "zero window probes", NULL, MARK_ZERO_WINDOW_PROBE },
	{ "acks unseen data",   NULL, MARK_ACKED_UNSEEN },
	{ "bad checksums",      NULL, MARK_BAD_CHECKSUM },
	{ "captured twice",     NULL, MARK_DUPLICATE },
};
/* clang-format on */

enum { ROWS = sizeof rows / sizeof rows[0], DATAGRAM_ROWS = 2 };

static bool is_shown(const struct flow *flow, const struct counter_row *row)
{
	return row->add || flow_marks(flow, CLIENT, row->mark) > 0 ||
	       flow_marks(flow, SERVER, row->mark) > 0;
}

static void row_draw(const struct flow *flow, const struct counter_row *row, struct canvas *canvas,
                     int at, int column, int room)
{
	canvas_put(canvas, at, column, room < NAME_COLUMNS ? room : NAME_COLUMNS,
	           look_of(PAINT_DIM), row->name);
	for (int side = CLIENT; side <= SERVER; side++) {
		char storage[32];
		struct text text = text_over(storage, sizeof storage);
		int from = NAME_COLUMNS + side * VALUE_COLUMNS;

		if (row->add)
			row->add(&text, flow, (enum side)side);
		else
			add_count(&text, flow_marks(flow, (enum side)side, row->mark));
		if (from + VALUE_COLUMNS > room)
			return;
		canvas_put_right(canvas, at, column + from, VALUE_COLUMNS,
		                 look_of(row->add ? PAINT_PLAIN : PAINT_CLOSING), storage);
	}
}

static void heads_draw(struct canvas *canvas, int row, int column)
{
	canvas_put_right(canvas, row, column + NAME_COLUMNS, VALUE_COLUMNS, look_of(PAINT_HEAD),
	                 "client");
	canvas_put_right(canvas, row, column + NAME_COLUMNS + VALUE_COLUMNS, VALUE_COLUMNS,
	                 look_of(PAINT_HEAD), "server");
}

int flow_counters_draw(const struct sight *sight, struct canvas *canvas, struct area area)
{
	int last = sight->flow->key.protocol == PROTOCOL_TCP ? ROWS : DATAGRAM_ROWS;
	int blocks = area.columns / BLOCK_COLUMNS > 0 ? area.columns / BLOCK_COLUMNS : 1;
	const struct counter_row *shown[ROWS];
	int count = 0;
	int height;

	for (int i = 0; i < last; i++) {
		if (is_shown(sight->flow, &rows[i]))
			shown[count++] = &rows[i];
	}
	height = (count + blocks - 1) / blocks;
	if (height > area.rows - 1)
		height = area.rows - 1;
	if (height <= 0)
		return 0;
	for (int i = 0; i < count && i < blocks * height; i++) {
		int column = area.column + 1 + i / height * BLOCK_COLUMNS;

		if (i % height == 0)
			heads_draw(canvas, area.row, column);
		row_draw(sight->flow, shown[i], canvas, area.row + 1 + i % height, column,
		         area.columns - 1);
	}
	return height + 1;
}
