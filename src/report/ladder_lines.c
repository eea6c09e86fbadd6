/* ladder_lines.c: the columns and characters of the ladder. */
#include "report/ladder_parts.h"

#include <string.h>

#include "base/time.h"
#include "packet/address.h"

enum {
	STATE_COLUMNS = 13, /* "SYN_RECEIVED?" */
	TIME_COLUMNS = 9,   /* "0.000 129" */
	ARROW_LEAST = 16,
	ARROW_MOST = 60,
	WIDE_ENOUGH = 76,
	WIDTH_USUAL = 80,
	TEXT_MOST = 512,
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

/* "0.000 129": microseconds stand apart, so that milliseconds can be read at a glance. */
static void time_text(struct text *text, int64_t span)
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

		time_text(&text, time_between(start, rungs[i].step.segment.time));
		if (text.length > most)
			most = text.length;
	}
	return most;
}

struct lines lines_start(const struct page *page, const struct flow *flow, const struct rung *rungs,
                         size_t count)
{
	bool is_narrow = page->width > 0 && page->width < WIDE_ENOUGH;
	size_t width = page->width > 0 ? (size_t)page->width : WIDTH_USUAL;
	struct lines lines = {
		.page = page,
		.start = count > 0 ? rungs[0].step.segment.time : flow->start,
		.indent = is_narrow ? 0 : 3,
		.has_states = flow->key.protocol == PROTOCOL_TCP,
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
		time_text(&text, time_between(lines->start, time));
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
static void end_cell(struct lines *lines, enum side side, const struct step *after, enum glyph life)
{
	size_t columns = side == CLIENT ? lines->left : 0;
	enum tcp_state state;

	if (after && lines->has_states) {
		state = (enum tcp_state)after->after[side];
		if (state != ST_UNKNOWN && (state != lines->shown[side] ||
		                            after->doubtful[side] != lines->shown_doubtful[side])) {
			state_cell(lines, state, after->doubtful[side], columns);
			lines->shown[side] = state;
			lines->shown_doubtful[side] = after->doubtful[side];
			return;
		}
	}
	cell(lines, TONE_DIM, glyph(lines, life), columns);
}

void lines_heads(const struct lines *lines, const struct flow *flow)
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

void lines_origin(struct lines *lines, const struct step *first)
{
	struct step origin = *first;

	if (!lines->has_states)
		return;
	for (int side = CLIENT; side <= SERVER; side++)
		origin.after[side] =
			(uint8_t)state_at_origin(first, (enum side)side, &origin.doubtful[side]);
	time_cell(lines, TIME_NONE);
	end_cell(lines, CLIENT, &origin, GLYPH_LIFE);
	output_spaces(lines->page->output, lines->arrow + 1);
	end_cell(lines, SERVER, &origin, GLYPH_LIFE);
	output_add_char(lines->page->output, '\n');
}

static void arrow_text(const struct lines *lines, struct text *text, enum side from,
                       const struct label *label, bool heavy)
{
	const char *dash = glyph(lines, heavy ? GLYPH_HEAVY : GLYPH_LINE);
	size_t lead = lines->arrow < 30 ? 1 : from == CLIENT ? 3 : 2;
	size_t least = lines->arrow < 30 ? 1 : 2;
	size_t columns;

	if (from == SERVER)
		text_add(text, glyph(lines, GLYPH_TO_CLIENT));
	for (size_t i = 0; i < lead; i++)
		text_add(text, dash);
	text_add_char(text, ' ');
	label_add(text, label, lines->arrow - lead - 3 - least, lines->page->ascii);
	text_add_char(text, ' ');
	columns = text_columns(text->start) + (from == CLIENT ? 1 : 0);
	for (; columns < lines->arrow; columns++)
		text_add(text, dash);
	if (from == CLIENT)
		text_add(text, glyph(lines, GLYPH_TO_SERVER));
}

void lines_arrow(struct lines *lines, int64_t time, enum side side, const struct label *label,
                 const struct step *after, bool heavy)
{
	char storage[TEXT_MOST];
	struct text text = text_over(storage, sizeof storage);

	time_cell(lines, time);
	end_cell(lines, CLIENT, after, GLYPH_LIFE);
	arrow_text(lines, &text, side, label, heavy);
	cell(lines, label->tone, storage, lines->arrow + 1);
	end_cell(lines, SERVER, after, GLYPH_LIFE);
	output_add_char(lines->page->output, '\n');
}

/* Bytes of the first words that fit in `columns`; a longer word is not broken. */
static size_t words_that_fit(const char *words, size_t columns)
{
	size_t fit = 0;

	for (size_t i = 0;; i++) {
		char part[TEXT_MOST];
		struct text text = text_over(part, sizeof part);

		if (words[i] != ' ' && words[i] != '\0')
			continue;
		text_add_bytes(&text, words, i);
		if (fit > 0 && text_columns(part) > columns)
			return fit;
		fit = i;
		if (words[i] == '\0')
			return fit;
	}
}

/* Moves one line's words from `words` to `line`; false when there are no more. */
static bool line_take(char line[TEXT_MOST], const char **words, size_t columns)
{
	struct text text = text_over(line, TEXT_MOST);
	size_t length;

	while (**words == ' ')
		++*words;
	if (**words == '\0')
		return false;
	length = words_that_fit(*words, columns);
	text_add_bytes(&text, *words, length);
	*words += length;
	return true;
}

static void note_line(struct lines *lines, int64_t time, enum tone tone, const char *words,
                      const struct step *after)
{
	enum glyph life = time == TIME_NONE ? GLYPH_GAP : GLYPH_LIFE;

	time_cell(lines, time);
	end_cell(lines, CLIENT, after, life);
	cell(lines, tone, words, lines->arrow + 1);
	end_cell(lines, SERVER, after, life);
	output_add_char(lines->page->output, '\n');
}

static void note_lines(struct lines *lines, int64_t time, enum tone tone, const char *words,
                       const struct step *after)
{
	char line[TEXT_MOST];

	while (line_take(line, &words, lines->arrow)) {
		note_line(lines, time, tone, line, after);
		time = TIME_NONE;
		after = NULL;
	}
}

void lines_note(struct lines *lines, enum tone tone, const char *words)
{
	note_lines(lines, TIME_NONE, tone, words, NULL);
}

void lines_event(struct lines *lines, int64_t time, enum tone tone, const char *words,
                 const struct step *after)
{
	note_lines(lines, time, tone, words, after);
}

void lines_remark(const struct lines *lines, const char *words)
{
	char line[TEXT_MOST];

	while (line_take(line, &words, lines->left + lines->arrow + 1 + STATE_COLUMNS)) {
		time_cell(lines, TIME_NONE);
		cell(lines, TONE_DIM, line, 0);
		output_add_char(lines->page->output, '\n');
	}
}
