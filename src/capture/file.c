/* file.c: a savefile on disk, in a pipe, or on standard input. */

#include "capture/source.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/pump.h"
#include "capture/source_ops.h"

/* Larger reads gain nothing; smaller ones cost calls. */
#define PIECE ((size_t)256 << 10)

struct file {
	struct source source;
	struct pump pump;
	int descriptor;
	bool owned;   /* standard input is not ours to close */
	bool patient; /* a pipe or the like: it may have nothing to say for a while */
	uint64_t total;
};

struct refusal {
	int number;
	const char *why;
	const char *remedy;
};

/* clang-format off */
static const struct refusal refusals[] = {
	{ ENOENT,  "no such file",      "" },
	{ ENOTDIR, "no such file",      "" },
	{ EACCES,  "permission denied", "to read it as root: sudo cat FILE | shakedown ... -r -" },
	{ EPERM,   "permission denied", "" },
	{ EISDIR,  "is a directory",    "" },
};
/* clang-format on */

static void refusal_set(const char *name, int number, struct error *err)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		if (refusals[i].number != number)
			continue;
		error_set(err, "%s: %s", name, refusals[i].why);
		error_remedy(err, "%s", refusals[i].remedy);
		return;
	}
	error_set(err, "%s: %s", name, strerror(number));
}

/* Also at the end of a pipe, which read alone cannot tell from a pipe without a writer yet. */
static bool is_ready(int descriptor)
{
	struct pollfd ready = { .fd = descriptor, .events = POLLIN };

	return poll(&ready, 1, 0) != 0;
}

static ptrdiff_t file_fill(void *origin, void *space, size_t size, struct error *err)
{
	struct file *file = origin;
	ssize_t count;

	if (size > PIECE)
		size = PIECE;
	do {
		if (file->patient && !is_ready(file->descriptor))
			return FILL_QUIET;
		count = read(file->descriptor, space, size);
	} while (count < 0 && errno == EINTR);
	if (count >= 0)
		return count;
	if (errno == EAGAIN || errno == EWOULDBLOCK)
		return FILL_QUIET;
	error_set(err, "%s", strerror(errno));
	return FILL_FAILED;
}

static int file_visit(struct source *source, int most, frame_visitor *visit, void *context,
                      struct error *err)
{
	return pump_visit(&((struct file *)source)->pump, most, visit, context, err);
}

static int file_descriptor(const struct source *source)
{
	const struct file *file = (const struct file *)source;

	/* While frames that were read already wait here, nothing need happen at the descriptor. */
	return file->patient && file->pump.quiet ? file->descriptor : -1;
}

static struct source_facts file_facts(const struct source *source)
{
	const struct file *file = (const struct file *)source;
	struct source_facts facts = pump_facts(&file->pump);

	facts.bytes_total = file->total;
	return facts;
}

static void file_close(struct source *source)
{
	struct file *file = (struct file *)source;

	if (file->owned)
		close(file->descriptor);
	pump_close(&file->pump);
	free(file);
}

static const struct source_ops file_ops = {
	.visit = file_visit,
	.descriptor = file_descriptor,
	.facts = file_facts,
	.close = file_close,
};

/* Not blocking, because opening a pipe would wait for its writer. */
static int file_reach(struct file *file, const char *path)
{
	file->owned = strcmp(path, "-") != 0;
	file->descriptor = file->owned ? open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
	                               : STDIN_FILENO;
	return file->descriptor < 0 ? -1 : 0;
}

/* Finds out what it is. */
static int file_examine(struct file *file, struct error *err)
{
	const char *name = file->pump.shown;
	struct stat status;

	if (fstat(file->descriptor, &status) < 0) {
		refusal_set(name, errno, err);
		return -1;
	}
	if (S_ISDIR(status.st_mode)) {
		refusal_set(name, EISDIR, err);
		return -1;
	}
	if (isatty(file->descriptor)) {
		error_set(err, "%s: is a terminal", name);
		error_remedy(err,
		             "to capture and read at once: sudo tcpdump -w - | shakedown ... -r -");
		return -1;
	}
	file->patient = !S_ISREG(status.st_mode);
	if (file->patient)
		return 0;
	file->total = (uint64_t)status.st_size;
	posix_fadvise(file->descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
	return pump_prime(&file->pump, err);
}

struct source *source_open_file(const char *path, struct error *err)
{
	struct file *file = calloc(1, sizeof(*file));

	if (!file) {
		error_set(err, "%s: out of memory", path);
		return NULL;
	}
	file->source.ops = &file_ops;
	if (file_reach(file, path) < 0) {
		refusal_set(path, errno, err);
		free(file);
		return NULL;
	}
	if (pump_open(&file->pump, path, file_fill, file, err) < 0) {
		if (file->owned)
			close(file->descriptor);
		free(file);
		return NULL;
	}
	if (file_examine(file, err) < 0) {
		file_close(&file->source);
		return NULL;
	}
	return &file->source;
}
