/* lines.c: the lines above and below a view: what is captured, and the keys. */

#include <string.h>

#include "base/text.h"
#include "tui/inside.h"
#include "tui/shorten.h"

/* ---- parts of a line, of which the least important go where room is short ---- */

enum { PARTS_MOST = 12, PART_SIZE = 64 };

struct part {
	char words[PART_SIZE];
	struct look look;
	int rank; /* 0 stays; the highest goes first */
	bool is_right;
};

struct parts {
	int count;
	struct part parts[PARTS_MOST];
};

static struct text part_add(struct parts *parts, enum paint paint, int rank, bool is_right)
{
	struct part *part = &parts->parts[parts->count++];

	*part = (struct part){ .look = look_of(paint), .rank = rank, .is_right = is_right };
	return text_over(part->words, sizeof(part->words));
}

static int part_columns(const struct part *part)
{
	return part->words[0] == '\0' ? 0 : (int)text_columns(part->words) + 2;
}

static void parts_fit(struct parts *parts, int room)
{
	for (;;) {
		struct part *worst = NULL;
		int columns = 0;

		for (int i = 0; i < parts->count; i++) {
			struct part *part = &parts->parts[i];

			columns += part_columns(part);
			if (part->words[0] != '\0' && part->rank > (worst ? worst->rank : 0))
				worst = part;
		}
		if (columns <= room || !worst)
			return;
		worst->words[0] = '\0';
	}
}

static void parts_draw(struct parts *parts, struct canvas *canvas, int row)
{
	int left = 1, right = canvas_columns(canvas) - 1;

	parts_fit(parts, canvas_columns(canvas) - 1);
	for (int i = 0; i < parts->count; i++) {
		const struct part *part = &parts->parts[i];

		if (part->is_right)
			right -= part_columns(part);
	}
	for (int i = 0; i < parts->count; i++) {
		const struct part *part = &parts->parts[i];
		int *column = part->is_right ? &right : &left;

		if (part->words[0] == '\0')
			continue;
		*column += part->is_right ? 2 : 0;
		canvas_put(canvas, row, *column, -1, part->look, part->words);
		*column += part_columns(part) - (part->is_right ? 2 : 0);
	}
}

/* ---- what is captured, and how it is doing ---- */

enum { SOURCE_COLUMNS = 28, FILTER_COLUMNS = 30 };

/* Of a path the end says more than the beginning. */
static void add_source(struct text *text, const char *source)
{
	size_t columns = text_columns(source);
	const char *slash = strrchr(source, '/');

	if (columns > SOURCE_COLUMNS && slash && slash[1] != '\0') {
		text_add(text, "…");
		source = slash;
	}
	short_words(text, source, SOURCE_COLUMNS);
}

static void add_count(struct parts *parts, int rank, enum paint paint, const char *name,
                      uint64_t count)
{
	struct text text = part_add(parts, paint, rank, true);

	text_add(&text, name);
	text_add_char(&text, ' ');
	text_add_unsigned(&text, count);
	if (paint != PAINT_BAR)
		parts->parts[parts->count - 1].look.marks = LOOK_BOLD;
}

/* The second that is over: the current one is still being counted. */
static uint32_t packets_per_second(const struct scene *scene)
{
	return scene->pulse ? scene->pulse->packets[PULSE_SECONDS - 2] : 0;
}

void head_line_draw(const struct tui *tui, struct canvas *canvas, int row)
{
	const struct scene *scene = &tui->scene;
	const struct census *census = &tui->roll.census;
	uint64_t dropped = scene->page->input->dropped;
	struct area line = { row, 0, 1, canvas_columns(canvas) };
	struct parts parts = { .count = 0 };
	struct text text;

	canvas_fill(canvas, line, ' ', look_of(PAINT_BAR));
	text = part_add(&parts, PAINT_BAR, 7, false);
	text_add(&text, "shakedown");
	text = part_add(&parts, PAINT_BAR, 0, false);
	add_source(&text, scene->source);
	text = part_add(&parts, PAINT_BAR, 4, false);
	short_words(&text, scene->filter, FILTER_COLUMNS);
	add_count(&parts, 1, PAINT_BAR, "open", census->open);
	add_count(&parts, 2, PAINT_BAR, "half-open", census->half_open);
	add_count(&parts, 3, PAINT_BAR, "closing", census->closing);
	add_count(&parts, 5, PAINT_BAR, "TIME_WAIT", census->time_wait);
	text = part_add(&parts, PAINT_BAR, 6, true);
	short_number(&text, packets_per_second(scene));
	text_add(&text, "/s");
	add_count(&parts, dropped > 0 ? 0 : 8, dropped > 0 ? PAINT_TROUBLE : PAINT_BAR, "dropped",
	          dropped);
	parts_draw(&parts, canvas, row);
}

/* ---- the keys ---- */

static int hint_columns(const struct binding *binding)
{
	char name[32];
	struct text text = text_over(name, sizeof(name));

	key_spell(&text, binding->keys[0]);
	return (int)text_columns(name) + 1 + (int)text_columns(binding->hint) + 2;
}

static void draw_hint(struct canvas *canvas, int row, int column, const struct binding *binding)
{
	char name[32];
	struct text text = text_over(name, sizeof(name));

	key_spell(&text, binding->keys[0]);
	column += canvas_put(canvas, row, column, -1, look_of(PAINT_KEY), name) + 1;
	canvas_put(canvas, row, column, -1, look_of(PAINT_PLAIN), binding->hint);
}

/* A key that something more local uses for itself hints at nothing, nor one that leads nowhere from here. */
static bool holds(const struct tui *tui, const struct binding *binding, unsigned places)
{
	if (binding->action == ACTION_BACK && tui->depth == 1 && !(places & IN_CHOOSER))
		return false;
	if (binding->action == ACTION_LAB && (!tui->options.lab || tui_top(tui) == &lab_view))
		return false;
	/* An order is taken at once: nothing is on or off. */
	if (binding->action == ACTION_MARK && tui->flows.chooser == CHOOSER_SORT)
		return false;
	if (binding->action == ACTION_STATES && tui_top(tui) == &states_view)
		return false;
	return (binding->places & places) != 0 && binding->hint &&
	       key_action(binding->keys[0], places) == binding->action;
}

/* In the order of the table, as far as there is room; help is always among them. */
static void draw_hints(const struct tui *tui, struct canvas *canvas, int row, int until)
{
	size_t count;
	const struct binding *all = bindings(&count);
	const struct binding *help = NULL;
	unsigned places = tui_places(tui);
	int column = 1;

	for (size_t i = 0; i < count && !help; i++) {
		if (all[i].action == ACTION_HELP && holds(tui, &all[i], places))
			help = &all[i];
	}
	until -= help ? hint_columns(help) : 0;
	for (size_t i = 0; i < count; i++) {
		if (&all[i] == help || !holds(tui, &all[i], places) ||
		    column + hint_columns(&all[i]) > until)
			continue;
		draw_hint(canvas, row, column, &all[i]);
		column += hint_columns(&all[i]);
	}
	if (help)
		draw_hint(canvas, row, column, help);
}

static void draw_message(const struct tui *tui, struct canvas *canvas, int row)
{
	enum paint paint = tui->message_is_bad ? PAINT_TROUBLE : PAINT_STRONG;
	int room = canvas_columns(canvas) - 2;
	char words[MESSAGE_MOST];
	struct text text = text_over(words, sizeof(words));

	short_words(&text, tui->message, room > 0 ? (size_t)room : 0);
	canvas_put(canvas, row, 1, -1, look_of(paint), words);
}

void bottom_line_draw(const struct tui *tui, struct canvas *canvas, int row)
{
	char words[PART_SIZE * 2];
	struct text text = text_over(words, sizeof(words));
	int columns = canvas_columns(canvas);

	if (tui->message[0] != '\0') {
		draw_message(tui, canvas, row);
		return;
	}
	if (tui_top(tui) == &flows_view)
		flows_add_summary(&text, tui);
	text_add_char(&text, ' ');
	canvas_put_right(canvas, row, 0, columns, look_of(PAINT_DIM), words);
	draw_hints(tui, canvas, row, columns - (int)text_columns(words));
}
