/* remarks.c: comments and names that stand beside the frames of savefiles, as far as they are kept. */

/*
 * They outlive the file they come from, and the frames they speak of may be
 * given out under other numbers: so the source holds them, not its parsers.
 */

#include "capture/remarks.h"

#include <stdlib.h>
#include <string.h>

#include "capture/source_ops.h"

void remarks_free(struct remarks *remarks)
{
	for (size_t i = 0; i < remarks->count; i++)
		free(remarks->comments[i].text);
	for (size_t i = 0; i < remarks->name_count; i++)
		free(remarks->names[i].text);
	free(remarks->names);
}

/* Ends at a NUL, or before a character that it would split. */
static char *text_copy(const void *bytes, size_t size, size_t most)
{
	const uint8_t *byte = bytes;

	if (size > most) {
		size = most;
		while (size > 0 && (byte[size] & 0xc0) == 0x80)
			size--;
	}
	return strndup(bytes, size);
}

void remarks_add_comment(struct remarks *remarks, uint32_t origin, enum comment_about about,
                         uint64_t number, const void *bytes, size_t size)
{
	struct comment *comment = &remarks->comments[remarks->count];

	if (size == 0)
		return;
	remarks->met++;
	if (remarks->count == COMMENTS_MOST)
		return;
	*comment = (struct comment){
		.text = text_copy(bytes, size, COMMENT_BYTES),
		.number = number,
		.origin = origin,
		.about = about,
		.settled = about != COMMENT_FRAME || !remarks->renumbers,
	};
	if (!comment->text)
		return;
	remarks->count++;
	remarks->unsettled += !comment->settled;
}

static bool is_named(const struct remarks *remarks, enum family family,
                     const struct address *address)
{
	for (size_t i = 0; i < remarks->name_count; i++)
		if (remarks->names[i].family == family &&
		    address_equal(&remarks->names[i].address, address))
			return true;
	return false;
}

static bool names_grow(struct remarks *remarks)
{
	size_t room = remarks->name_room ? 2 * remarks->name_room : 16;
	struct name *more;

	if (remarks->name_count < remarks->name_room)
		return true;
	if (remarks->name_count == NAMES_MOST)
		return false;
	more = realloc(remarks->names, room * sizeof(*more));
	if (!more)
		return false;
	remarks->names = more;
	remarks->name_room = room;
	return true;
}

void remarks_add_name(struct remarks *remarks, enum family family, const struct address *address,
                      const void *bytes, size_t size)
{
	struct name *name;

	if (size == 0 || remarks->names_met == NAMES_LOOKED_AT)
		return;
	remarks->names_met++;
	if (is_named(remarks, family, address) || !names_grow(remarks))
		return;
	name = &remarks->names[remarks->name_count];
	*name = (struct name){
		.text = text_copy(bytes, size, NAME_BYTES),
		.address = *address,
		.family = family,
	};
	if (name->text)
		remarks->name_count++;
}

/* Files are read ahead of one another: settled comments go last, which is the order of the frames. */
static void comment_settle(struct remarks *remarks, size_t index, uint64_t number)
{
	struct comment settled = remarks->comments[index];

	settled.settled = true;
	settled.number = number;
	memmove(&remarks->comments[index], &remarks->comments[index + 1],
	        (remarks->count - index - 1) * sizeof(settled));
	remarks->comments[remarks->count - 1] = settled;
	remarks->unsettled--;
}

void remarks_settle(struct remarks *remarks, uint32_t origin, uint64_t within, uint64_t number)
{
	size_t i = 0;

	while (i < remarks->count) {
		const struct comment *comment = &remarks->comments[i];

		if (comment->settled || comment->origin != origin || comment->number != within)
			i++;
		else
			comment_settle(remarks, i, number);
	}
}

static const struct remarks *remarks_of(const struct source *source)
{
	return source->ops->remarks ? source->ops->remarks(source) : NULL;
}

bool source_comment(const struct source *source, size_t index, struct source_comment *comment)
{
	const struct remarks *remarks = remarks_of(source);

	for (size_t i = 0; remarks && i < remarks->count; i++) {
		const struct comment *row = &remarks->comments[i];

		if (!row->settled || index-- > 0)
			continue;
		*comment = (struct source_comment){ row->about, row->number, row->text };
		return true;
	}
	return false;
}

uint64_t source_comments(const struct source *source)
{
	const struct remarks *remarks = remarks_of(source);

	return remarks ? remarks->met - remarks->unsettled : 0;
}

bool source_name(const struct source *source, size_t index, struct source_name *name)
{
	const struct remarks *remarks = remarks_of(source);
	const struct name *row;

	if (!remarks || index >= remarks->name_count)
		return false;
	row = &remarks->names[index];
	*name = (struct source_name){ row->family, row->address, row->text };
	return true;
}
