/* flows_order.c: what each column sorts by, as numbers, and the sorting itself. */

/*
 * 100,000 rows are sorted for a redraw: ranks are made once while a flow stays as it
 * is, comparing them is three numbers, and a run that is in order already is only
 * looked at. Ties go by id, so the order is a function of the moment alone.
 */

#include <string.h>

#include "base/time.h"
#include "diagnose/finding.h"
#include "tui/flows_parts.h"

/* What is not known comes after all that is, in either order. */
#define UNRANKED UINT64_MAX

/* ---- ranks ---- */

#define ORDER(name) struct rank order_##name(const struct page *page, const struct flow *flow)
#define UNUSED (void)page

static struct rank number(uint64_t value)
{
	return (struct rank){ { value, 0, 0 } };
}

/* Negative spans come first. */
static struct rank span(int64_t value)
{
	return number(value == TIME_NONE ? UNRANKED : (uint64_t)value ^ UINT64_C(1) << 63);
}

/* The first eight bytes. */
static uint64_t letters(const char *words)
{
	uint64_t value = 0;

	for (int i = 0; i < 8; i++) {
		value = value << 8 | (unsigned char)*words;
		words += *words != '\0';
	}
	return value;
}

static uint64_t eight_bytes(const uint8_t *bytes)
{
	uint64_t value = 0;

	for (int i = 0; i < 8; i++)
		value = value << 8 | bytes[i];
	return value;
}

/* IPv4 before IPv6. */
static struct rank end(const struct flow *flow, enum side side)
{
	const uint8_t *bytes = flow->key.address[side].bytes;
	bool is_ipv6 = flow->key.family == FAMILY_IPV6;
	uint64_t first = eight_bytes(bytes), second = eight_bytes(bytes + 8);

	if (!is_ipv6) {
		second = first;
		first = 0;
	}
	return (struct rank){ { first, second, flow->key.port[side] } };
}

static bool is_tcp(const struct flow *flow)
{
	return flow->key.protocol == PROTOCOL_TCP;
}

static struct rank state(const struct flow *flow, enum side side)
{
	return number(is_tcp(flow) ? (uint64_t)flow_state(flow, side) : STATE_COUNT);
}

/* clang-format off */
ORDER(id)             { UNUSED; return number(flow->id); }
ORDER(client)         { UNUSED; return end(flow, CLIENT); }
ORDER(server)         { UNUSED; return end(flow, SERVER); }
ORDER(protocol)       { UNUSED; return number(flow->key.protocol); }
ORDER(client_state)   { UNUSED; return state(flow, CLIENT); }
ORDER(server_state)   { UNUSED; return state(flow, SERVER); }
ORDER(irtt)           { UNUSED; return span(flow_irtt(flow)); }
ORDER(syn_rtt)        { UNUSED; return span(flow_syn_rtt(flow)); }
ORDER(ack_rtt)        { UNUSED; return span(flow_ack_rtt(flow)); }
ORDER(sent)           { UNUSED; return number(flow->sent[CLIENT].payload); }
ORDER(received)       { UNUSED; return number(flow->sent[SERVER].payload); }
ORDER(start)          { UNUSED; return span(flow->start); }
ORDER(duration)       { UNUSED; return span(time_between(flow->start, flow->last)); }
ORDER(client_packets) { UNUSED; return number(flow->sent[CLIENT].packets); }
ORDER(server_packets) { UNUSED; return number(flow->sent[SERVER].packets); }
ORDER(zeek)           { UNUSED; return number(letters(zeek_conn_state(flow))); }
ORDER(stream)         { UNUSED; return number(is_tcp(flow) ? flow->stream : UNRANKED); }
/* clang-format on */

ORDER(opening)
{
	uint64_t opening = is_tcp(flow) ? flow_opening(flow) : OPENING_COUNT;

	UNUSED;
	return (struct rank){ { opening, flow->sent[CLIENT].syns, 0 } };
}

ORDER(closing)
{
	UNUSED;
	return number(is_tcp(flow) ? flow_closing(flow) : CLOSING_COUNT);
}

ORDER(age)
{
	bool is_over = flow->stage == STAGE_KEPT || (is_tcp(flow) && flow_is_over(flow));

	return span(time_between(flow->start, is_over ? flow->last : tracker_now(page->tracker)));
}

ORDER(repeats)
{
	UNUSED;
	return number((uint64_t)flow_marks(flow, CLIENT, MARK_RETRANSMISSION) +
	              flow_marks(flow, SERVER, MARK_RETRANSMISSION));
}

/* The worst comes first, then in the order of the alphabet. */
ORDER(note)
{
	const char *outcome = flow_outcome(flow);
	size_t length = strlen(outcome);

	UNUSED;
	return (struct rank){ { SEVERITY_FAILURE - flow_severity(flow), letters(outcome),
		                letters(outcome + (length < 8 ? length : 8)) } };
}

/* ---- sorting ---- */

static bool goes_before(const struct flows_row *one, const struct flows_row *other,
                        bool is_backwards)
{
	if ((one->rank.parts[0] == UNRANKED) != (other->rank.parts[0] == UNRANKED))
		return other->rank.parts[0] == UNRANKED;
	for (int i = 0; i < 3; i++) {
		if (one->rank.parts[i] != other->rank.parts[i])
			return (one->rank.parts[i] < other->rank.parts[i]) != is_backwards;
	}
	return one->id < other->id;
}

static void merge(struct flows_row *to, const struct flows_row *left, size_t left_count,
                  const struct flows_row *right, size_t right_count, bool is_backwards)
{
	while (left_count > 0 && right_count > 0) {
		if (goes_before(right, left, is_backwards)) {
			*to++ = *right++;
			right_count--;
		} else {
			*to++ = *left++;
			left_count--;
		}
	}
	memcpy(to, left, left_count * sizeof(*to));
	memcpy(to + left_count, right, right_count * sizeof(*to));
}

/* As the rows come by id, so they are when the newest shall be first. Where not, that is found soon. */
static bool is_wrong_way_round(const struct flows_row *rows, size_t count, bool is_backwards)
{
	for (size_t i = 1; i < count; i++) {
		if (!goes_before(&rows[i], &rows[i - 1], is_backwards))
			return false;
	}
	return true;
}

static void turn_round(struct flows_row *rows, size_t count)
{
	for (size_t i = 0; i < count / 2; i++) {
		struct flows_row row = rows[i];

		rows[i] = rows[count - 1 - i];
		rows[count - 1 - i] = row;
	}
}

void flows_sort(struct flows_row *rows, struct flows_row *spare, size_t count, bool is_backwards)
{
	if (is_wrong_way_round(rows, count, is_backwards)) {
		turn_round(rows, count);
		return;
	}
	for (size_t run = 1; run < count; run *= 2) {
		for (size_t at = 0; at + run < count; at += 2 * run) {
			size_t rest = count - at - run;
			size_t right = rest < run ? rest : run;

			if (!goes_before(&rows[at + run], &rows[at + run - 1], is_backwards))
				continue;
			memcpy(spare, rows + at, run * sizeof(*rows));
			merge(rows + at, spare, run, rows + at + run, right, is_backwards);
		}
	}
}
