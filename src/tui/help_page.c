/* help_page.c: keys by place, from the one table of bindings, and the signs of all views. */

#include "tui/help_page.h"

#include "tui/inside.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- The groups of keys ------------------------------------------------------------------------ */

struct group {
	const char *title;
	unsigned places; /* a binding of any of these belongs here */
};

/* What holds in every view, or in every list, has a group of its own instead. */
/* clang-format off */
static const struct group groups[] = {
	{ "Everywhere",                    0 },
	{ "In any list",                   0 },
	{ "All connections",               IN_FLOWS },
	{ "One connection",                IN_FLOW | IN_PLOTS },
	{ "A capture that is played",      IN_REPLAY },
	{ "The lab",                       IN_LAB },
	{ "The quiz",                      IN_QUIZ },
	{ "Choosing columns, or an order", IN_CHOOSER },
};
/* clang-format on */

enum { GROUP_EVERYWHERE, GROUP_LISTS };

static bool belongs(const struct binding *binding, size_t group)
{
	bool is_everywhere = (binding->places & IN_VIEWS) == IN_VIEWS;
	bool is_of_lists = (binding->places & IN_LISTS) == IN_LISTS;

	if (group == GROUP_EVERYWHERE)
		return is_everywhere;
	if (group == GROUP_LISTS)
		return is_of_lists && !is_everywhere;
	return !is_everywhere && !is_of_lists && binding->places & groups[group].places;
}

static void add_keys(struct text *text, const struct binding *binding)
{
	for (size_t i = 0; i < COUNT(binding->keys) && binding->keys[i] != 0; i++) {
		if (text->length > 0)
			text_add(text, ", ");
		key_spell(text, binding->keys[i]);
	}
}

/* Rows without help only have more keys of the row before them. */
static bool goes_on(const struct binding *next, const struct binding *binding)
{
	return next->help == NULL && next->action == binding->action &&
	       next->places == binding->places;
}

static void visit_key(const struct binding *all, size_t count, size_t i, help_visitor *visit,
                      void *context)
{
	struct help_entry entry = { .kind = HELP_KEY,
		                    .look = look_of(PAINT_KEY),
		                    .words = all[i].help };
	struct text label = text_over(entry.label, sizeof(entry.label));

	add_keys(&label, &all[i]);
	for (size_t next = i + 1; next < count && goes_on(&all[next], &all[i]); next++)
		add_keys(&label, &all[next]);
	visit(context, &entry);
}

static void visit_head(const char *title, help_visitor *visit, void *context)
{
	struct help_entry entry = { .kind = HELP_HEAD, .look = { PAINT_HEAD, LOOK_BOLD } };
	struct text label = text_over(entry.label, sizeof(entry.label));

	text_add(&label, title);
	visit(context, &entry);
}

static void visit_blank(help_visitor *visit, void *context)
{
	const struct help_entry blank = { .kind = HELP_BLANK };

	visit(context, &blank);
}

static void visit_group(size_t group, help_visitor *visit, void *context)
{
	size_t count;
	const struct binding *all = bindings(&count);

	visit_head(groups[group].title, visit, context);
	for (size_t i = 0; i < count; i++)
		if (all[i].help != NULL && belongs(&all[i], group))
			visit_key(all, count, i, visit, context);
	visit_blank(visit, context);
}

/* ---- The signs --------------------------------------------------------------------------------- */

struct sign {
	const char *label;
	uint8_t paint;
	const char *words; /* NULL: the label is the head of a group */
};

/* clang-format off */
static const struct sign signs[] = {
	{ "Opening: an arrow is a segment, its direction is who sent it", PAINT_HEAD, NULL },
	{ "▶◀▶",   PAINT_OPENING, "SYN, SYN-ACK, ACK: the handshake is done." },
	{ "▶◀·",   PAINT_OPENING, "Half-open: the last ACK has not come yet." },
	{ "▶▶▶··", PAINT_OPENING, "The SYN is not answered; repeats are shown, then counted: ▶×6." },
	{ "▶✗",    PAINT_TROUBLE, "Refused, or unreachable." },
	{ "⧓",     PAINT_OPENING, "Before the arrows: both ends opened, or closed, at the same time." },
	{ "···",   PAINT_DIM,     "It began before the capture did." },

	{ "Closing", PAINT_HEAD, NULL },
	{ "▶◀◀▶",  PAINT_CLOSING, "FIN, ACK, FIN, ACK: in four steps, the client first." },
	{ "◀▶▶◀",  PAINT_CLOSING, "The same, the server first." },
	{ "▶◀▶",   PAINT_CLOSING, "Three segments: an ACK and a FIN went together." },
	{ "▶◀··",  PAINT_CLOSING, "Half-closed: one side has said goodbye." },
	{ "✗▶ ✗◀", PAINT_TROUBLE, "Reset by the client, by the server." },

	{ "States", PAINT_HEAD, NULL },
	{ "?",            PAINT_DIM, "A guess nobody has confirmed: a LISTEN that has not answered, a CLOSE_WAIT that was not acknowledged, a connection met midway." },
	{ "dim",          PAINT_DIM, "Presumed: it follows from what was sent to this end, not from what it sent itself." },
	{ "┃ ┆",          PAINT_PLAIN, "Lifelines of a ladder: the state is proven; it is presumed." },
	{ "SYN_SENT SYN_RECEIVED", PAINT_OPENING, "Opening." },
	{ "ESTABLISHED",  PAINT_STRONG, "Open: data may flow." },
	{ "FIN_WAIT_1 FIN_WAIT_2 CLOSING TIME_WAIT", PAINT_CLOSING, "The end that said goodbye first; TIME_WAIT keeps its port for a while." },
	{ "CLOSE_WAIT LAST_ACK",  PAINT_CLOSING, "The end that was left." },

	{ "Marks", PAINT_HEAD, NULL },
	{ "▸",  PAINT_STRONG,  "The selected line." },
	{ "C S", PAINT_CLIENT, "In the diagram of states: the ends of the selected connection." },
	{ "*",  PAINT_STRONG,  "In the diagram: somebody came into this state a moment ago." },
	{ "(3)", PAINT_DIM,    "In the diagram: so many of these are presumed." },
	{ "● ✓ ✗", PAINT_STRONG, "In the lab: it runs, it ran, it failed." },
	{ "▶",  PAINT_STRONG,  "In a script: the act that comes next." },
};
/* clang-format on */

static void visit_sign(const struct sign *sign, help_visitor *visit, void *context)
{
	struct help_entry entry = { .kind = HELP_SIGN,
		                    .look = look_of((enum paint)sign->paint),
		                    .words = sign->words };
	struct text label = text_over(entry.label, sizeof(entry.label));

	text_add(&label, sign->label);
	visit(context, &entry);
}

void help_page(help_visitor *visit, void *context)
{
	for (size_t group = 0; group < COUNT(groups); group++)
		visit_group(group, visit, context);
	for (size_t i = 0; i < COUNT(signs); i++) {
		if (signs[i].words != NULL) {
			visit_sign(&signs[i], visit, context);
			continue;
		}
		if (i > 0)
			visit_blank(visit, context);
		visit_head(signs[i].label, visit, context);
	}
}
