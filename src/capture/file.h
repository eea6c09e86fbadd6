/* file.h: a savefile that is open, or about to be opened again. */
#ifndef CAPTURE_FILE_H
#define CAPTURE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "capture/pump.h"

/* Larger reads gain nothing; smaller ones cost calls. */
#define FILE_PIECE ((size_t)256 << 10)

struct remarks;

struct file_manner {
	size_t piece; /* bytes of a read */
	bool grows;   /* at its end there may be more later */
	bool shy;     /* holds no descriptor between reads */
	struct remarks *remarks; /* where they are kept; NULL: they are not wanted */
	uint32_t origin;         /* see parser_remember */
};

struct file {
	struct pump pump;
	struct file_manner manner;
	int descriptor; /* -1 while a shy one rests */
	bool owned;     /* standard input is not ours to close */
	bool patient;   /* a pipe or the like: it may have nothing to say for a while */
	bool finished;  /* it has grown all it will */
	dev_t device;
	ino_t inode;
	off_t position; /* of a shy one */
	uint64_t total;
};

/*
 * Opens it in place (it must not move until file_close) and reads as far as
 * the first frame. On failure nothing is left to close; *lack says whether it
 * could be read and is no capture.
 */
int file_open(struct file *file, const char *path, struct file_manner manner, enum pump_lack *lack,
              struct error *err);
void file_close(struct file *file);

#endif
