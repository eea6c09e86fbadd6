/* values_sequence.c: what the columns write of a connection's sequence, for each of its ends. */

#include "report/values.h"

#include "base/time.h"

#define VALUE(name)                                                                                \
	void value_##name(struct text *text, const struct page *page, const struct flow *flow)

typedef void end_writer(struct text *text, const struct flow *flow, enum side side);

/* {"client":1,"server":0}; nothing for UDP, which has no sequence. */
static void add_ends(struct text *text, const struct flow *flow, end_writer *add)
{
	if (flow->key.protocol != PROTOCOL_TCP)
		return;
	text_add(text, "{\"client\":");
	add(text, flow, CLIENT);
	text_add(text, ",\"server\":");
	add(text, flow, SERVER);
	text_add_char(text, '}');
}

#define NUMBER_OF_ENDS(name, number)                                                               \
	static void add_##name(struct text *text, const struct flow *flow, enum side side)         \
	{                                                                                          \
		text_add_unsigned(text, number);                                                   \
	}                                                                                          \
	VALUE(name)                                                                                \
	{                                                                                          \
		(void)page;                                                                        \
		add_ends(text, flow, add_##name);                                                  \
	}
#define MARK_OF_ENDS(name, mark) NUMBER_OF_ENDS(name, flow_marks(flow, side, MARK_##mark))

/* clang-format off */
MARK_OF_ENDS(retransmissions,          RETRANSMISSION)
MARK_OF_ENDS(fast_retransmissions,     FAST_RETRANSMISSION)
MARK_OF_ENDS(spurious_retransmissions, SPURIOUS_RETRANSMISSION)
MARK_OF_ENDS(out_of_order,             OUT_OF_ORDER)
MARK_OF_ENDS(duplicate_acks,           DUPLICATE_ACK)
MARK_OF_ENDS(lost_segments,            LOST_SEGMENT)
MARK_OF_ENDS(zero_windows,             ZERO_WINDOW)
MARK_OF_ENDS(window_full,              WINDOW_FULL)
MARK_OF_ENDS(keep_alives,              KEEP_ALIVE)
MARK_OF_ENDS(duplicates,               DUPLICATE)
MARK_OF_ENDS(acked_unseen,             ACKED_UNSEEN)
MARK_OF_ENDS(zero_window_probes,       ZERO_WINDOW_PROBE)
MARK_OF_ENDS(zero_window_probe_acks,   ZERO_WINDOW_PROBE_ACK)
MARK_OF_ENDS(keep_alive_acks,          KEEP_ALIVE_ACK)
MARK_OF_ENDS(window_updates,           WINDOW_UPDATE)
MARK_OF_ENDS(reused_ports,             REUSED_PORTS)
MARK_OF_ENDS(tfo_syns,                 TFO_SYN)
MARK_OF_ENDS(tfo_acks,                 TFO_ACK)
MARK_OF_ENDS(tfo_ignored,              TFO_IGNORED)
MARK_OF_ENDS(dsacks,                   DSACK)
MARK_OF_ENDS(bad_checksums,            BAD_CHECKSUM)
MARK_OF_ENDS(offloaded_checksums,      OFFLOADED)
MARK_OF_ENDS(super_segments,           SUPER_SEGMENT)
MARK_OF_ENDS(cut_segments,             CUT)
MARK_OF_ENDS(backwards,                BACKWARDS)

NUMBER_OF_ENDS(unique_bytes,           flow_unique_bytes(flow, side))
NUMBER_OF_ENDS(repeated_bytes,         flow_repeated_bytes(flow, side))
NUMBER_OF_ENDS(repeated_packets,       flow_repeated_packets(flow, side))
NUMBER_OF_ENDS(missed_bytes,           flow_missed_bytes(flow, side))
NUMBER_OF_ENDS(data_packets,           flow->sequence[side].data_packets)
NUMBER_OF_ENDS(pure_acks,              flow->sequence[side].pure_acks)
NUMBER_OF_ENDS(max_segment,            flow->sequence[side].largest)
NUMBER_OF_ENDS(max_window,             flow->sequence[side].window_most)
NUMBER_OF_ENDS(initial_window,         flow->sequence[side].initial_window)
NUMBER_OF_ENDS(max_in_flight,          flow->sequence[side].in_flight_most)
/* clang-format on */

static uint64_t rtt_count(const struct flow *flow, enum side side)
{
	return flow_round_trips(flow, side).count;
}

NUMBER_OF_ENDS(rtt_samples, rtt_count(flow, side))

static void add_share(struct text *text, const struct flow *flow, enum side side, unsigned share)
{
	struct round_trips trips = flow_round_trips(flow, side);
	int64_t span = round_trips_at(&trips, share);

	if (span == TIME_NONE)
		text_add(text, "null");
	else
		time_add_seconds(text, span, 9);
}

#define SHARE_OF_ENDS(name, share)                                                                 \
	static void add_##name(struct text *text, const struct flow *flow, enum side side)         \
	{                                                                                          \
		add_share(text, flow, side, share);                                                \
	}                                                                                          \
	VALUE(name)                                                                                \
	{                                                                                          \
		(void)page;                                                                        \
		add_ends(text, flow, add_##name);                                                  \
	}

/* In thousandths. */
SHARE_OF_ENDS(rtt_min, 0)
SHARE_OF_ENDS(rtt_median, 500)
SHARE_OF_ENDS(rtt_p99, 990)

static void add_mss(struct text *text, const struct flow *flow, enum side side)
{
	if (flow->mss[side] == 0)
		text_add(text, "null");
	else
		text_add_unsigned(text, flow->mss[side]);
}

VALUE(mss)
{
	(void)page;
	add_ends(text, flow, add_mss);
}

/* What was not seen to be agreed on is unknown, not 0. */
static void add_window_scale(struct text *text, const struct flow *flow, enum side side)
{
	int scale = flow->sent[side].window_scale;

	if (scale < 0)
		text_add(text, "null");
	else
		text_add_unsigned(text, (uint64_t)scale);
}

VALUE(window_scale)
{
	(void)page;
	add_ends(text, flow, add_window_scale);
}

VALUE(one_sided)
{
	(void)page;
	if (flow->key.protocol == PROTOCOL_TCP)
		text_add(text, flow_is_one_sided(flow) ? "true" : "false");
}

VALUE(analysis_complete)
{
	(void)page;
	if (flow->key.protocol == PROTOCOL_TCP)
		text_add(text, flow->sequence[CLIENT].is_incomplete ||
		                               flow->sequence[SERVER].is_incomplete
		                       ? "false"
		                       : "true");
}
