/* ladder.c: the lines of a sequence diagram, with both ends' states beside their lifelines. */
#include "report/ladder.h"

#include "base/time.h"
#include "report/ladder_parts.h"

enum { WORDS_MOST = 256 };

/* What waiting means in the states of that time. ST_UNKNOWN stands for any state. */
struct wait_row {
	enum tcp_state client, server;
	const char *words;
	const char *then;
};

/* clang-format off */
static const struct wait_row waits[] = {
	{ ST_FIN_WAIT_2,   ST_CLOSE_WAIT,   "half-closed for ", "; the server may still send" },
	{ ST_CLOSE_WAIT,   ST_FIN_WAIT_2,   "half-closed for ", "; the client may still send" },
	{ ST_UNKNOWN,      ST_SYN_RECEIVED, "half-open for ",   "" },
	{ ST_SYN_RECEIVED, ST_UNKNOWN,      "half-open for ",   "" },
	{ ST_SYN_SENT,     ST_UNKNOWN,      "no answer for ",   "" },
	{ ST_UNKNOWN,      ST_UNKNOWN,      "silence for ",     "" },
};
/* clang-format on */

static const struct wait_row *wait_of(const struct step *step)
{
	size_t last = sizeof waits / sizeof waits[0] - 1;

	for (size_t i = 0; i < last; i++) {
		const struct wait_row *row = &waits[i];

		if ((row->client == ST_UNKNOWN || row->client == step->after[CLIENT]) &&
		    (row->server == ST_UNKNOWN || row->server == step->after[SERVER]))
			return row;
	}
	return &waits[last];
}

void ladder_give(struct ladder *ladder, struct ladder_line *line, const struct step *after)
{
	for (int side = CLIENT; side <= SERVER; side++) {
		struct ladder_end *end = &ladder->ends[side];

		end->is_new = false;
		if (after && ladder->flow->key.protocol == PROTOCOL_TCP &&
		    after->after[side] != ST_UNKNOWN) {
			end->is_new = end->state != (enum tcp_state)after->after[side] ||
			              end->is_doubtful != after->doubtful[side];
			end->state = (enum tcp_state)after->after[side];
			end->is_doubtful = after->doubtful[side];
			end->is_presumed = after->presumed[side];
		}
		line->ends[side] = *end;
	}
	ladder->visit(ladder->context, line);
}

static void words_give(struct ladder *ladder, enum tone tone, const char *words)
{
	struct ladder_line line = {
		.kind = LADDER_WORDS,
		.time = TIME_NONE,
		.tone = tone,
		.words = words,
	};

	ladder_give(ladder, &line, NULL);
}

static void wait_note(struct ladder *ladder, const struct step *before, int64_t until)
{
	char storage[WORDS_MOST];
	struct text words = text_over(storage, sizeof storage);
	int64_t span = time_between(before->segment.time, until);
	const struct wait_row *row = wait_of(before);

	if (span < TIME_SECOND)
		return;
	text_add(&words, row->words);
	time_add_span(&words, span, ladder->page->ascii);
	text_add(&words, row->then);
	words_give(ladder, TONE_DIM, storage);
}

/* A timer moves ends while no segment is there to show it. */
static void timer_note(struct ladder *ladder, enum tcp_state client, enum tcp_state server)
{
	struct step after = { .after = { (uint8_t)client, (uint8_t)server } };
	struct ladder_line line = {
		.kind = LADDER_WORDS,
		.time = TIME_NONE,
		.tone = TONE_DIM,
		.words = "TIME_WAIT is over",
	};
	bool is_over = false;

	for (int side = CLIENT; side <= SERVER; side++) {
		after.doubtful[side] = ladder->ends[side].is_doubtful;
		after.presumed[side] = ladder->ends[side].is_presumed;
		if (ladder->ends[side].state == ST_TIME_WAIT && after.after[side] == ST_CLOSED)
			is_over = true;
	}
	if (is_over)
		ladder_give(ladder, &line, &after);
}

/* What was folded away before it came here. */
static void folded_note(struct ladder *ladder, const struct step *step)
{
	char storage[WORDS_MOST];
	struct text words = text_over(storage, sizeof storage);

	if (step->folded == 0)
		return;
	text_format(&words, "%llu more segments: %llu bytes from the client, %llu from the server",
	            (unsigned long long)step->folded,
	            (unsigned long long)step->folded_payload[CLIENT],
	            (unsigned long long)step->folded_payload[SERVER]);
	words_give(ladder, TONE_DIM, storage);
}

static void oddity_notes(struct ladder *ladder, const struct step *step)
{
	for (unsigned bit = 0; bit < 16; bit++) {
		uint16_t oddity = (uint16_t)(step->oddity & 1u << bit);
		const char *words = oddity ? oddity_words(oddity) : NULL;

		if (words)
			words_give(ladder, oddity == ODD_FAST_OPEN ? TONE_DIM : TONE_TROUBLE,
			           words);
	}
}

/* An ICMP error comes from a third place: it stands between the lifelines. */
static void quote_give(struct ladder *ladder, const struct rung *rungs, size_t number)
{
	char storage[WORDS_MOST];
	struct text words = text_over(storage, sizeof storage);
	const struct step *step = &rungs[number].step;
	struct ladder_line line = {
		.kind = LADDER_WORDS,
		.time = step->segment.time,
		.tone = TONE_TROUBLE,
		.words = storage,
		.first = number,
		.count = 1,
	};

	icmp_add(&words, &step->segment);
	ladder_give(ladder, &line, step);
}

static void rung_give(struct ladder *ladder, const struct rung *rungs, size_t number)
{
	const struct step *step = &rungs[number].step;
	uint8_t kind = step->segment.kind;
	struct ladder_source source = { .ladder = ladder, .rung = &rungs[number] };
	struct ladder_line line = {
		.kind = LADDER_ARROW,
		.time = step->segment.time,
		.side = (enum side)step->side,
		.words = "",
		.first = number,
		.count = 1,
		.source = &source,
	};

	if (kind == SEGMENT_TCP_QUOTE || kind == SEGMENT_UDP_QUOTE) {
		quote_give(ladder, rungs, number);
		return;
	}
	source.note = walk_take(&ladder->walk, step);
	ladder_give(ladder, &line, step);
	oddity_notes(ladder, step);
	folded_note(ladder, step);
}

/* All that were counted, less those that came here or were folded into these. */
static uint64_t forgotten(const struct flow *flow, const struct rung *rungs, size_t count)
{
	uint64_t all = flow->sent[CLIENT].packets + flow->sent[SERVER].packets + flow->icmp_errors;
	uint64_t here = count;

	for (size_t i = 0; i < count; i++)
		here += rungs[i].step.folded;
	return all > here ? all - here : 0;
}

static void gap_note(struct ladder *ladder, const struct rung *rungs, size_t count)
{
	char storage[WORDS_MOST];
	struct text words = text_over(storage, sizeof storage);
	uint64_t segments = forgotten(ladder->flow, rungs, count);

	if (segments == 0)
		text_add(&words, "some segments are not remembered here");
	else
		text_format(&words, "%llu segment%s not remembered here",
		            (unsigned long long)segments, segments == 1 ? " is" : "s are");
	words_give(ladder, TONE_DIM, storage);
	walk_forget(&ladder->walk);
}

/* No run reaches across a gap. */
static size_t run_length(const struct ladder *ladder, const struct rung *rungs, size_t first,
                         size_t count)
{
	const struct ladder_options *options = ladder->options;
	size_t most = count - first;

	if (options->unfolded)
		return 0;
	if (options->has_gap && options->gap > first && options->gap - first < most)
		most = options->gap - first;
	return fold_length(&rungs[first], most);
}

static void rungs_give(struct ladder *ladder, const struct rung *rungs, size_t count)
{
	const struct ladder_options *options = ladder->options;

	for (size_t i = 0; i < count;) {
		size_t folded = run_length(ladder, rungs, i, count);
		const struct step *step = &rungs[i].step;

		if (options->has_gap && options->gap == i)
			gap_note(ladder, rungs, count);
		else if (i > 0)
			wait_note(ladder, &rungs[i - 1].step, step->segment.time);
		timer_note(ladder, (enum tcp_state)step->before[CLIENT],
		           (enum tcp_state)step->before[SERVER]);
		if (folded > 0)
			fold_give(ladder, rungs, i, folded);
		else
			rung_give(ladder, rungs, i);
		i += folded > 0 ? folded : 1;
	}
	if (options->has_gap && options->gap >= count)
		gap_note(ladder, rungs, count);
}

/* Nothing was heard before the first segment, but its sender's SYN says what it was. */
static enum tcp_state state_at_origin(const struct step *first, enum side side, bool *doubtful)
{
	bool is_syn =
		segment_has(&first->segment, TCP_SYN) && !segment_has(&first->segment, TCP_ACK);

	*doubtful = false;
	if (first->before[side] != ST_UNKNOWN)
		return (enum tcp_state)first->before[side];
	if (first->side == side && is_syn)
		return ST_CLOSED;
	*doubtful = first->doubtful[side];
	return first->doubtful[side] ? (enum tcp_state)first->after[side] : ST_UNKNOWN;
}

static void origin_give(struct ladder *ladder, const struct step *first)
{
	struct step origin = *first;
	struct ladder_line line = { .kind = LADDER_ORIGIN, .time = TIME_NONE, .words = "" };

	if (ladder->flow->key.protocol != PROTOCOL_TCP)
		return;
	for (int side = CLIENT; side <= SERVER; side++) {
		origin.after[side] =
			(uint8_t)state_at_origin(first, (enum side)side, &origin.doubtful[side]);
		origin.presumed[side] = origin.doubtful[side];
	}
	ladder_give(ladder, &line, &origin);
}

static bool has_been(const struct flow *flow, enum side side, enum tcp_state state)
{
	enum tcp_state path[PATH_MAX_STATES];
	int count = endpoint_path(flow_end(flow, side), path);

	for (int i = 0; i < count; i++) {
		if (path[i] == state)
			return true;
	}
	return false;
}

/* "60 s" is how everybody knows it; "1 m" is not. */
static void time_wait_add(struct text *words, int64_t span, bool ascii)
{
	if (span % TIME_SECOND == 0 && span < 1000 * TIME_SECOND)
		text_format(words, "%d s", (int)(span / TIME_SECOND));
	else
		time_add_span(words, span, ascii);
}

/* What the picture itself cannot say: why TIME_WAIT, and that the capture may end too early. */
static void remark_give(struct ladder *ladder)
{
	const struct flow *flow = ladder->flow;
	char storage[WORDS_MOST];
	struct text words = text_over(storage, sizeof storage);
	struct ladder_line line = {
		.kind = LADDER_REMARK,
		.time = TIME_NONE,
		.tone = TONE_DIM,
		.words = storage,
	};

	if (flow->oddities & ODD_EVICTED) {
		text_add(&words, "Forgotten here for want of room (--max-flows).");
	} else if (!flow_is_over(flow)) {
		if (!ladder->options->goes_on)
			text_add(&words, "The capture ends here, the connection does not.");
	} else if (has_been(flow, CLIENT, ST_TIME_WAIT) || has_been(flow, SERVER, ST_TIME_WAIT)) {
		text_add(&words, "TIME_WAIT keeps this port for ");
		time_wait_add(&words, ladder->options->time_wait, ladder->page->ascii);
		text_add(&words, " (2 MSL): a late segment cannot reach a new connection.");
	}
	if (words.length > 0)
		ladder_give(ladder, &line, NULL);
}

static void end_give(struct ladder *ladder, const struct rung *rungs, size_t count)
{
	const struct flow *flow = ladder->flow;
	const struct ladder_options *options = ladder->options;

	if (flow->key.protocol != PROTOCOL_TCP)
		return;
	timer_note(ladder, flow_state(flow, CLIENT), flow_state(flow, SERVER));
	if (options->goes_on && count > 0 && !flow_is_over(flow)) {
		struct step last = rungs[count - 1].step;

		if (last.folded > 0)
			last.segment.time = flow->last;
		wait_note(ladder, &last, options->now);
	}
	remark_give(ladder);
}

void ladder_lines(const struct page *page, const struct flow *flow, const struct rung *rungs,
                  size_t count, const struct ladder_options *options, ladder_visitor *visit,
                  void *context)
{
	struct ladder ladder = {
		.page = page,
		.flow = flow,
		.options = options,
		.walk = walk_start(flow, options->absolute_numbers),
		.visit = visit,
		.context = context,
	};

	if (count > 0)
		origin_give(&ladder, &rungs[0].step);
	if (flow->oddities & ODD_REUSED_PORT)
		words_give(&ladder, TONE_DIM,
		           "the same addresses and ports had a connection before");
	rungs_give(&ladder, rungs, count);
	end_give(&ladder, rungs, count);
}
