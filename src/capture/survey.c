/* survey.c: in which order the files of a plan become due. */

/*
 * Files are taken up in the order of their first times, and frames of equal
 * times in the order of their files. Where a capture was cut between frames of
 * one time, the piece that begins with that time comes after the one that
 * began before it: as it should. Several pieces may begin with that same time:
 * then all but the last of them hold nothing else, and the last is the one
 * that moves on. Pieces wholly of one time can only be told apart by name.
 */

#define _GNU_SOURCE 1 /* strverscmp */

#include "capture/pieces.h"

#include <stdlib.h>
#include <string.h>

#include "capture/file.h"

/* Small: of most files, only the first frame is looked at. */
#define PEEK ((size_t)16 << 10)

enum finding {
	FOUND,
	FOUND_NOTHING, /* no frames, which may have been noted */
	NOT_A_CAPTURE,
};

/* A piece that cannot be opened at all counts as no capture. */
static enum finding piece_open(struct piece *piece, struct file *file, struct notes *notes,
                               struct error *err)
{
	const struct file_manner manner = { .piece = PEEK };
	enum pump_lack lack;

	if (file_open(file, piece->path, manner, &lack, err) == 0)
		return FOUND;
	if (lack == LACKS_SENSE)
		notes_damaged(notes, err);
	return lack == LACKS_SENSE || lack == LACKS_BYTES ? FOUND_NOTHING : NOT_A_CAPTURE;
}

static enum finding piece_look(struct piece *piece, struct notes *notes, struct error *err)
{
	struct file file;
	struct frame frame;
	enum finding finding = piece_open(piece, &file, notes, err);
	int outcome;

	if (finding != FOUND)
		return finding;
	outcome = pump_next(&file.pump, &frame, err);
	piece->holds_frames = outcome > 0;
	piece->first = outcome > 0 ? frame.time : 0;
	if (outcome == SOURCE_FAILED)
		notes_damaged(notes, err);
	file_close(&file);
	return FOUND;
}

/* Reads a tied piece until it leaves its first time, which is usually soon. */
static void piece_look_further(struct piece *piece)
{
	struct notes ignored = { 0 };
	struct file file;
	struct frame frame;
	struct error err;

	if (piece_open(piece, &file, &ignored, &err) == FOUND) {
		while (!piece->moves_on && pump_next(&file.pump, &frame, &err) > 0)
			piece->moves_on = frame.time > piece->first;
		file_close(&file);
	}
	notes_free(&ignored);
}

static int pieces_compare(const void *one, const void *other)
{
	const struct piece *a = one, *b = other;

	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	if (a->moves_on != b->moves_on)
		return a->moves_on ? 1 : -1;
	return strverscmp(a->path, b->path);
}

static void pieces_sort(struct pieces *pieces)
{
	if (pieces->count)
		qsort(pieces->list, pieces->count, sizeof(*pieces->list), pieces_compare);
}

static void pieces_order(struct pieces *pieces)
{
	pieces_sort(pieces);
	for (size_t i = 1; i < pieces->count; i++)
		if (pieces->list[i - 1].first == pieces->list[i].first)
			pieces->list[i - 1].tied = pieces->list[i].tied = true;
	for (size_t i = 0; i < pieces->count; i++)
		if (pieces->list[i].tied)
			piece_look_further(&pieces->list[i]);
	pieces_sort(pieces);
}

int pieces_survey(struct pieces *pieces, struct notes *notes, struct error *err)
{
	size_t kept = 0;
	int outcome = 0;

	for (size_t i = 0; i < pieces->count; i++) {
		struct piece piece = pieces->list[i];
		enum finding finding = NOT_A_CAPTURE;

		if (outcome == 0)
			finding = piece_look(&piece, notes, err);
		if (outcome == 0 && finding == NOT_A_CAPTURE && piece.named)
			outcome = -1;
		else if (outcome == 0 && finding == NOT_A_CAPTURE)
			notes_skipped(notes, err);
		if (piece.holds_frames)
			pieces->list[kept++] = piece;
		else
			free(piece.path);
	}
	pieces->count = kept;
	pieces_order(pieces);
	return outcome;
}
