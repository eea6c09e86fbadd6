/* ladder_text.c: the ladder as text: its columns and characters. */
#include "report/ladder.h"

#include "base/time.h"
#include "diagnose/finding.h"
#include "packet/address.h"
#include "report/output.h"

enum {
	STATE_COLUMNS = 13, /* "SYN_RECEIVED?" */
	TIME_COLUMNS = 9,   /* "0.000 129" */
	ARROW_LEAST = 16,
	ARROW_MOST = 60,
	WIDE_ENOUGH = 76,
	LINE_USUAL = 80,
	TEXT_MOST = 512,
};

struct lines {
	const struct page *page;
	int64_t start; /* what times are relative to */
	size_t indent; /* blanks before the time */
	size_t time;   /* columns of the time, indent included */
	size_t left;   /* columns of the client's state */
	size_t arrow;
};

enum glyph { GLYPH_LINE, GLYPH_HEAVY, GLYPH_TO_SERVER, GLYPH_TO_CLIENT, GLYPH_LIFE, GLYPH_GAP };

/* clang-format off */
static const char *const glyphs[][2] = {
	[GLYPH_LINE]      = { "─", "-" },
	[GLYPH_HEAVY]     = { "═", "=" },
	[GLYPH_TO_SERVER] = { "▶", ">" },
	[GLYPH_TO_CLIENT] = { "◀", "<" },
	[GLYPH_LIFE]      = { "│", "|" },
	[GLYPH_GAP]       = { "┆", ":" },
};

static const enum tone state_tones[STATE_COUNT] = {
	[ST_SYN_SENT]     = TONE_OPENING,
	[ST_SYN_RECEIVED] = TONE_OPENING,
	[ST_FIN_WAIT_1]   = TONE_CLOSING,
	[ST_FIN_WAIT_2]   = TONE_CLOSING,
	[ST_CLOSE_WAIT]   = TONE_CLOSING,
	[ST_CLOSING]      = TONE_CLOSING,
	[ST_LAST_ACK]     = TONE_CLOSING,
	[ST_TIME_WAIT]    = TONE_CLOSING,
};
/* clang-format on */

static const char *glyph(const struct lines *lines, enum glyph which)
{
	return glyphs[which][lines->page->ascii];
}

void ladder_add_time(struct text *text, int64_t span)
{
	char digits[32];
	struct text seconds = text_over(digits, sizeof digits);

	time_add_seconds(&seconds, span, 6);
	text_add_bytes(text, digits, seconds.length - 3);
	text_add_char(text, ' ');
	text_add_bytes(text, digits + seconds.length - 3, 3);
}

static size_t time_columns(const struct rung *rungs, size_t count, int64_t start)
{
	size_t most = TIME_COLUMNS;

	for (size_t i = 0; i < count; i++) {
		char storage[32];
		struct text text = text_over(storage, sizeof storage);

		ladder_add_time(&text, time_between(start, rungs[i].step.segment.time));
		if (text.length > most)
			most = text.length;
	}
	return most;
}

static struct lines lines_start(const struct page *page, const struct flow *flow,
                                const struct rung *rungs, size_t count)
{
	bool is_narrow = page->width > 0 && page->width < WIDE_ENOUGH;
	size_t width = page->width > 0 ? (size_t)page->width : LINE_USUAL;
	struct lines lines = {
		.page = page,
		.start = count > 0 ? rungs[0].step.segment.time : flow->start,
		.indent = is_narrow ? 0 : 3,
		.arrow = ARROW_LEAST,
	};
	size_t fixed;

	lines.time = lines.indent + time_columns(rungs, count, lines.start);
	lines.left = STATE_COLUMNS + 1;
	fixed = lines.time + (is_narrow ? 2 : 3) + lines.left + 1 + STATE_COLUMNS;
	if (width > fixed + ARROW_LEAST)
		lines.arrow = width - fixed;
	if (lines.arrow > ARROW_MOST)
		lines.arrow = ARROW_MOST;
	return lines;
}

static void cell(const struct lines *lines, enum tone tone, const char *string, size_t columns)
{
	size_t used = text_columns(string);
	struct output *output = lines->page->output;

	if (tone != TONE_PLAIN && used > 0)
		page_tone(lines->page, tone);
	output_add(output, string);
	if (tone != TONE_PLAIN && used > 0)
		page_tone(lines->page, TONE_PLAIN);
	if (used < columns)
		output_spaces(output, columns - used);
}

static void time_cell(const struct lines *lines, int64_t time)
{
	char storage[32];
	struct text text = text_over(storage, sizeof storage);
	size_t after = lines->indent > 0 ? 3 : 2;

	if (time != TIME_NONE)
		ladder_add_time(&text, time_between(lines->start, time));
	output_spaces(lines->page->output, lines->time - text.length);
	output_add_text(lines->page->output, &text);
	output_spaces(lines->page->output, after);
}

static void state_cell(const struct lines *lines, enum tcp_state state, bool doubtful,
                       size_t columns)
{
	char storage[32];
	struct text text = text_over(storage, sizeof storage);

	text_add(&text, state_name(state));
	if (doubtful)
		text_add_char(&text, '?');
	cell(lines, doubtful ? TONE_DIM : state_tones[state], storage, columns);
}

/* What stands at an end's place: its state where that is news, else its lifeline. */
static void end_cell(const struct lines *lines, enum side side, const struct ladder_end *end,
                     enum glyph life)
{
	size_t columns = side == CLIENT ? lines->left : 0;

	if (end->is_new)
		state_cell(lines, end->state, end->is_doubtful, columns);
	else
		cell(lines, TONE_DIM, glyph(lines, life), columns);
}

static void lines_heads(const struct lines *lines, const struct flow *flow)
{
	char names[2][80];
	struct text client = text_over(names[CLIENT], sizeof names[CLIENT]);
	struct text server = text_over(names[SERVER], sizeof names[SERVER]);
	enum family family = (enum family)flow->key.family;
	size_t room = lines->left + lines->arrow + 1;
	size_t overhang;

	address_add_port(&client, family, &flow->key.address[CLIENT], flow->key.port[CLIENT]);
	address_add_port(&server, family, &flow->key.address[SERVER], flow->key.port[SERVER]);
	overhang = server.length > STATE_COLUMNS ? server.length - STATE_COLUMNS : 0;
	if (client.length + overhang + 2 > room) {
		overhang = 0;
		text_clear(&client);
		text_add(&client, "client");
		text_clear(&server);
		text_add(&server, "server");
	}
	output_spaces(lines->page->output, lines->time - 4);
	output_add(lines->page->output, lines->indent > 0 ? "time   " : "time  ");
	cell(lines, TONE_STRONG, names[CLIENT], room - overhang);
	cell(lines, TONE_STRONG, names[SERVER], 0);
	output_add_char(lines->page->output, '\n');
}

static void origin_line(const struct lines *lines, const struct ladder_line *line)
{
	time_cell(lines, TIME_NONE);
	end_cell(lines, CLIENT, &line->ends[CLIENT], GLYPH_LIFE);
	output_spaces(lines->page->output, lines->arrow + 1);
	end_cell(lines, SERVER, &line->ends[SERVER], GLYPH_LIFE);
	output_add_char(lines->page->output, '\n');
}

static void arrow_text(const struct lines *lines, struct text *text, const struct ladder_line *line,
                       const struct ladder_label *label)
{
	enum side from = line->side;
	const char *dash = glyph(lines, line->is_heavy ? GLYPH_HEAVY : GLYPH_LINE);
	size_t lead = lines->arrow < 30 ? 1 : from == CLIENT ? 3 : 2;
	size_t least = lines->arrow < 30 ? 1 : 2;
	size_t columns;

	if (from == SERVER)
		text_add(text, glyph(lines, GLYPH_TO_CLIENT));
	for (size_t i = 0; i < lead; i++)
		text_add(text, dash);
	text_add_char(text, ' ');
	ladder_label_add(text, label, lines->arrow - lead - 3 - least, lines->page->ascii);
	text_add_char(text, ' ');
	columns = text_columns(text->start) + (from == CLIENT ? 1 : 0);
	for (; columns < lines->arrow; columns++)
		text_add(text, dash);
	if (from == CLIENT)
		text_add(text, glyph(lines, GLYPH_TO_SERVER));
}

static void arrow_line(const struct lines *lines, const struct ladder_line *line)
{
	char storage[TEXT_MOST];
	struct text text = text_over(storage, sizeof storage);
	struct ladder_label label;

	ladder_label_of(&label, line);
	time_cell(lines, line->time);
	end_cell(lines, CLIENT, &line->ends[CLIENT], GLYPH_LIFE);
	arrow_text(lines, &text, line, &label);
	cell(lines, label.tone, storage, lines->arrow + 1);
	end_cell(lines, SERVER, &line->ends[SERVER], GLYPH_LIFE);
	output_add_char(lines->page->output, '\n');
}

/* Only the first of its lines has the time, and what is new. */
static void words_lines(const struct lines *lines, const struct ladder_line *line)
{
	struct ladder_end ends[2] = { line->ends[CLIENT], line->ends[SERVER] };
	const char *words = line->words;
	int64_t time = line->time;
	char storage[TEXT_MOST];
	struct text text = text_over(storage, sizeof storage);

	while (text_take_line(&text, &words, lines->arrow)) {
		enum glyph life = time == TIME_NONE ? GLYPH_GAP : GLYPH_LIFE;

		time_cell(lines, time);
		end_cell(lines, CLIENT, &ends[CLIENT], life);
		cell(lines, line->tone, storage, lines->arrow + 1);
		end_cell(lines, SERVER, &ends[SERVER], life);
		output_add_char(lines->page->output, '\n');
		ends[CLIENT].is_new = ends[SERVER].is_new = false;
		time = TIME_NONE;
	}
}

static void remark_lines(const struct lines *lines, const struct ladder_line *line)
{
	const char *words = line->words;
	char storage[TEXT_MOST];
	struct text text = text_over(storage, sizeof storage);

	while (text_take_line(&text, &words, lines->left + lines->arrow + 1 + STATE_COLUMNS)) {
		time_cell(lines, TIME_NONE);
		cell(lines, line->tone, storage, 0);
		output_add_char(lines->page->output, '\n');
	}
}

static void line_write(void *context, const struct ladder_line *line)
{
	static void (*const drawers[])(const struct lines *lines,
	                               const struct ladder_line *line) = {
		[LADDER_ORIGIN] = origin_line,
		[LADDER_ARROW] = arrow_line,
		[LADDER_WORDS] = words_lines,
		[LADDER_REMARK] = remark_lines,
	};

	drawers[line->kind](context, line);
}

/* Two long IPv6 addresses do not fit into one line. */
static void title_write(const struct page *page, const struct flow *flow)
{
	char storage[TEXT_MOST];
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
	struct lines lines = lines_start(page, flow, rungs, count);

	title_write(page, flow);
	lines_heads(&lines, flow);
	ladder_lines(page, flow, rungs, count, options, line_write, &lines);
	output_add_char(page->output, '\n');
	if (flow->key.protocol != PROTOCOL_TCP)
		return;
	path_write(page, flow, CLIENT);
	path_write(page, flow, SERVER);
}
