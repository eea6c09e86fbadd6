/* values_sequence.h: what the columns write of a connection's sequence, for each of its ends. */
#ifndef REPORT_VALUES_SEQUENCE_H
#define REPORT_VALUES_SEQUENCE_H

/* As values_inline.h. */

#include "base/time.h"
#include "report/put.h"
#include "report/values.h"

#define VALUE(name) static inline char *say_##name(char *at, struct record *record)

/* {"client":1,"server":0}; nothing for UDP, which has no sequence. */
#define NUMBER_OF_ENDS(name, number)                                                               \
	static inline uint64_t name##_of(const struct flow *flow, enum side side)                  \
	{                                                                                          \
		return number;                                                                     \
	}                                                                                          \
	VALUE(name)                                                                                \
	{                                                                                          \
		const struct flow *flow = record->flow;                                            \
                                                                                                   \
		if (!record->is_tcp)                                                               \
			return at;                                                                 \
		return put_ends(at, name##_of(flow, CLIENT), name##_of(flow, SERVER));             \
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

/* As put_ends, of what may be unknown. */
static inline char *put_parts(char *at, struct record *record,
                       char *(*put_part)(char *at, struct record *record, enum side side))
{
	if (!record->is_tcp)
		return at;
	at = put_part(put(at, "{\"client\":"), record, CLIENT);
	at = put_part(put(at, ",\"server\":"), record, SERVER);
	*at = '}';
	return at + 1;
}

VALUE(rtt_samples)
{
	const struct round_trip_shares *shares;

	if (!record->is_tcp)
		return at;
	shares = record_shares(record);
	return put_ends(at, shares[CLIENT].count, shares[SERVER].count);
}

#define SHARE_OF_ENDS(name, share)                                                                 \
	static inline char *put_##name(char *at, struct record *record, enum side side)                   \
	{                                                                                          \
		int64_t span = record_shares(record)[side].share;                                  \
                                                                                                   \
		return span == TIME_NONE ? put(at, "null") : put_nanoseconds(at, span);            \
	}                                                                                          \
	VALUE(name)                                                                                \
	{                                                                                          \
		return put_parts(at, record, put_##name);                                          \
	}

SHARE_OF_ENDS(rtt_min, least)
SHARE_OF_ENDS(rtt_median, median)
SHARE_OF_ENDS(rtt_p99, late)

static inline char *put_mss(char *at, struct record *record, enum side side)
{
	uint16_t mss = record->flow->mss[side];

	return mss == 0 ? put(at, "null") : put_unsigned(at, mss);
}

VALUE(mss)
{
	return put_parts(at, record, put_mss);
}

/* What was not seen to be agreed on is unknown, not 0. */
static inline char *put_window_scale(char *at, struct record *record, enum side side)
{
	int scale = record->flow->sent[side].window_scale;

	return scale < 0 ? put(at, "null") : put_unsigned(at, (uint64_t)scale);
}

VALUE(window_scale)
{
	return put_parts(at, record, put_window_scale);
}

static inline char *put_truth(char *at, const struct record *record, bool truth)
{
	return record->is_tcp ? put(at, truth ? "true" : "false") : at;
}

VALUE(one_sided)
{
	return put_truth(at, record, flow_is_one_sided(record->flow));
}

VALUE(analysis_complete)
{
	const struct sequence *sequence = record->flow->sequence;

	return put_truth(at, record,
	                 !sequence[CLIENT].is_incomplete && !sequence[SERVER].is_incomplete);
}

#undef VALUE

#endif
