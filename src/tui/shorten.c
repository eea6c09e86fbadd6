/* shorten.c: numbers, spans and addresses where there is little room. */

#include "tui/shorten.h"

#include <stdio.h>
#include <string.h>

#include "base/time.h"

enum { END_MOST = 64 };

void short_number(struct text *text, uint64_t number)
{
	static const char units[] = "kMGTPE";
	uint64_t unit = 1;
	size_t row = 0;

	if (number < 1000) {
		text_add_unsigned(text, number);
		return;
	}
	for (unit = 1000; number / unit >= 1000; row++)
		unit *= 1000;
	text_add_unsigned(text, number / unit);
	if (number / unit < 10) {
		text_add_char(text, '.');
		text_add_unsigned(text, number % unit / (unit / 10));
	}
	text_add_char(text, units[row]);
}

void short_span(struct text *text, int64_t span, bool ascii)
{
	char storage[48];
	struct text whole = text_over(storage, sizeof(storage));

	if (span == TIME_NONE) {
		text_add_char(text, '-');
		return;
	}
	time_add_span(&whole, span, ascii);
	for (const char *at = storage; *at != '\0'; at++) {
		if (*at != ' ')
			text_add_char(text, *at);
	}
}

/* Both ends of it, and a mark for what stood between them: a third of the room for the tail. */
static void add_middle_cut(struct text *text, const char *whole, size_t length, size_t room)
{
	size_t tail = room / 3;

	text_add_bytes(text, whole, room - 1 - tail);
	text_add(text, "…");
	text_add_bytes(text, whole + length - tail, tail);
}

void short_end(struct text *text, const struct flow *flow, enum side side, size_t room)
{
	char storage[END_MOST], port[8];
	struct text whole = text_over(storage, sizeof(storage));
	int port_length = snprintf(port, sizeof(port), ":%u", flow->key.port[side]);
	size_t kept = (size_t)port_length; /* of its end, whatever is cut */

	address_add_port(&whole, (enum family)flow->key.family, &flow->key.address[side],
	                 flow->key.port[side]);
	if (flow->key.family == FAMILY_IPV6)
		kept++;
	if (whole.length <= room) {
		text_add(text, storage);
	} else if (room >= kept + 4) {
		add_middle_cut(text, storage, whole.length - kept, room - kept);
		text_add(text, storage + whole.length - kept);
	} else if (room >= (size_t)port_length) {
		text_add(text, port);
	}
}

void short_words(struct text *text, const char *words, size_t room)
{
	size_t columns = 0;

	if (text_columns(words) <= room) {
		text_add(text, words);
		return;
	}
	while (columns + 1 < room && *words != '\0') {
		size_t length = utf8_length(words);

		length = length > 0 ? length : 1;
		text_add_bytes(text, words, length);
		words += length;
		columns++;
	}
	if (room > 0)
		text_add(text, "…");
}
