/* plan.c: what to read, and how. */

#include "capture/source.h"

#include <assert.h>
#include <string.h>
#include <sys/stat.h>

#include "capture/follow.h"
#include "capture/merge.h"

static bool is_folder(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static struct source *refuse_to_follow(const struct source_plan *plan, struct error *err)
{
	error_set(err, "%s: only a single file can be followed", plan->paths[0]);
	error_remedy(err, "to follow a capture that is rotated, give the name of its newest file");
	return NULL;
}

struct source *source_open_plan(const struct source_plan *plan, struct error *err)
{
	bool single = plan->count == 1 && !is_folder(plan->paths[0]);

	assert(plan->count > 0);
	if (!single)
		return plan->follow ? refuse_to_follow(plan, err) : merge_open(plan, err);
	/* A pipe is waited for in any case, and nothing takes its place. */
	if (plan->follow && strcmp(plan->paths[0], "-") != 0)
		return follow_open(plan->paths[0], err);
	return source_open_file(plan->paths[0], err);
}
