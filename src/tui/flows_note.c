/* flows_note.c: what is notable about a flow, in the few words that a line has room for. */

#include "base/time.h"
#include "diagnose/finding.h"
#include "tui/flows_parts.h"

/* How far past its forecast a repeat may be before the forecast is given up. */
#define OVERDUE TIME_SECOND

enum { FIRST_TIMEOUT = 1 /* s, RFC 6298 section 2.1 */, DOUBLINGS_MOST = 20 };

static int64_t absolute(int64_t span)
{
	return span < 0 ? -span : span;
}

/*
 * When the next SYN is due. Timeouts double (RFC 6298 section 5.5), so after n
 * SYNs the span since the first one is the first timeout times 2^(n-1) - 1; Linux
 * since 6.5 begins with some that are alike.
 */
static int64_t next_syn(const struct flow *flow)
{
	uint32_t repeats = flow->sent[CLIENT].syns - 1;
	int64_t span = time_between(flow->syn.time, flow->syn_last);
	int64_t linear;

	if (flow->sent[CLIENT].syns == 0 || flow->syn_last == TIME_NONE || repeats > DOUBLINGS_MOST)
		return TIME_NONE;
	if (repeats == 0)
		return flow->syn_last + FIRST_TIMEOUT * TIME_SECOND;
	linear = span / repeats;
	if (repeats > 1 && absolute(linear - FIRST_TIMEOUT * TIME_SECOND) < TIME_SECOND / 8)
		return flow->syn_last + linear;
	return flow->syn_last + span / ((INT64_C(1) << repeats) - 1) * (INT64_C(1) << repeats);
}

static bool add_retry(struct text *text, const struct page *page, const struct flow *flow)
{
	int64_t now = tracker_now(page->tracker);
	int64_t next = next_syn(flow);
	int64_t left = next == TIME_NONE ? 0 : time_between(now, next);

	if (flow_opening(flow) != OPENING_UNANSWERED || flow_is_over(flow) ||
	    flow->stage == STAGE_KEPT)
		return false;
	text_add(text, "no answer");
	if (next != TIME_NONE && left > -OVERDUE)
		text_format(text, ", retry in %lld s",
		            left > 0 ? (long long)((left + TIME_SECOND - 1) / TIME_SECOND) : 0LL);
	return true;
}

static bool add_time_wait(struct text *text, const struct page *page, const struct flow *flow)
{
	int64_t now = tracker_now(page->tracker);
	int64_t most = TIME_NONE;

	for (int side = CLIENT; side <= SERVER; side++) {
		int64_t until = tracker_time_wait_end(page->tracker, flow, (enum side)side);

		most = until > most ? until : most;
	}
	if (most == TIME_NONE || most < now || flow->stage == STAGE_KEPT)
		return false;
	text_format(text, "%lld s left",
	            (long long)((time_between(now, most) + TIME_SECOND - 1) / TIME_SECOND));
	return true;
}

static enum paint paint_of(const struct flow *flow)
{
	/* clang-format off */
	static const enum paint paints[] = {
		[SEVERITY_NONE]    = PAINT_PLAIN,
		[SEVERITY_NOTE]    = PAINT_PLAIN,
		[SEVERITY_WARNING] = PAINT_TROUBLE,
		[SEVERITY_FAILURE] = PAINT_TROUBLE,
	};
	/* clang-format on */

	return paints[flow_severity(flow)];
}

/* A usual life needs no words: "open" and "closed" stand there only for the last of them. */
enum paint flows_add_note(struct text *text, const struct page *page, const struct flow *flow)
{
	const struct finding *worst;

	if (flow->key.protocol != PROTOCOL_TCP) {
		text_add(text, flow_outcome(flow));
		return paint_of(flow);
	}
	if (add_retry(text, page, flow))
		return PAINT_TROUBLE;
	if (add_time_wait(text, page, flow))
		return PAINT_CLOSING;
	text_add(text, flow_outcome(flow));
	if (findings_of(flow, &worst, 1) > 0 && worst->severity == SEVERITY_WARNING) {
		text_add(text, ": ");
		text_add(text, worst->summary);
	}
	return paint_of(flow);
}
