/* follow.c: a savefile that still grows, and those that take its name after it. */

/*
 * As tail -F does: when another file has the name, what is left of the old one
 * is read first. A file that has become shorter is begun anew. A record that
 * is only half there is waited for, unless its file has lost the name: then it
 * is noted as damage, and the successor is read nevertheless.
 */

#include "capture/follow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/file.h"
#include "capture/notes.h"
#include "capture/remarks.h"
#include "capture/source_ops.h"
#include "capture/watcher.h"

struct follow {
	struct source source;
	struct file file;
	bool open; /* `file` is; otherwise its successor is waited for */
	bool over;
	int watcher; /* or -1 */
	char *path;
	struct notes notes;
	struct remarks remarks;
	struct source_facts past; /* sums over the files before */
	frames_visitor *visit;
	void *context;
};

static int successor_open(struct follow *follow, struct error *err)
{
	const struct file_manner manner = {
		.piece = FILE_PIECE,
		.grows = true,
		.remarks = &follow->remarks,
		.origin = follow->past.files,
	};
	enum pump_lack lack;

	if (file_open(&follow->file, follow->path, manner, &lack, err) < 0)
		return -1;
	follow->open = true;
	follow->past.files++;
	return 0;
}

static void file_leave(struct follow *follow)
{
	const struct pump *pump = &follow->file.pump;

	follow->past.frames += pump->frames;
	follow->past.bytes_read += pump->bytes_read;
	follow->past.backwards += pump->backwards;
	if (pump->backwards)
		notes_backwards(&follow->notes, pump->shown, pump->backwards);
	file_close(&follow->file);
	follow->open = false;
}

/* The old file ended, or its end was lost with the rest of it. */
static void file_end(struct follow *follow, int outcome, const struct error *why)
{
	if (outcome == SOURCE_FAILED)
		notes_damaged(&follow->notes, why);
	file_leave(follow);
}

static bool is_replaced(const struct follow *follow, const struct stat *now)
{
	return now->st_dev != follow->file.device || now->st_ino != follow->file.inode;
}

/* True when there is something to read now, although the file was at its end. */
static bool fate_settle(struct follow *follow)
{
	struct stat now;

	if (follow->file.patient || stat(follow->path, &now) < 0)
		return false;
	if (is_replaced(follow, &now)) {
		follow->file.finished = true;
		return true;
	}
	if (now.st_size >= follow->file.position)
		return false;
	file_leave(follow);
	return true;
}

static void frames_pass(void *context, const struct frame *frames, size_t count)
{
	struct follow *follow = context;
	struct frame numbered[FRAMES_MOST];
	uint32_t before = follow->past.files - 1;

	for (size_t i = 0; i < count; i++) {
		numbered[i] = frames[i];
		numbered[i].number += follow->past.frames;
		numbered[i].interface |= before << 16;
		if (remarks_wait(&follow->remarks))
			remarks_settle(&follow->remarks, before, frames[i].number,
			               numbered[i].number);
	}
	follow->visit(follow->context, numbered, count);
}

/* A successor that has gone again, or that nobody may read yet, may still come. */
static int successor_await(struct follow *follow, struct error *err)
{
	struct stat status;

	watcher_reset(follow->watcher, follow->path);
	if (stat(follow->path, &status) < 0)
		return SOURCE_QUIET;
	if (successor_open(follow, err) == 0)
		return 1;
	if (stat(follow->path, &status) < 0)
		return SOURCE_QUIET;
	follow->over = true;
	return SOURCE_FAILED;
}

static int follow_visit(struct source *source, int most, frames_visitor *visit, void *context,
                        struct error *err)
{
	struct follow *follow = (struct follow *)source;
	int outcome;

	if (follow->over)
		return SOURCE_END;
	follow->visit = visit;
	follow->context = context;
	watcher_reset(follow->watcher, follow->path);
	for (;;) {
		if (!follow->open) {
			outcome = successor_await(follow, err);
			if (outcome != 1)
				return outcome;
		}
		outcome = pump_visit(&follow->file.pump, most, frames_pass, follow, err);
		if (outcome > 0)
			return outcome;
		if (outcome == SOURCE_QUIET) {
			if (!fate_settle(follow))
				return SOURCE_QUIET;
			continue;
		}
		if (!follow->file.finished) {
			follow->over = true;
			return outcome;
		}
		file_end(follow, outcome, err);
	}
}

static int follow_descriptor(const struct source *source)
{
	const struct follow *follow = (const struct follow *)source;

	if (!follow->open)
		return follow->watcher;
	if (!follow->file.pump.quiet)
		return -1;
	return follow->file.patient ? follow->file.descriptor : follow->watcher;
}

static struct source_facts follow_facts(const struct source *source)
{
	const struct follow *follow = (const struct follow *)source;
	struct source_facts facts = { .container = NULL };

	if (follow->open)
		facts = pump_facts(&follow->file.pump);
	facts.name = follow->path;
	facts.frames += follow->past.frames;
	facts.bytes_read += follow->past.bytes_read;
	facts.backwards += follow->past.backwards;
	facts.files = follow->past.files;
	facts.damaged = follow->notes.damaged;
	return facts;
}

static const char *follow_note(const struct source *source, size_t index)
{
	return notes_get(&((const struct follow *)source)->notes, index);
}

static const struct remarks *follow_remarks(const struct source *source)
{
	return &((const struct follow *)source)->remarks;
}

static void follow_close(struct source *source)
{
	struct follow *follow = (struct follow *)source;

	if (follow->open)
		file_close(&follow->file);
	if (follow->watcher >= 0)
		close(follow->watcher);
	notes_free(&follow->notes);
	remarks_free(&follow->remarks);
	free(follow->path);
	free(follow);
}

static const struct source_ops follow_ops = {
	.visit = follow_visit,
	.descriptor = follow_descriptor,
	.facts = follow_facts,
	.note = follow_note,
	.remarks = follow_remarks,
	.close = follow_close,
};

struct source *follow_open(const char *path, struct error *err)
{
	struct follow *follow = calloc(1, sizeof(*follow));

	if (!follow || !(follow->path = strdup(path))) {
		free(follow);
		error_set(err, "%s: out of memory", path);
		return NULL;
	}
	follow->source.ops = &follow_ops;
	follow->remarks.renumbers = true;
	/* Before the file is read, or what happens in between would be missed. */
	follow->watcher = watcher_open(path);
	if (successor_open(follow, err) == 0)
		return &follow->source;
	follow_close(&follow->source);
	return NULL;
}
