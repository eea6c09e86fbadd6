/* foreign.c: text that somebody else wrote, made fit to be shown. */

/*
 * A terminal obeys control characters, and characters that turn the direction
 * of writing show one thing while another is there: none of them gets through.
 */

#include "base/text.h"

#include <stdint.h>

struct span {
	uint32_t first, last;
};

/* clang-format off */
static const struct span unseen[] = {
	{ 0x0080, 0x009f }, /* controls, C1 */
	{ 0x00ad, 0x00ad }, /* soft hyphen */
	{ 0x061c, 0x061c }, /* Arabic letter mark */
	{ 0x200b, 0x200f }, /* no width, direction marks */
	{ 0x2028, 0x202e }, /* separators of lines, embeddings, overrides */
	{ 0x2060, 0x206f }, /* no width, isolates */
	{ 0xfeff, 0xfeff }, /* byte order mark */
	{ 0xfff0, 0xfffb }, /* annotations */
	{ 0xe0000, 0xe0fff }, /* tags */
};
/* clang-format on */

size_t utf8_length(const char *string)
{
	const unsigned char *byte = (const unsigned char *)string;
	size_t length = *byte >= 0xf0 ? 4 : *byte >= 0xe0 ? 3 : 2;
	uint32_t code = *byte & (0x7fu >> length);
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };

	if (*byte < 0x80)
		return *byte != 0;
	if (*byte < 0xc2 || *byte > 0xf4)
		return 0;
	for (size_t i = 1; i < length; i++) {
		if ((byte[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (byte[i] & 0x3f);
	}
	if (code < least[length] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return 0;
	return length;
}

/* Of a well-formed character of `length` bytes. */
static bool is_seen(const char *string, size_t length)
{
	const unsigned char *byte = (const unsigned char *)string;
	uint32_t code = length == 1 ? *byte : *byte & (0x7fu >> length);

	for (size_t i = 1; i < length; i++)
		code = code << 6 | (byte[i] & 0x3f);
	for (size_t i = 0; i < sizeof(unseen) / sizeof(unseen[0]); i++)
		if (code >= unseen[i].first && code <= unseen[i].last)
			return false;
	return code >= ' ' && code != 0x7f;
}

static bool is_blank(char character)
{
	return character == '\t' || character == '\n' || character == '\r';
}

bool text_add_foreign(struct text *text, const char *string, size_t columns, bool ascii)
{
	for (; *string != '\0' && columns > 0; columns--) {
		size_t length = utf8_length(string);

		if (is_blank(*string))
			text_add_char(text, ' ');
		else if (length == 0 || (ascii && length > 1) || !is_seen(string, length))
			text_add_char(text, '?');
		else
			text_add_bytes(text, string, length);
		string += length > 0 ? length : 1;
	}
	return *string == '\0';
}
