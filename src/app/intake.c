/* intake.c: where the frames come from: files, or an interface. */
#include "app/intake.h"

#include <limits.h>
#include <string.h>

#include "capture/filter.h"
#include "capture/live.h"

bool intake_is_live(const struct settings *settings)
{
	return settings->interface != NULL;
}

/* What only makes sense of an interface, or only of files. */
static int check_combination(const struct settings *settings, bool twice, struct error *err)
{
	bool live = intake_is_live(settings);

	if (live && settings->file_count > 0)
		error_set(err, "-i and -r: either an interface or files");
	else if (live && twice)
		error_set(err, "-i and --where: which connections it selects is known only at "
		               "their end, and an interface passes once");
	else if (!live && settings->duration >= 0)
		error_set(err, "--for: only with -i");
	else if (!live && settings->netns)
		error_set(err, "--netns: only with -i");
	else if (settings->write && strcmp(settings->write, "-") == 0)
		error_set(err, "-w -: standard output is for the results; name a file");
	else if (live && settings->follow)
		error_set(err, "--follow: only with -r");
	else if (settings->link_type != UINT64_MAX && settings->link_type > UINT16_MAX)
		error_set(err, "--link-type: %llu: link types end at %u",
		          (unsigned long long)settings->link_type, UINT16_MAX);
	else if (settings->follow && settings->file_count > 1)
		error_set(err, "--follow: only one file; of a rotated capture, the newest");
	else if (settings->follow && twice)
		error_set(err, "--follow and --where: which connections it selects is known only "
		               "at their end, and a file that grows has none");
	else
		return 0;
	if (!live && settings->follow && twice)
		error_remedy(err, "read what is there now, without --follow");
	if (live && twice)
		error_remedy(err, "record it with -w FILE, then read that with -r FILE");
	return -1;
}

int intake_check(const struct settings *settings, bool twice, struct error *err)
{
	if (check_combination(settings, twice, err) < 0)
		return -1;
	if (intake_is_live(settings) || settings->file_count > 0)
		return 0;
	error_set(err, "nothing to read: neither a capture file nor an interface was given");
	error_remedy(err, "give one with -r FILE or -i INTERFACE, or pipe one in with -r -");
	return -1;
}

int intake_open(struct intake *intake, const struct settings *settings, bool twice,
                struct error *err)
{
	struct source_plan files = {
		.paths = settings->files,
		.count = settings->file_count,
		.recursive = settings->recursive,
		.follow = settings->follow,
	};

	*intake = (struct intake){ .settings = settings };
	if (settings->filter && !(intake->filter = filter_new(settings->filter, err)))
		return -1;
	if (intake_is_live(settings))
		return 0;
	return spool_open(&intake->spool, &files, twice, err);
}

/* Whoever records wants whole frames; whoever looks needs only the headers. */
static struct source *open_interface(const struct settings *settings, struct error *err)
{
	struct live_options options = live_defaults(settings->interface);

	options.netns = settings->netns;
	options.filter = settings->filter;
	if (settings->write)
		options.snaplen = LIVE_SNAPLEN_WHOLE;
	if (settings->snaplen != UINT64_MAX)
		options.snaplen = (uint32_t)settings->snaplen;
	if (settings->buffer != UINT64_MAX)
		options.buffer = settings->buffer > INT_MAX / 1024
		                         ? INT_MAX
		                         : (uint32_t)settings->buffer * 1024;
	return source_open_live(&options, err);
}

struct source *intake_source(struct intake *intake, struct error *err)
{
	struct source *source;

	if (intake_is_live(intake->settings))
		return open_interface(intake->settings, err);
	source = spool_source(&intake->spool, err);
	if (source && intake->filter)
		source = source_filtered(source, intake->filter, err);
	return source;
}

void intake_close(struct intake *intake)
{
	spool_close(&intake->spool);
	filter_free(intake->filter);
	intake->filter = NULL;
}
