/* view_help.c: the help page, scrolled entry by entry. */

#include "tui/help_page.h"
#include "tui/inside.h"
#include "tui/sought.h"
#include "tui/wrap.h"

enum { LABEL_COLUMNS = 24, LABEL_NARROW = 16, NARROW = 70, INDENT = 2, ENTRIES_MOST = 256 };

/* ---- How high the entries are ------------------------------------------------------------------ */

static int label_columns(struct area area)
{
	return area.columns < NARROW ? LABEL_NARROW : LABEL_COLUMNS;
}

/* A label that is too long for its column has rows of its own. */
static int height(const struct help_entry *entry, struct area area)
{
	int label = label_columns(area);
	int words = area.columns - INDENT - label - 1;
	int lines = wrap_rows(entry->label, label - 1);

	if (entry->words == NULL)
		return 1;
	return wrap_rows(entry->words, words) > lines ? wrap_rows(entry->words, words) : lines;
}

struct heights {
	struct area area;
	int of[ENTRIES_MOST];
	int count;
};

static void measure(void *context, const struct help_entry *entry)
{
	struct heights *heights = context;

	if (heights->count < ENTRIES_MOST)
		heights->of[heights->count++] = height(entry, heights->area);
}

/* The last entry with which the page may begin, so that its end stands at the bottom. */
static int last_top(struct area area)
{
	struct heights heights = { .area = area };
	int rows = 0, top;

	help_page(measure, &heights);
	for (top = heights.count; top > 0 && rows + heights.of[top - 1] <= area.rows; top--)
		rows += heights.of[top - 1];
	return top < heights.count ? top : heights.count - 1;
}

/* ---- Drawing ----------------------------------------------------------------------------------- */

struct brush {
	struct canvas *canvas;
	struct area rest;
	int skip; /* entries above the screen */
};

static void draw_entry(void *context, const struct help_entry *entry)
{
	struct brush *brush = context;
	struct area label = brush->rest, words = brush->rest;
	int columns = label_columns(brush->rest);

	if (brush->skip-- > 0 || brush->rest.rows <= 0)
		return;
	if (entry->kind == HELP_HEAD) {
		canvas_put(brush->canvas, label.row, label.column + 1, label.columns - 2,
		           entry->look, entry->label);
	} else if (entry->words != NULL) {
		label.column += INDENT;
		label.columns = columns - 1;
		wrap_put(brush->canvas, label, entry->look, entry->label);
		words.column += INDENT + columns;
		words.columns -= INDENT + columns + 1;
		wrap_put(brush->canvas, words, look_of(PAINT_PLAIN), entry->words);
	}
	brush->rest.row += height(entry, brush->rest);
	brush->rest.rows -= height(entry, brush->rest);
}

static void draw(struct tui *tui, struct canvas *canvas, struct area area)
{
	int last = last_top(area);
	struct brush brush = { .canvas = canvas, .rest = area };

	if (tui->help.top > last)
		tui->help.top = last;
	brush.skip = tui->help.top;
	help_page(draw_entry, &brush);
}

/* ---- Searching --------------------------------------------------------------------------------- */

struct hunt {
	const char *sought;
	int top;           /* where it starts */
	int number;        /* of the entry at hand */
	int before, after; /* the nearest finds on either side; -1: none */
	int first, last;   /* of all */
};

static void look_at(void *context, const struct help_entry *entry)
{
	struct hunt *hunt = context;
	int number = hunt->number++;

	if (!has_sought(entry->label, hunt->sought) && !has_sought(entry->words, hunt->sought))
		return;
	if (hunt->first < 0)
		hunt->first = number;
	hunt->last = number;
	if (number < hunt->top)
		hunt->before = number;
	if (number > hunt->top && hunt->after < 0)
		hunt->after = number;
}

static void search_next(struct tui *tui, bool is_backwards)
{
	struct hunt hunt = { .sought = tui->help.sought, .top = tui->help.top,
		             .before = -1, .after = -1, .first = -1, .last = -1 };
	int found;

	if (tui->help.sought[0] == '\0')
		return;
	help_page(look_at, &hunt);
	if (is_backwards)
		found = hunt.before >= 0 ? hunt.before : hunt.last;
	else
		found = hunt.after >= 0 ? hunt.after : hunt.first;
	if (found >= 0)
		tui->help.top = found;
	else
		tui_say(tui, "nothing here says \"%s\"", tui->help.sought);
}

static void search(struct tui *tui, const char *typed)
{
	struct text text = text_over(tui->help.sought, sizeof(tui->help.sought));

	text_add(&text, typed);
	search_next(tui, false);
}

/* ---- The view ---------------------------------------------------------------------------------- */

static void scroll(struct tui *tui, int by)
{
	int last = last_top(tui->body);
	int top = tui->help.top + by;

	if (top > last)
		top = last;
	tui->help.top = top > 0 ? top : 0;
}

static bool act(struct tui *tui, enum action action, const struct key *key)
{
	int page = tui->body.rows > 2 ? tui->body.rows - 1 : 1;

	switch (action) {
	case ACTION_UP:
		scroll(tui, -1);
		return true;
	case ACTION_DOWN:
		scroll(tui, 1);
		return true;
	case ACTION_PAGE_UP:
		scroll(tui, -page);
		return true;
	case ACTION_PAGE_DOWN:
		scroll(tui, page);
		return true;
	case ACTION_FIRST:
		tui->help.top = 0;
		return true;
	case ACTION_LAST:
		scroll(tui, ENTRIES_MOST);
		return true;
	case ACTION_SEARCH:
		tui_ask(tui, "search: ", "", search);
		return true;
	case ACTION_SEARCH_NEXT:
		search_next(tui, key->code == 'N');
		return true;
	default:
		return false;
	}
}

static unsigned places(const struct tui *tui)
{
	(void)tui;
	return IN_HELP;
}

static void enter(struct tui *tui)
{
	tui->help.top = 0;
}

const struct view help_view = {
	.name = "help",
	.places = places,
	.draw = draw,
	.act = act,
	.enter = enter,
};
