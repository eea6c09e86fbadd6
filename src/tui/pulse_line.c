/* pulse_line.c: how many connections begin and are reset each second, and the time. */

#include <string.h>

#include "base/text.h"
#include "base/time.h"
#include "tui/inside.h"
#include "tui/shorten.h"

enum { BARS_LEAST = 8, WORDS_MOST = 64 };

/* The least bar is nothing at all, so that the line is seen; the latest second is at its end. */
static void draw_bars(struct canvas *canvas, int row, int column, int columns,
                      const uint32_t *counts, struct look look)
{
	uint32_t most = 1;

	for (int i = PULSE_SECONDS - columns; i < PULSE_SECONDS; i++)
		most = counts[i] > most ? counts[i] : most;
	for (int i = 0; i < columns; i++) {
		uint64_t count = counts[PULSE_SECONDS - columns + i];
		int eighths = count == 0 ? 1 : 2 + (int)(count * 6 / most);

		canvas_glyph(canvas, row, column + i, canvas_bar(canvas, eighths),
		             count == 0 ? look_of(PAINT_DIM) : look);
	}
}

/* The head line names the source. */
static const char *without_name(const char *words, const char *name)
{
	size_t length = strlen(name);

	if (strncmp(words, name, length) != 0 || strncmp(words + length, ": ", 2) != 0)
		return words;
	return words + length + 2;
}

/* Why there is no more to come though the story may go on; NULL: there is, or it is all told. */
static const char *why_over(const struct scene *scene)
{
	const char *damage = scene->page->input->damage;

	if (!scene->replay)
		return scene->ended;
	return scene->replay->is_at_end && damage ? without_name(damage, scene->source) : NULL;
}

static void add_time(struct text *text, const struct scene *scene, int columns)
{
	enum { TIME_OF_DAY = 11 };
	char date[48];
	struct text time = text_over(date, sizeof(date));

	if (scene->now == TIME_NONE)
		return;
	time_add_date(&time, scene->now, scene->replay ? 3 : 0);
	if ((int)text_columns(text->start) + (int)time.length - TIME_OF_DAY + 2 < columns)
		text_format(text, "  %s", date + TIME_OF_DAY);
}

static int draw_clock(const struct tui *tui, struct canvas *canvas, int row)
{
	const struct scene *scene = &tui->scene;
	const char *why = why_over(scene);
	int columns = canvas_columns(canvas), room = columns - 2;
	char words[WORDS_MOST * 4];
	struct text text = text_over(words, sizeof(words));

	if (why && room > 0)
		short_words(&text, why, room < WORDS_MOST ? (size_t)room : WORDS_MOST);
	else
		text_add(&text, scene->replay ? "REPLAY" : "LIVE");
	add_time(&text, scene, columns);
	text_add_char(&text, ' ');
	canvas_put_right(canvas, row, 0, columns, look_of(why ? PAINT_TROUBLE : PAINT_STRONG),
	                 words);
	return (int)text_columns(words);
}

/* Never in silence: somebody's packets are being written to a file. */
static int draw_recording(const struct tui *tui, struct canvas *canvas, int row, int until)
{
	struct look look = { PAINT_TROUBLE, LOOK_BOLD };

	return tui->scene.is_recording
	               ? canvas_put_right(canvas, row, 0, until - 2, look, "REC") + 2
	               : 0;
}

void pulse_line_draw(const struct tui *tui, struct canvas *canvas, int row)
{
	static const char *const names[] = { "opens ", "resets " };
	const struct pulse *pulse = tui->scene.pulse;
	int until = canvas_columns(canvas) - draw_clock(tui, canvas, row);
	int columns, column = 1;

	until -= draw_recording(tui, canvas, row, until);
	columns = (until - column - (int)strlen("opens   resets   ")) / 2;
	if (columns > PULSE_SECONDS)
		columns = PULSE_SECONDS;
	if (!pulse || columns < BARS_LEAST)
		return;
	for (int i = 0; i < 2; i++) {
		column += canvas_put(canvas, row, column, -1, look_of(PAINT_DIM), names[i]);
		draw_bars(canvas, row, column, columns, i == 0 ? pulse->opens : pulse->resets,
		          look_of(i == 0 ? PAINT_OPENING : PAINT_TROUBLE));
		column += columns + 2;
	}
}
