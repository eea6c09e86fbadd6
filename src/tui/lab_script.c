/* lab_script.c: the acts of the scenario that runs: what is done, and what comes next. */

#include "tui/inside.h"
#include "tui/lab_parts.h"
#include "tui/wrap.h"

enum { LINE_MOST = 192, MARK_COLUMNS = 2, LADDER_LEAST = 3 };

static const char *status_of(const struct lab_script *script)
{
	if (script->failure[0] != '\0')
		return "failed";
	if (script->is_over && script->is_quiet)
		return script->done < script->lines ? "stopped" : "over";
	if (!script->is_stepwise && !script->is_over)
		return "running";
	return script->is_quiet ? "Space does the next act" : "listening…";
}

static void draw_head(const struct tui *tui, struct canvas *canvas, struct area area,
                      const struct lab_script *script)
{
	bool is_quiz = tui->lab.quiz.is_on && !script->is_over;
	const char *status = is_quiz ? "quiz" : status_of(script);
	int used = canvas_put(canvas, area.row, area.column, area.columns, look_of(PAINT_HEAD),
	                      lab_row_at(tui, script->row).name);
	bool is_bad = script->failure[0] != '\0';

	if (area.columns - used > (int)text_columns(status) + 1)
		canvas_put_right(canvas, area.row, area.column + used, area.columns - used,
		                 look_of(is_bad ? PAINT_TROUBLE : PAINT_DIM), status);
}

/* ---- Acts -------------------------------------------------------------------------------------- */

static void line_at(const struct tui *tui, size_t line, char storage[LINE_MOST])
{
	struct text text = text_over(storage, LINE_MOST);

	tui->options.lab->line(tui->options.lab->context, line, &text);
}

static int rows_of(const struct tui *tui, size_t line, int columns)
{
	char storage[LINE_MOST];

	line_at(tui, line, storage);
	return wrap_rows(storage, columns - MARK_COLUMNS);
}

/* The next act must be in sight; what was done before it, as far as there is room. */
static size_t first_line(const struct tui *tui, const struct lab_script *script, struct area area)
{
	size_t last = script->done < script->lines ? script->done : script->lines - 1;
	size_t first = last;
	int rows = rows_of(tui, last, area.columns);

	while (first > 0 && rows + rows_of(tui, first - 1, area.columns) <= area.rows)
		rows += rows_of(tui, --first, area.columns);
	return first;
}

static int draw_act(const struct tui *tui, struct canvas *canvas, struct area area, size_t line,
                    const struct lab_script *script)
{
	bool is_next = line == script->done && !script->is_over;
	bool is_failed = line == script->done && script->failure[0] != '\0';
	struct look look = look_of(line < script->done ? PAINT_PLAIN : PAINT_DIM);
	const char *mark = line < script->done ? "✓" : " ";
	char storage[LINE_MOST];

	if (is_next)
		look = (struct look){ PAINT_STRONG, LOOK_BOLD };
	if (is_failed)
		look.paint = PAINT_TROUBLE;
	if (is_next || is_failed)
		mark = is_failed ? "✗" : "▶";
	canvas_put(canvas, area.row, area.column, 1, look, mark);
	line_at(tui, line, storage);
	area.column += MARK_COLUMNS;
	area.columns -= MARK_COLUMNS;
	return wrap_put(canvas, area, look, storage);
}

/* Returns the rows used. */
static int draw_acts(const struct tui *tui, struct canvas *canvas, struct area area,
                     const struct lab_script *script)
{
	struct area rest = area;

	if (script->lines == 0)
		return 0;
	for (size_t line = first_line(tui, script, area); line < script->lines && rest.rows > 0;
	     line++) {
		int used = draw_act(tui, canvas, rest, line, script);

		rest.row += used;
		rest.rows -= used;
	}
	if (script->failure[0] != '\0' && rest.rows > 0)
		rest.rows -= wrap_put(canvas, rest, look_of(PAINT_TROUBLE), script->failure);
	return area.rows - rest.rows;
}

static int rows_of_acts(const struct tui *tui, const struct lab_script *script, int columns)
{
	int rows = script->failure[0] != '\0' ? wrap_rows(script->failure, columns) : 0;

	for (size_t line = 0; line < script->lines; line++)
		rows += rows_of(tui, line, columns);
	return rows;
}

/* ---- What they did ----------------------------------------------------------------------------- */

/* While somebody steps through it, what an act did is shown once all of it has been seen. */
static bool is_shown(const struct lab_script *script)
{
	return script->flow != NULL && (script->is_quiet || !script->is_stepwise);
}

static void draw_subject(const struct tui *tui, struct canvas *canvas, struct area area,
                         const struct lab_script *script)
{
	const struct quiz *quiz = &tui->lab.quiz;
	enum tcp_state known[2];

	quiz_known(quiz, known);
	if (is_shown(script))
		lab_subject_draw(canvas, area, script->flow, quiz->is_on ? known : NULL);
	else if (script->done > 0 && area.rows > 0)
		canvas_put(canvas, area.row, area.column, area.columns, look_of(PAINT_DIM),
		           script->is_quiet ? "nothing of it was on the wire yet"
		                            : "listening to the wire…");
}

static struct area cut_bottom(struct area *area, int rows)
{
	struct area bottom = *area;

	bottom.rows = rows < area->rows ? rows : area->rows;
	area->rows -= bottom.rows;
	bottom.row += area->rows;
	return bottom;
}

static struct area cut_top(struct area *area, int rows)
{
	struct area top = *area;

	top.rows = rows < area->rows ? rows : area->rows;
	area->row += top.rows;
	area->rows -= top.rows;
	return top;
}

static int at_least(int number, int least)
{
	return number > least ? number : least;
}

/* The question goes before all else, then the states, then the acts; what is left is the ladder's. */
static void draw_script(const struct tui *tui, struct canvas *canvas, struct area area,
                        const struct lab_script *script)
{
	int acts = rows_of_acts(tui, script, area.columns);
	struct area quiz, subject;

	draw_head(tui, canvas, cut_top(&area, 1), script);
	quiz = cut_bottom(&area, quiz_rows(tui, area.columns));
	if (area.rows > SUBJECT_ROWS + LADDER_LEAST) {
		int free = at_least(area.rows - acts - SUBJECT_ROWS - 2, 0);
		struct area ladder = cut_bottom(&area, free >= LADDER_LEAST ? free : 0);

		subject = cut_bottom(&area, SUBJECT_ROWS);
		cut_bottom(&area, area.rows > acts ? 1 : 0);
		draw_subject(tui, canvas, subject, script);
		if (is_shown(script) && ladder.rows > 1) {
			cut_top(&ladder, 1);
			lab_ladder_draw(tui, canvas, ladder, script->flow);
		}
	}
	draw_acts(tui, canvas, area, script);
	quiz_draw(tui, canvas, quiz);
}

static void draw_invitation(struct canvas *canvas, struct area area)
{
	wrap_put(canvas, area, look_of(PAINT_DIM),
	         "A scenario makes connections on loopback, here in this program: the views show "
	         "what it causes. Enter runs the selected one, s does it step by step, z asks you "
	         "what happened. A service waits for anybody who connects to it, until x stops it.");
}

void lab_script_draw(struct tui *tui, struct canvas *canvas, struct area area)
{
	struct lab_script script;

	if (area.rows <= 0 || area.columns <= MARK_COLUMNS)
		return;
	tui->options.lab->script(tui->options.lab->context, &script);
	if (script.row == SIZE_MAX)
		draw_invitation(canvas, area);
	else
		draw_script(tui, canvas, area, &script);
}
