/* watch.c: the command that shows connections live, or a capture as it is played. */
#include <stdlib.h>
#include <string.h>

#include "app/clock.h"
#include "app/intake.h"
#include "app/session_inside.h"
#include "app/watch_inside.h"
#include "lab/sandbox.h"

/* Where nothing is said: loopback is where the lab plays, and all there is in a sandbox. */
#define USUAL "lo"

/* A file that is nothing at all is better told of without a view. */
static bool has_begun(struct watch *watch)
{
	if (watch->kind != &watch_replay)
		return true;
	watch->kind->work(watch, clock_steady());
	return !watch->session->was_damaged || source_facts(watch->session->source).frames > 0;
}

static enum status show(struct watch *watch)
{
	struct tui_options options = {
		.where = watch->where,
		.wire = &watch->wire,
	};

	if (watch->kind == &watch_live)
		options.lab = watch_lab_port(watch->live.lab);
	if (watch->options.prints)
		return watch_on_paper(watch, &options);
	return has_begun(watch) ? watch_on_screen(watch, &options) : STATUS_REFUSED;
}

static int prepare(struct watch *watch, struct error *err)
{
	const char *filter = watch->settings.filter ? watch->settings.filter : "";

	watch_port_start(watch);
	watch->filter = strdup(filter);
	if (!watch->filter) {
		error_set(err, "out of memory");
		return -1;
	}
	return watch->kind->open(watch, err);
}

static struct watch *watch_of(const struct settings *settings, struct error *err)
{
	struct watch *watch = calloc(1, sizeof *watch);

	if (!watch) {
		error_set(err, "out of memory");
		return NULL;
	}
	watch->settings = *settings;
	watch->settings.where = NULL;
	watch->where = settings->where;
	if (settings->file_count == 0 && !settings->interface)
		watch->settings.interface = USUAL;
	watch->kind = intake_is_live(&watch->settings) ? &watch_live : &watch_replay;
	return watch;
}

struct watch *watch_open(const struct settings *settings, enum status *status)
{
	struct error err = { .what = "" };
	struct watch *watch = watch_of(settings, &err);

	*status = STATUS_USAGE;
	if (!watch || watch_options_read(&watch->options, settings, &err) < 0)
		goto refused;
	*status = STATUS_REFUSED;
	if (settings->sandbox && sandbox_enter(&err) < 0)
		goto refused;
	watch->session = session_open(&watch->settings, &watch->kind->plan, status);
	if (!watch->session) {
		free(watch);
		return NULL;
	}
	if (prepare(watch, &err) == 0)
		return watch;
	complain(&err, *status = STATUS_REFUSED);
	watch_end(watch);
	return NULL;
refused:
	complain(&err, *status);
	free(watch);
	return NULL;
}

enum status watch_end(struct watch *watch)
{
	enum status status;

	watch->kind->close(watch);
	tape_clear(&watch->tape);
	store_free(watch->store);
	free(watch->filter);
	status = session_end(watch->session);
	free(watch);
	return status;
}

enum status watch_run(const struct settings *settings)
{
	enum status status, end;
	struct watch *watch = watch_open(settings, &status);

	if (!watch)
		return status;
	status = show(watch);
	end = watch_end(watch);
	return status != STATUS_DONE ? status : end;
}
