/* watch_print.c: the view without a terminal: keys from a script, the screen as text or SVG. */

/*
 * Time passes only where the script says so: "{+2.5}" lets a replay that is not paused play for 2.5
 * seconds. So the same script shows the same, always.
 */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/terminal.h"
#include "app/watch_inside.h"
#include "report/output.h"
#include "tui/canvas.h"
#include "tui/key.h"

/* In UTF-8 and with marks, a line may take so many bytes for each column. */
enum { BYTES_PER_CELL = 8 };

struct paper {
	struct watch *watch;
	struct tui *tui;
	struct canvas *canvas;
};

static void settle(struct paper *paper)
{
	replay_settle(paper->watch);
	tui_draw(paper->tui, paper->canvas);
}

/* "{+2.5}" at the front of the script. */
static bool span_read(const char **script, double *seconds)
{
	char *end;

	if (strncmp(*script, "{+", 2) != 0)
		return false;
	*seconds = strtod(*script + 2, &end);
	if (*end != '}' || !(*seconds >= 0 && *seconds < 1e9))
		return false;
	*script = end + 1;
	return true;
}

/* -1 and err where the script makes no sense; the rest of it is not pressed when the view is left. */
static int press(struct paper *paper, const char *script, struct error *err)
{
	double seconds;
	struct key key;

	while (*script) {
		const char *before = script;

		if (span_read(&script, &seconds)) {
			player_pass(&paper->watch->replay.player,
			            (int64_t)(seconds * (double)TIME_SECOND));
		} else if (!key_read(&script, &key)) {
			error_set(err, "watch: --keys: no key begins with '%s'", before);
			return -1;
		} else if (!tui_key(paper->tui, &key)) {
			return 0;
		}
		settle(paper);
	}
	return 0;
}

static void write_words(void *context, const char *words)
{
	output_add(context, words);
}

static int write_out(const struct paper *paper, struct error *err)
{
	const struct watch_options *options = &paper->watch->options;
	size_t size = (size_t)(options->rows + 1) * (size_t)(options->columns + 4) * BYTES_PER_CELL;
	bool has_marks = options->format && strcmp(options->format, "marks") == 0;
	char *storage = malloc(size);
	struct output *output = malloc(sizeof *output);
	int outcome = -1;

	if (storage && output) {
		struct text text = text_over(storage, size);

		output_start(output, STDOUT_FILENO);
		if (options->format && strcmp(options->format, "svg") == 0)
			canvas_svg(paper->canvas, write_words, output);
		else
			canvas_text(paper->canvas, &text, has_marks);
		output_add_text(output, &text);
		outcome = output_flush(output, err);
	} else {
		error_set(err, "out of memory");
	}
	free(storage);
	free(output);
	return outcome;
}

/* The end of the capture is what is looked at: from there keys go elsewhere. */
static void go_to_end(struct watch *watch)
{
	player_seek(&watch->replay.player, INT64_MAX);
	watch->replay.player.is_paused = true;
}

enum status watch_on_paper(struct watch *watch, const struct tui_options *options)
{
	struct paper paper = { .watch = watch };
	struct error err = { .what = "" };
	enum status status = STATUS_REFUSED;

	go_to_end(watch);
	if (!replay_settle(watch))
		return STATUS_REFUSED; /* what was wrong is told at the end of the session */
	paper.canvas = canvas_new(watch->options.rows, watch->options.columns,
	                          terminal_wants_ascii(&watch->settings), &err);
	paper.tui = paper.canvas ? tui_new(options, &err) : NULL;
	if (!paper.tui) {
		complain(&err, paper.canvas ? status = STATUS_USAGE : status);
		goto done;
	}
	settle(&paper);
	if (watch->options.keys && press(&paper, watch->options.keys, &err) < 0)
		status = complain(&err, STATUS_USAGE);
	else if (write_out(&paper, &err) < 0)
		complain(&err, STATUS_REFUSED);
	else
		status = STATUS_DONE;
done:
	tui_free(paper.tui);
	canvas_free(paper.canvas);
	return status;
}
