/* notes.c: what is to be said about single files, kept until somebody asks. */

#include "capture/notes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/grouped.h"
#include "capture/source.h"

void notes_free(struct notes *notes)
{
	for (size_t i = 0; i < notes->count; i++)
		free(notes->texts[i]);
}

const char *notes_get(const struct notes *notes, size_t index)
{
	return index < notes->count ? notes->texts[index] : NULL;
}

/* A note for which there is no room is lost; the counts are not. */
__attribute__((format(printf, 2, 3))) static void note_add(struct notes *notes, const char *format,
                                                           ...)
{
	char text[sizeof(((struct error *)0)->what) + 80];
	va_list arguments;

	if (notes->count == NOTES_MOST)
		return;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	notes->texts[notes->count] = strdup(text);
	if (notes->texts[notes->count])
		notes->count++;
}

void notes_skipped(struct notes *notes, const struct error *why)
{
	notes->skipped++;
	note_add(notes, "%s; left out", why->what);
}

void notes_damaged(struct notes *notes, const struct error *why)
{
	if (!notes->damaged++)
		notes->damage = *why;
	note_add(notes, "%s", why->what);
}

void notes_backwards(struct notes *notes, const char *name, uint64_t count)
{
	note_add(notes,
	         "%s: %s frame%s %s earlier than a frame before; read in the file's own order",
	         name, grouped(count).text, count == 1 ? "" : "s", count == 1 ? "is" : "are");
}

int notes_outcome(const struct notes *notes, struct error *err)
{
	if (!notes->damaged)
		return SOURCE_END;
	*err = notes->damage;
	if (notes->damaged > 1) {
		error_set(err, "%s; %s more file%s %s damaged", notes->damage.what,
		          grouped(notes->damaged - 1).text, notes->damaged == 2 ? "" : "s",
		          notes->damaged == 2 ? "is" : "are");
		error_remedy(err, "%s", notes->damage.remedy);
	}
	return SOURCE_FAILED;
}
