/* zeek_stream.c: Zeek's sequence numbers, and which bytes of a stream were never seen. */

#include "track/zeek_parts.h"

#include <string.h>

/* Zeek's tcp_max_initial_window and its like: nothing was acknowledged, so acks are not to be expected. */
enum { UNACKED_MOST = 16384, HELD_MOST = 10 * 1024 * 1024 };

static enum side peer_of(enum side side)
{
	return side == CLIENT ? SERVER : CLIENT;
}

/* The relative number nearest to `near`; negative: before the start. */
int64_t zeek_relative(const struct zeek_end *end, uint32_t number, int64_t near)
{
	return near + (int32_t)(number - (end->start + (uint32_t)near));
}

static bool has_nothing_acked(const struct zeek_end *end)
{
	return end->acked == 0 || end->acked == 1;
}

/* A client that finds a half-open connection resets it with the server's idea of its numbers. */
static bool is_half_open(const struct zeek_end *end, const struct zeek_end *peer)
{
	return end->previous == ZEEK_SYN_SENT && end->state == ZEEK_RESET &&
	       peer->state == ZEEK_INACTIVE && !has_nothing_acked(end);
}

int64_t zeek_size(const struct zeek *zeek, enum side side)
{
	const struct zeek_end *end = &zeek->ends[side];
	int64_t size = end->last > end->acked ? end->last : end->acked;

	if (is_half_open(end, &zeek->ends[peer_of(side)]))
		return 0;
	size -= size > 0;
	size -= size > 0 && end->has_fin;
	return size;
}

/* ESTABLISHED, or closed from there: elsewhere gaps would be guesses. */
static bool is_clean(const struct zeek_end *end)
{
	return end->state == ZEEK_ESTABLISHED ||
	       (end->state == ZEEK_CLOSED && end->previous == ZEEK_ESTABLISHED);
}

static void note_gap(struct zeek *zeek, enum side sender, int64_t length)
{
	if (!is_clean(&zeek->ends[CLIENT]) || !is_clean(&zeek->ends[SERVER]))
		return;
	zeek->missed += (uint64_t)length;
	zeek_mark(zeek, sender, ZEEK_GAP);
}

/* Positions near `delivered`, from their low halves. */
static int64_t whole(const struct zeek_end *end, uint32_t low)
{
	return end->delivered + (int32_t)(low - (uint32_t)end->delivered);
}

static void remove_span(struct zeek_end *end, int at)
{
	struct zeek_span *spans = zeek_rare(end)->spans;

	end->span_count--;
	memmove(&spans[at], &spans[at + 1],
	        (size_t)(end->span_count - at) * sizeof(spans[0]));
}

static void deliver(struct zeek_end *end, int64_t position)
{
	end->held += (uint32_t)(position - end->delivered);
	end->delivered = position;
}

/* Spans that are not past a hole any more. */
static void absorb(struct zeek_end *end)
{
	struct zeek_span *spans = zeek_rare(end)->spans;

	while (end->span_count > 0 && whole(end, spans[0].from) <= end->delivered) {
		int64_t to = whole(end, spans[0].to);

		if (to > end->delivered)
			deliver(end, to);
		remove_span(end, 0);
	}
}

/* All that is missing before `position` will never come. */
static void give_up_to(struct zeek *zeek, enum side sender, int64_t position)
{
	struct zeek_end *end = &zeek->ends[sender];
	const struct zeek_span *spans = zeek->rare[sender].spans;

	while (end->span_count > 0 && whole(end, spans[0].from) < position) {
		int64_t from = whole(end, spans[0].from);

		note_gap(zeek, sender, from - end->delivered);
		end->delivered = from;
		absorb(end);
	}
	if (position > end->delivered) {
		if (!end->gave_up)
			note_gap(zeek, sender, position - end->delivered);
		end->delivered = position;
	}
}

void zeek_acknowledge(struct zeek *zeek, enum side sender, int64_t ack)
{
	struct zeek_end *end = &zeek->ends[sender];
	int64_t position;

	if (end->has_fin && ack >= zeek->rare[sender].fin)
		ack = zeek->rare[sender].fin - 1;
	position = ack - 1;
	if (position <= end->delivered - end->held)
		return;
	if (position > end->delivered)
		give_up_to(zeek, sender, position);
	end->held = (uint32_t)(end->delivered - position);
	absorb(end);
}

/* The two with the smallest hole between them become one: that hole is forgotten. */
static void merge_nearest(struct zeek_end *end)
{
	struct zeek_span *spans = zeek_rare(end)->spans;
	int nearest = 0;

	for (int i = 1; i + 1 < end->span_count; i++) {
		if (spans[i + 1].from - spans[i].to <
		    spans[nearest + 1].from - spans[nearest].to)
			nearest = i;
	}
	spans[nearest].to = spans[nearest + 1].to;
	remove_span(end, nearest + 1);
}

static void keep_span(struct zeek_end *end, int64_t from, int64_t to)
{
	struct zeek_span *spans = zeek_rare(end)->spans;
	int at = 0;

	while (at < end->span_count && whole(end, spans[at].to) < from)
		at++;
	while (at < end->span_count && whole(end, spans[at].from) <= to) {
		if (whole(end, spans[at].from) < from)
			from = whole(end, spans[at].from);
		if (whole(end, spans[at].to) > to)
			to = whole(end, spans[at].to);
		remove_span(end, at);
	}
	if (end->span_count == ZEEK_SPANS) {
		merge_nearest(end);
		keep_span(end, from, to);
		return;
	}
	memmove(&spans[at + 1], &spans[at],
	        (size_t)(end->span_count - at) * sizeof(spans[0]));
	spans[at] = (struct zeek_span){ .from = (uint32_t)from, .to = (uint32_t)to };
	end->span_count++;
}

static uint32_t bytes_kept(const struct zeek_end *end)
{
	const struct zeek_span *spans = zeek_rare_seen(end)->spans;
	uint32_t bytes = end->held;

	for (int i = 0; i < end->span_count; i++)
		bytes += spans[i].to - spans[i].from;
	return bytes;
}

static bool has_too_much(const struct zeek_end *end)
{
	const struct zeek_span *spans = zeek_rare_seen(end)->spans;

	if (end->span_count > 0 && has_nothing_acked(end) &&
	    spans[end->span_count - 1].to - (uint32_t)end->delivered > UNACKED_MOST)
		return true;
	return bytes_kept(end) > HELD_MOST;
}

void zeek_receive(struct zeek *zeek, enum side sender, int64_t position, uint32_t length)
{
	struct zeek_end *end = &zeek->ends[sender];
	int64_t to = position + length;

	if (end->gave_up || to <= end->delivered - end->held || to - end->delivered > INT32_MAX)
		return;
	if (position <= end->delivered) {
		if (to > end->delivered)
			deliver(end, to);
		absorb(end);
		if (has_nothing_acked(end) && zeek_size(zeek, sender) > UNACKED_MOST)
			end->held = 0;
	} else {
		keep_span(end, position, to);
	}
	if (has_too_much(end)) {
		end->gave_up = true;
		end->span_count = 0;
		end->held = 0;
	}
}

static bool has_undelivered(const struct zeek_end *end)
{
	return end->held > 0 || end->span_count > 0;
}

/* Something it sent before its end has not been delivered, or not been acknowledged by it. */
bool zeek_is_pending(const struct zeek *zeek, enum side side)
{
	const struct zeek_end *end = &zeek->ends[side];
	int64_t next = end->delivered + 1;

	if (end->gave_up || end->last < next)
		return false;
	if (next != end->last - 1 && next != end->last)
		return true;
	return end->state != ZEEK_RESET && has_undelivered(&zeek->ends[peer_of(side)]);
}
