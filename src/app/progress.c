/* progress.c: how far a long read has come, on standard error. */
#include "app/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "app/clock.h"
#include "base/text.h"
#include "base/time.h"

enum { BAR_COLUMNS = 24 };

#define PATIENCE TIME_SECOND
#define PAUSE (TIME_SECOND / 10)

struct progress progress_start(bool wanted)
{
	struct progress progress = { .enabled = wanted && isatty(STDERR_FILENO) };

	if (progress.enabled) {
		progress.start = clock_steady();
		progress.next = progress.start + PATIENCE;
	}
	return progress;
}

static void size_add(struct text *text, double bytes)
{
	static const char *const units[] = { "B", "kB", "MB", "GB", "TB" };
	size_t unit = 0;

	while (bytes >= 1000 && unit < sizeof units / sizeof units[0] - 1) {
		bytes /= 1000;
		unit++;
	}
	text_format(text, "%.*f %s", unit > 0 && bytes < 100 ? 1 : 0, bytes, units[unit]);
}

static void bar_add(struct text *text, double part)
{
	int full = (int)(part * BAR_COLUMNS);

	text_add_char(text, '[');
	for (int i = 0; i < BAR_COLUMNS; i++)
		text_add_char(text, i < full ? '#' : '.');
	text_format(text, "] %2d %%  ", (int)(part * 100));
}

static void draw(const struct progress *progress, int64_t time,
                 const struct progress_facts *facts)
{
	uint64_t bytes = facts->bytes, total = facts->total;
	char storage[160];
	struct text text = text_over(storage, sizeof storage);
	double seconds = (double)(time - progress->start) / (double)TIME_SECOND;
	double rate = (double)bytes / seconds;

	if (total > 0 && bytes <= total) {
		bar_add(&text, (double)bytes / (double)total);
		size_add(&text, (double)bytes);
		text_add(&text, " of ");
		size_add(&text, (double)total);
	} else {
		size_add(&text, (double)bytes);
		text_format(&text, ", %llu frames", (unsigned long long)facts->frames);
	}
	if (facts->dropped > 0)
		text_format(&text, ", %llu dropped", (unsigned long long)facts->dropped);
	text_add(&text, "  ");
	size_add(&text, rate);
	text_add(&text, "/s");
	if (total > 0 && bytes > 0 && bytes <= total)
		text_format(&text, "  %.0f s left", (double)(total - bytes) / rate);
	fprintf(stderr, "\r%s\033[K", storage);
	fflush(stderr);
}

bool progress_is_due(const struct progress *progress)
{
	return progress->enabled && clock_steady() >= progress->next;
}

void progress_tell(struct progress *progress, const struct progress_facts *facts)
{
	int64_t time = clock_steady();

	draw(progress, time, facts);
	progress->shown = true;
	progress->next = time + PAUSE;
}

void progress_end(struct progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", stderr);
	progress->shown = false;
	progress->enabled = false;
}
