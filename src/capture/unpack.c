/* unpack.c: takes one compression off a stream of bytes. */

/*
 * A compressed file is a row of members (gzip), frames (zstd, lz4) or streams
 * (xz, bzip2), which all unpack as if they were one; here they are called
 * members. Zeros between and after them are padding, as from a tape.
 */

#include "capture/unpack.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct unpack {
	const struct codec *codec;
	void *member; /* the codec's state, or NULL between members */
	pump_fill *fill;
	void *origin;
	bool full; /* the last step filled all it was given: more may be inside */
	bool ended;
	bool failed;
	struct error failure;
	size_t start; /* packed[start..end) has arrived and is not used up */
	size_t end;
	uint8_t packed[UNPACK_INPUT];
};

struct unpack *unpack_new(const struct codec *codec, pump_fill *fill, void *origin,
                          const uint8_t *begun, size_t count)
{
	struct unpack *unpack = malloc(sizeof(*unpack));

	if (!unpack)
		return NULL;
	memset(unpack, 0, offsetof(struct unpack, packed));
	unpack->codec = codec;
	unpack->fill = fill;
	unpack->origin = origin;
	unpack->end = count;
	memcpy(unpack->packed, begun, count);
	return unpack;
}

void unpack_free(struct unpack *unpack)
{
	if (!unpack)
		return;
	if (unpack->member)
		unpack->codec->close(unpack->member);
	free(unpack);
}

const char *unpack_name(const struct unpack *unpack)
{
	return unpack->codec->name;
}

static ptrdiff_t fail(struct unpack *unpack, const char *before, const char *after)
{
	error_set(&unpack->failure, "%s %s input%s%s", before, unpack->codec->name,
	          after ? ": " : "", after ? after : "");
	unpack->failed = true;
	return FILL_FAILED;
}

/* Fetches more packed bytes, behind those that are here; as fill does. */
static ptrdiff_t packed_fetch(struct unpack *unpack)
{
	ptrdiff_t count;

	if (unpack->ended)
		return FILL_END;
	memmove(unpack->packed, unpack->packed + unpack->start, unpack->end - unpack->start);
	unpack->end -= unpack->start;
	unpack->start = 0;
	count = unpack->fill(unpack->origin, unpack->packed + unpack->end,
	                     UNPACK_INPUT - unpack->end, &unpack->failure);
	if (count > 0)
		unpack->end += (size_t)count;
	unpack->ended = count == FILL_END;
	unpack->failed = count == FILL_FAILED;
	return count;
}

static void padding_skip(struct unpack *unpack)
{
	while (unpack->start < unpack->end && unpack->packed[unpack->start] == 0)
		unpack->start++;
}

/* 1: a member has begun; otherwise as fill does. */
static ptrdiff_t member_begin(struct unpack *unpack)
{
	uint8_t head[CODEC_BYTES] = { 0 };
	size_t count;
	ptrdiff_t outcome = 1;

	do {
		padding_skip(unpack);
		count = unpack->end - unpack->start;
		if (count < CODEC_BYTES)
			outcome = packed_fetch(unpack);
	} while (count < CODEC_BYTES && outcome > 0);
	if (outcome < 0 || count == 0)
		return outcome;
	memcpy(head, unpack->packed + unpack->start, count < CODEC_BYTES ? count : CODEC_BYTES);
	if (!unpack->codec->begins(head))
		return fail(unpack, "unknown bytes after the", NULL);
	unpack->member = unpack->codec->open();
	if (!unpack->member)
		return fail(unpack, "out of memory for", NULL);
	unpack->full = false;
	return 1;
}

/* 1: the member can go on; otherwise as fill does. */
static ptrdiff_t member_feed(struct unpack *unpack)
{
	ptrdiff_t outcome;

	if (unpack->start < unpack->end || unpack->full)
		return 1;
	outcome = packed_fetch(unpack);
	return outcome == FILL_END ? fail(unpack, "truncated", NULL) : outcome;
}

/* How many bytes it gave; damage is left for the next call, so that they are not lost. */
static ptrdiff_t member_step(struct unpack *unpack, void *space, size_t size)
{
	struct codec_span span = {
		.in = unpack->packed + unpack->start,
		.in_left = unpack->end - unpack->start,
		.out = space,
		.out_left = size,
	};
	const char *why = NULL;
	enum codec_outcome outcome = unpack->codec->step(unpack->member, &span, &why);

	unpack->start = unpack->end - span.in_left;
	unpack->full = span.out_left == 0;
	if (outcome == CODEC_DAMAGED)
		fail(unpack, "damaged", why);
	if (outcome == CODEC_ENDS) {
		unpack->codec->close(unpack->member);
		unpack->member = NULL;
	}
	return (ptrdiff_t)(size - span.out_left);
}

ptrdiff_t unpack_fill(void *origin, void *space, size_t size, struct error *err)
{
	struct unpack *unpack = origin;
	ptrdiff_t outcome = 0;

	while (!unpack->failed) {
		outcome = unpack->member ? member_feed(unpack) : member_begin(unpack);
		if (outcome == FILL_FAILED)
			break;
		if (outcome <= 0)
			return outcome;
		outcome = member_step(unpack, space, size);
		if (outcome > 0)
			return outcome;
	}
	*err = unpack->failure;
	return FILL_FAILED;
}
