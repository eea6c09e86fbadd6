/* flows_layout.c: which columns of the list fit, and where they stand. */

/*
 * First come those that tell a life, each as narrow as it can be read; then the
 * addresses get what they need, in turns; then the others come as far as there is room, and what
 * is left over goes to the notes. Addresses are measured in the rows in sight only.
 */

#include "tui/flows_parts.h"

enum { GUTTER = 3, END_USUAL = 21 /* any of IPv4 */, NOTE_USUAL = 24, END_MOST = 64 };
enum { HEAD_COLUMNS = 7 /* "CLIENT" and the sign of the order */ };

static bool is_end(const struct flows_column *column)
{
	return column->order == order_client || column->order == order_server;
}

static int digits_of(uint64_t number)
{
	int digits = 1;

	for (; number >= 10; number /= 10)
		digits++;
	return digits;
}

static int end_columns(const struct flow *flow, enum side side)
{
	char words[END_MOST];
	struct text text = text_over(words, sizeof(words));

	address_add_port(&text, (enum family)flow->key.family, &flow->key.address[side],
	                 flow->key.port[side]);
	return (int)text.length;
}

/* The longest address in sight. */
static int longest_end(const struct tui *tui, struct area area, enum side side)
{
	size_t top = flows_top(tui, area), height = flows_height(area);
	int longest = 0;

	for (size_t row = top; row < top + height && row < tui->flows.list.count; row++) {
		const struct flow *flow = flows_flow(tui, row);
		int columns = flow ? end_columns(flow, side) : 0;

		longest = columns > longest ? columns : longest;
	}
	return longest;
}

/* What each column could use, so many numbers as there are columns. */
static void measure(const struct tui *tui, struct area area, int *most)
{
	size_t count;
	const struct flows_column *table = flows_columns(&count);
	uint64_t last = tui->roll.count > 0 ? tui->roll.flows[tui->roll.count - 1].id : 0;

	for (size_t i = 0; i < count; i++) {
		int least;

		most[i] = table[i].most;
		if (is_end(&table[i]))
			most[i] = longest_end(tui, area,
			                      table[i].order == order_client ? CLIENT : SERVER);
		else if (table[i].order == order_id)
			most[i] = digits_of(last) + 1; /* a blank after the marks */
		least = is_end(&table[i]) ? HEAD_COLUMNS : table[i].least;
		most[i] = most[i] < least ? least : most[i];
	}
}

/* Short addresses leave room for others, but not less than their head needs. */
static int least_of(const struct flows_column *column, int most)
{
	if (column->order == order_id)
		return most;
	return is_end(column) && most < column->least ? most : column->least;
}

struct choice_of_columns {
	int columns[FLOWS_COLUMNS_MOST]; /* 0: not shown */
	int left;
};

/* The most important first; what does not fit any more may be followed by something narrower. */
static void choose(const struct tui *tui, struct choice_of_columns *choice, const int *most,
                   int from, int until)
{
	size_t count;
	const struct flows_column *table = flows_columns(&count);

	for (int importance = until; importance >= from; importance--) {
		for (size_t i = 0; i < count; i++) {
			int least = least_of(&table[i], most[i]);

			if (table[i].importance != importance || !(tui->flows.shown >> i & 1) ||
			    least + 1 > choice->left)
				continue;
			choice->columns[i] = least;
			choice->left -= least + 1;
		}
	}
}

static void widen(struct choice_of_columns *choice, size_t i, int most)
{
	int want = most - choice->columns[i];
	int more = want < choice->left ? want : choice->left;

	if (choice->columns[i] == 0 || more <= 0)
		return;
	choice->columns[i] += more;
	choice->left -= more;
}

static int least_number(int one, int other)
{
	return one < other ? one : other;
}

static void fit(const struct tui *tui, struct choice_of_columns *choice, const int *most)
{
	size_t count;
	const struct flows_column *table = flows_columns(&count);

	choose(tui, choice, most, FLOWS_CORE, 100);
	for (int columns = 1; columns <= END_USUAL; columns++) {
		for (size_t i = 0; i < count; i++) {
			if (is_end(&table[i]))
				widen(choice, i, least_number(most[i], columns));
		}
	}
	choose(tui, choice, most, 0, FLOWS_CORE - 1);
	for (size_t i = 0; i < count; i++) {
		if (table[i].order == order_note)
			widen(choice, i, NOTE_USUAL);
	}
	for (size_t i = 0; i < count; i++)
		widen(choice, i, most[i]);
}

/* Where the numbers are not shown, nothing else keeps a blank between the marks and the cells. */
static int gutter_of(const struct tui *tui)
{
	size_t count;
	const struct flows_column *table = flows_columns(&count);

	for (size_t i = 0; i < count; i++) {
		if (table[i].order == order_id && tui->flows.shown >> i & 1)
			return GUTTER;
	}
	return GUTTER + 1;
}

void flows_lay_out(const struct tui *tui, struct area area, struct flows_layout *layout)
{
	int gutter = gutter_of(tui);
	struct choice_of_columns choice = { .left = area.columns - gutter + 1 };
	int most[FLOWS_COLUMNS_MOST];
	int at = area.column + gutter;
	size_t count;

	flows_columns(&count);
	measure(tui, area, most);
	fit(tui, &choice, most);
	layout->count = 0;
	for (size_t i = 0; i < count; i++) {
		if (choice.columns[i] == 0)
			continue;
		layout->cells[layout->count].number = i;
		layout->cells[layout->count].column = at;
		layout->cells[layout->count++].columns = choice.columns[i];
		at += choice.columns[i] + 1;
	}
}
