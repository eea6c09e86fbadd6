/* spool.c: standard input and pipes, copied so that they can be read more than once. */
#include "app/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/interrupt.h"
#include "app/nameless.h"

enum { PIECE = 256 * 1024 };

static const char *path_of(const struct spool *spool)
{
	return spool->plan.paths[0];
}

static const char *shown(const struct spool *spool)
{
	return strcmp(path_of(spool), "-") == 0 ? "standard input" : path_of(spool);
}

static int refuse(const struct spool *spool, struct error *err)
{
	error_set(err, "%s: cannot be kept for a second reading: %s", shown(spool),
	          strerror(errno));
	error_remedy(err, "set TMPDIR to a place with room, or save it to a file first");
	return -1;
}

static int write_all(int descriptor, const char *bytes, size_t count)
{
	while (count > 0) {
		ssize_t written = write(descriptor, bytes, count);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -1;
		bytes += written;
		count -= (size_t)written;
	}
	return 0;
}

/* Ctrl-C ends the copy; what came until then is read. */
static int copy(int from, int to, uint64_t *count)
{
	char *piece = malloc(PIECE);
	ssize_t got = 0;
	int outcome = 0;

	if (!piece)
		return -1;
	*count = 0;
	while (outcome == 0 && !interrupt_came()) {
		got = read(from, piece, PIECE);
		if (got == 0)
			break;
		if (got < 0 && errno == EINTR)
			continue;
		outcome = got < 0 ? -1 : write_all(to, piece, (size_t)got);
		if (outcome == 0)
			*count += (uint64_t)got;
	}
	free(piece);
	return outcome;
}

static int spool_copy(struct spool *spool, int from, struct error *err)
{
	int to = nameless_file();
	int outcome = -1;

	if (to < 0)
		return refuse(spool, err);
	if (copy(from, to, &spool->count) < 0) {
		refuse(spool, err);
		goto done;
	}
	spool->is_copied = true;
	if (spool->count > 0) {
		spool->bytes = mmap(NULL, (size_t)spool->count, PROT_READ, MAP_PRIVATE, to, 0);
		if (spool->bytes == MAP_FAILED) {
			spool->bytes = NULL;
			refuse(spool, err);
			goto done;
		}
	}
	outcome = 0;
done:
	close(to);
	return outcome;
}

static bool must_be_copied(mode_t mode)
{
	return !S_ISREG(mode) && !S_ISDIR(mode);
}

/* Several files are never pipes: the source refuses those. */
int spool_open(struct spool *spool, const struct source_plan *plan, bool twice, struct error *err)
{
	bool is_input = strcmp(plan->paths[0], "-") == 0;
	struct stat status;
	int descriptor, outcome;

	*spool = (struct spool){ .plan = *plan };
	if (plan->count > 1 ||
	    (is_input ? fstat(STDIN_FILENO, &status) : stat(path_of(spool), &status)) < 0)
		return 0; /* spool_source says why */
	spool->is_seekable_input = is_input && S_ISREG(status.st_mode);
	if (spool->is_seekable_input)
		spool->start = lseek(STDIN_FILENO, 0, SEEK_CUR);
	if (!twice || !must_be_copied(status.st_mode) || (is_input && isatty(STDIN_FILENO)))
		return 0;
	descriptor = is_input ? STDIN_FILENO : open(path_of(spool), O_RDONLY | O_CLOEXEC);
	if (descriptor < 0) {
		error_set(err, "%s: %s", path_of(spool), strerror(errno));
		return -1;
	}
	outcome = spool_copy(spool, descriptor, err);
	if (!is_input)
		close(descriptor);
	return outcome;
}

struct source *spool_source(struct spool *spool, struct error *err)
{
	if (spool->is_copied)
		return source_open_memory(path_of(spool), spool->bytes ? spool->bytes : "",
		                          spool->count, err);
	if (spool->is_seekable_input && spool->start >= 0)
		lseek(STDIN_FILENO, spool->start, SEEK_SET);
	return source_open_plan(&spool->plan, err);
}

void spool_close(struct spool *spool)
{
	if (spool->bytes)
		munmap(spool->bytes, (size_t)spool->count);
	spool->bytes = NULL;
}
