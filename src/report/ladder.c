/* ladder.c: sequence diagrams, with both ends' states beside their lifelines. */
#include "report/ladder.h"

#include "base/time.h"
#include "diagnose/finding.h"
#include "packet/address.h"
#include "report/ladder_parts.h"
#include "report/output.h"

enum { WORDS_MOST = 256, LINE_USUAL = 80 };

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

static void wait_note(struct ladder *ladder, const struct step *before, const struct step *after)
{
	char storage[WORDS_MOST];
	struct text words = text_over(storage, sizeof storage);
	int64_t span = time_between(before->segment.time, after->segment.time);
	const struct wait_row *row = wait_of(before);

	if (span < TIME_SECOND)
		return;
	text_add(&words, row->words);
	time_add_span(&words, span, ladder->page->ascii);
	text_add(&words, row->then);
	lines_note(&ladder->lines, TONE_DIM, storage);
}

/* A timer moves ends while no segment is there to show it. */
static void timer_note(struct ladder *ladder, enum tcp_state client, enum tcp_state server)
{
	struct step after = { .after = { (uint8_t)client, (uint8_t)server } };
	bool is_over = false;

	for (int side = CLIENT; side <= SERVER; side++) {
		after.doubtful[side] = ladder->lines.shown_doubtful[side];
		if (ladder->lines.shown[side] == ST_TIME_WAIT && after.after[side] == ST_CLOSED)
			is_over = true;
	}
	if (is_over)
		lines_event(&ladder->lines, TIME_NONE, TONE_DIM, "TIME_WAIT is over", &after);
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
	lines_note(&ladder->lines, TONE_DIM, storage);
}

static void oddity_notes(struct ladder *ladder, const struct step *step)
{
	for (unsigned bit = 0; bit < 16; bit++) {
		uint16_t oddity = (uint16_t)(step->oddity & 1u << bit);
		const char *words = oddity ? oddity_words(oddity) : NULL;

		if (words)
			lines_note(&ladder->lines,
			           oddity == ODD_FAST_OPEN ? TONE_DIM : TONE_TROUBLE, words);
	}
}

/* An ICMP error comes from a third place: it stands between the lifelines. */
static void quote_write(struct ladder *ladder, const struct step *step)
{
	char storage[WORDS_MOST];
	struct text words = text_over(storage, sizeof storage);

	icmp_add(&words, &step->segment);
	lines_event(&ladder->lines, step->segment.time, TONE_TROUBLE, storage, step);
}

static void rung_write(struct ladder *ladder, const struct rung *rung)
{
	const struct step *step = &rung->step;
	uint8_t kind = step->segment.kind;
	struct label label;
	struct note note;

	if (kind == SEGMENT_TCP_QUOTE || kind == SEGMENT_UDP_QUOTE) {
		quote_write(ladder, step);
		return;
	}
	note = walk_take(&ladder->walk, step);
	label_of(&label, &ladder->walk, &note, rung, ladder->options);
	lines_arrow(&ladder->lines, step->segment.time, (enum side)step->side, &label, step, false);
	oddity_notes(ladder, step);
	folded_note(ladder, step);
}

static void rungs_write(struct ladder *ladder, const struct rung *rungs, size_t count)
{
	for (size_t i = 0; i < count;) {
		size_t folded = fold_length(&rungs[i], count - i);
		const struct step *step = &rungs[i].step;

		if (i > 0)
			wait_note(ladder, &rungs[i - 1].step, step);
		timer_note(ladder, (enum tcp_state)step->before[CLIENT],
		           (enum tcp_state)step->before[SERVER]);
		if (folded > 0)
			fold_write(ladder, &rungs[i], folded);
		else
			rung_write(ladder, &rungs[i]);
		i += folded > 0 ? folded : 1;
	}
}

/* Two long IPv6 addresses do not fit into one line. */
static void title_write(const struct page *page, const struct flow *flow)
{
	char storage[WORDS_MOST];
	struct text text = text_over(storage, sizeof storage);
	enum family family = (enum family)flow->key.family;
	size_t width = page->width > 0 ? (size_t)page->width : LINE_USUAL;
	size_t first;

	text_format(&text, "#%llu  %s", (unsigned long long)flow->id,
	            flow->key.protocol == PROTOCOL_UDP ? "udp  " : "");
	address_add_port(&text, family, &flow->key.address[CLIENT], flow->key.port[CLIENT]);
	first = text.length;
	text_add(&text, "  ->  ");
	address_add_port(&text, family, &flow->key.address[SERVER], flow->key.port[SERVER]);
	text_format(&text, "   %s", flow_outcome(flow));
	page_tone(page, TONE_STRONG);
	output_add_bytes(page->output, storage, first);
	if (text.length > width)
		output_add(page->output, "\n  ");
	output_add(page->output, storage + first);
	page_tone(page, TONE_PLAIN);
	output_add_char(page->output, '\n');
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
static void remark_write(struct ladder *ladder)
{
	const struct flow *flow = ladder->flow;
	char storage[WORDS_MOST];
	struct text words = text_over(storage, sizeof storage);

	if (flow->key.protocol != PROTOCOL_TCP)
		return;
	timer_note(ladder, flow_state(flow, CLIENT), flow_state(flow, SERVER));
	if (flow->oddities & ODD_EVICTED) {
		text_add(&words, "Forgotten here for want of room (--max-flows).");
	} else if (!flow_is_over(flow)) {
		text_add(&words, "The capture ends here, the connection does not.");
	} else if (has_been(flow, CLIENT, ST_TIME_WAIT) || has_been(flow, SERVER, ST_TIME_WAIT)) {
		text_add(&words, "TIME_WAIT keeps this port for ");
		time_wait_add(&words, ladder->options->time_wait, ladder->page->ascii);
		text_add(&words, " (2 MSL): a late segment cannot reach a new connection.");
	}
	lines_remark(&ladder->lines, storage);
}

static void path_write(const struct page *page, const struct flow *flow, enum side side)
{
	enum tcp_state path[PATH_MAX_STATES];
	int count = endpoint_path(flow_end(flow, side), path);
	size_t width = page->width > 0 ? (size_t)page->width : LINE_USUAL;
	size_t column = 6;

	output_add(page->output, side == CLIENT ? "client" : "server");
	for (int i = 0; i < count; i++) {
		const char *name = state_name(path[i]);
		size_t needed = text_columns(name) + (i > 0 ? 3 : 1);

		if (column + needed > width) {
			output_add(page->output, "\n      ");
			column = 6;
		}
		output_add(page->output, i > 0 ? " > " : " ");
		output_add(page->output, name);
		column += needed;
	}
	output_add(page->output, count > 0 ? "\n" : " was never heard\n");
}

void ladder_write(const struct page *page, const struct flow *flow, const struct rung *rungs,
                  size_t count, const struct ladder_options *options)
{
	struct ladder ladder = {
		.page = page,
		.flow = flow,
		.options = options,
		.walk = walk_start(flow, options->absolute_numbers),
		.lines = lines_start(page, flow, rungs, count),
	};

	title_write(page, flow);
	lines_heads(&ladder.lines, flow);
	if (count > 0)
		lines_origin(&ladder.lines, &rungs[0].step);
	if (flow->oddities & ODD_REUSED_PORT)
		lines_note(&ladder.lines, TONE_DIM,
		           "the same addresses and ports had a connection before");
	rungs_write(&ladder, rungs, count);
	remark_write(&ladder);
	output_add_char(page->output, '\n');
	if (flow->key.protocol != PROTOCOL_TCP)
		return;
	path_write(page, flow, CLIENT);
	path_write(page, flow, SERVER);
}
