/* file.c: a savefile on disk, in a pipe, or on standard input. */

#include "capture/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/remarks.h"
#include "capture/source.h"
#include "capture/source_ops.h"

struct savefile {
	struct source source;
	struct file file;
	struct remarks remarks;
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

/* Not blocking, because opening a pipe would wait for its writer. */
static int path_open(const char *path)
{
	return open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

static int shy_return(struct file *file, struct error *err)
{
	struct stat status;

	file->descriptor = path_open(file->pump.name);
	if (file->descriptor < 0 || fstat(file->descriptor, &status) < 0) {
		error_set(err, "%s", strerror(errno));
		return -1;
	}
	if (status.st_dev != file->device || status.st_ino != file->inode) {
		error_set(err, "was replaced while it was being read");
		return -1;
	}
	return lseek(file->descriptor, file->position, SEEK_SET) < 0 ? -1 : 0;
}

static void shy_leave(struct file *file)
{
	close(file->descriptor);
	file->descriptor = -1;
}

static ptrdiff_t piece_read(struct file *file, void *space, size_t size, struct error *err)
{
	ssize_t count;

	do {
		if (file->patient && !is_ready(file->descriptor))
			return FILL_QUIET;
		count = read(file->descriptor, space, size);
	} while (count < 0 && errno == EINTR);
	if (count == 0 && file->manner.grows && !file->finished)
		return FILL_QUIET;
	if (count >= 0)
		return count;
	if (errno == EAGAIN || errno == EWOULDBLOCK)
		return FILL_QUIET;
	error_set(err, "%s", strerror(errno));
	return FILL_FAILED;
}

static ptrdiff_t file_fill(void *origin, void *space, size_t size, struct error *err)
{
	struct file *file = origin;
	ptrdiff_t count;

	if (size > file->manner.piece)
		size = file->manner.piece;
	if (file->descriptor < 0 && shy_return(file, err) < 0)
		return FILL_FAILED;
	count = piece_read(file, space, size, err);
	if (count > 0)
		file->position += count;
	if (file->manner.shy)
		shy_leave(file);
	return count;
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
	file->device = status.st_dev;
	file->inode = status.st_ino;
	file->patient = !S_ISREG(status.st_mode);
	if (file->patient)
		return 0;
	file->total = (uint64_t)status.st_size;
	posix_fadvise(file->descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
	return pump_prime(&file->pump, err);
}

int file_open(struct file *file, const char *path, struct file_manner manner, enum pump_lack *lack,
              struct error *err)
{
	*lack = LACKS_NOTHING;
	*file = (struct file){ .manner = manner, .owned = strcmp(path, "-") != 0 };
	file->descriptor = file->owned ? path_open(path) : STDIN_FILENO;
	if (file->descriptor < 0) {
		refusal_set(path, errno, err);
		return -1;
	}
	if (pump_open(&file->pump, path, file_fill, file, err) < 0) {
		if (file->owned)
			close(file->descriptor);
		return -1;
	}
	parser_remember(file->pump.parser, manner.remarks, manner.origin);
	if (file_examine(file, err) < 0) {
		*lack = file->pump.lack;
		file_close(file);
		return -1;
	}
	return 0;
}

void file_close(struct file *file)
{
	if (file->owned && file->descriptor >= 0)
		close(file->descriptor);
	pump_close(&file->pump);
}

static int savefile_visit(struct source *source, int most, frames_visitor *visit, void *context,
                          struct error *err)
{
	return pump_visit(&((struct savefile *)source)->file.pump, most, visit, context, err);
}

static int savefile_descriptor(const struct source *source)
{
	const struct file *file = &((const struct savefile *)source)->file;

	/* While frames that were read already wait here, nothing need happen at the descriptor. */
	return file->patient && file->pump.quiet ? file->descriptor : -1;
}

static struct source_facts savefile_facts(const struct source *source)
{
	const struct file *file = &((const struct savefile *)source)->file;
	struct source_facts facts = pump_facts(&file->pump);

	facts.bytes_total = file->total;
	return facts;
}

static const struct remarks *savefile_remarks(const struct source *source)
{
	return &((const struct savefile *)source)->remarks;
}

static void savefile_close(struct source *source)
{
	struct savefile *savefile = (struct savefile *)source;

	file_close(&savefile->file);
	remarks_free(&savefile->remarks);
	free(savefile);
}

static const struct source_ops savefile_ops = {
	.visit = savefile_visit,
	.descriptor = savefile_descriptor,
	.facts = savefile_facts,
	.remarks = savefile_remarks,
	.close = savefile_close,
};

struct source *source_open_file(const char *path, struct error *err)
{
	struct savefile *savefile = calloc(1, sizeof(*savefile));
	struct file_manner manner = { .piece = FILE_PIECE };
	enum pump_lack lack;

	if (!savefile) {
		error_set(err, "%s: out of memory", path);
		return NULL;
	}
	savefile->source.ops = &savefile_ops;
	manner.remarks = &savefile->remarks;
	if (file_open(&savefile->file, path, manner, &lack, err) < 0) {
		remarks_free(&savefile->remarks);
		free(savefile);
		return NULL;
	}
	return &savefile->source;
}
