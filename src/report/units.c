/* units.c: counts and sizes as people read them. */

#include "report/units.h"

#include <stddef.h>

void add_grouped(struct text *text, uint64_t number)
{
	char storage[24];
	struct text digits = text_over(storage, sizeof(storage));

	text_add_unsigned(&digits, number);
	for (size_t i = 0; i < digits.length; i++) {
		if (i > 0 && (digits.length - i) % 3 == 0)
			text_add_char(text, ',');
		text_add_char(text, storage[i]);
	}
}

void add_counted(struct text *text, uint64_t number, const char *noun)
{
	add_grouped(text, number);
	text_add_char(text, ' ');
	text_add(text, noun);
	if (number != 1)
		text_add_char(text, 's');
}

void add_size(struct text *text, uint64_t bytes)
{
	static const char *const units[] = { " B", " kB", " MB", " GB", " TB", " PB", " EB" };
	uint64_t unit = 1;
	size_t row = 0;

	if (bytes < 10000) {
		text_add_unsigned(text, bytes);
		text_add(text, units[0]);
		return;
	}
	for (; bytes / unit >= 1000; row++)
		unit *= 1000;
	text_add_unsigned(text, bytes / unit);
	if (bytes / unit < 100) {
		text_add_char(text, '.');
		text_add_unsigned(text, bytes % unit / (unit / 10));
	}
	text_add(text, units[row]);
}
