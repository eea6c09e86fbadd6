/* replay_line.c: where a replay is in its capture, and where things happened there. */

#include "base/text.h"
#include "base/time.h"
#include "tui/inside.h"

enum { CELLS_MOST = 512, CELLS_LEAST = 10, WORDS_MOST = 64 };

/* What a part of the capture holds, the worst first. */
struct sign {
	uint32_t glyph;
	enum paint paint;
};

static struct sign sign_of(const struct cluster *cluster)
{
	if (cluster->resets > 0)
		return (struct sign){ 0x2717, PAINT_TROUBLE }; /* ✗ */
	if (cluster->opens > 0 && cluster->closes > 0)
		return (struct sign){ '=', PAINT_STRONG };
	if (cluster->opens > 0)
		return (struct sign){ '+', PAINT_OPENING };
	if (cluster->closes > 0)
		return (struct sign){ '-', PAINT_CLOSING };
	return (struct sign){ 0xb7, PAINT_DIM }; /* · */
}

/* Which of so many cells this instant lies in. */
static int cell_of(const struct replay *replay, int64_t now, int cells)
{
	int64_t span = time_between(replay->first, replay->last);
	int64_t past = now == TIME_NONE ? 0 : time_between(replay->first, now);

	if (past <= 0 || span <= 0)
		return 0;
	return past >= span ? cells - 1 : (int)((double)past / (double)span * cells);
}

static void draw_scrubber(const struct tui *tui, struct canvas *canvas, int row, int column,
                          int cells)
{
	const struct wire_port *wire = tui->options.wire;
	struct cluster clusters[CELLS_MOST] = { { 0, 0, 0 } };
	int here = cell_of(tui->scene.replay, tui->scene.now, cells);

	if (wire->clusters)
		wire->clusters(wire->context, clusters, (size_t)cells);
	for (int i = 0; i < cells; i++) {
		struct sign sign = sign_of(&clusters[i]);
		struct look look = { (uint8_t)sign.paint, i < here ? LOOK_BOLD : LOOK_NORMAL };

		canvas_glyph(canvas, row, column + i, sign.glyph, look);
	}
	canvas_glyph(canvas, row, column + here, 0x2503, /* ┃ */
	             (struct look){ PAINT_STRONG, LOOK_REVERSE });
}

static void draw_loading(const struct replay *replay, struct canvas *canvas, int row, int column,
                         int cells)
{
	int eighths = (int)((int64_t)replay->loaded * cells * 8 / 1000);

	for (int i = 0; i < cells; i++, eighths -= 8) {
		int part = eighths > 8 ? 8 : eighths < 0 ? 0 : eighths;

		canvas_glyph(canvas, row, column + i, part > 0 ? canvas_bar(canvas, part) : '.',
		             look_of(part > 0 ? PAINT_STRONG : PAINT_DIM));
	}
}

/* The last that was captured is not the end of the story. */
static bool is_cut(const struct scene *scene)
{
	return scene->replay->is_at_end && scene->page->input->damage;
}

static void add_speed(struct text *text, const struct scene *scene)
{
	const struct replay *replay = scene->replay;
	const char *end = is_cut(scene) ? "CUT" : "END";

	text_add(text, replay->is_at_end ? end : replay->is_paused ? "PAUSED" : "▶");
	if (replay->speed > 0)
		text_format(text, " %gx", replay->speed);
	else
		text_add(text, " max");
}

/* "1.234 / 4.200 s"; whole seconds where it took long, microseconds where it was over in no time. */
static void add_position(struct text *text, const struct replay *replay, int64_t now)
{
	int64_t span = time_between(replay->first, replay->last);
	int64_t past = now == TIME_NONE ? 0 : time_between(replay->first, now);
	int decimals = span > 0 && span < TIME_SECOND / 100 ? 6 : span < 1000 * TIME_SECOND ? 3 : 0;

	time_add_seconds(text, past > 0 ? past : 0, decimals);
	text_add(text, " / ");
	time_add_seconds(text, span, decimals);
	text_add(text, " s");
}

void replay_line_draw(const struct tui *tui, struct canvas *canvas, int row)
{
	const struct replay *replay = tui->scene.replay;
	bool is_loading = replay->loaded < 1000;
	struct look look = look_of(is_cut(&tui->scene) ? PAINT_TROUBLE : PAINT_STRONG);
	char left[WORDS_MOST], right[WORDS_MOST];
	struct text speed = text_over(left, sizeof(left));
	struct text position = text_over(right, sizeof(right));
	int column = 1, cells;

	if (is_loading)
		text_format(&speed, "reading %d %%", replay->loaded / 10);
	else
		add_speed(&speed, &tui->scene);
	add_position(&position, replay, tui->scene.now);
	column += canvas_put(canvas, row, column, -1, look, left) + 2;
	canvas_put_right(canvas, row, column, canvas_columns(canvas) - column - 1,
	                 look_of(PAINT_PLAIN), right);
	cells = canvas_columns(canvas) - column - (int)text_columns(right) - 3;
	if (cells > CELLS_MOST)
		cells = CELLS_MOST;
	if (cells < CELLS_LEAST)
		return;
	if (is_loading)
		draw_loading(replay, canvas, row, column, cells);
	else
		draw_scrubber(tui, canvas, row, column, cells);
}
