/* glyph.c: characters one at a time, each one column wide. */

/*
 * wcwidth would ask the locale, and the same moment must draw the same cells
 * everywhere: so the widths are a table (Unicode 15, UAX 11 and the general
 * categories Mn, Me, Cf). Scripts whose letters join are not known here; they
 * come from outside and are still shown, only not well.
 */

#include "tui/glyph.h"

#include <stddef.h>

struct span {
	uint32_t first, last;
};

struct stand_in {
	uint32_t first, last;
	char ascii;
};

/* clang-format off */
static const struct span not_one_column[] = {
	{ 0x0000, 0x001f }, { 0x007f, 0x009f }, { 0x00ad, 0x00ad }, { 0x0300, 0x036f },
	{ 0x0483, 0x0489 }, { 0x0591, 0x05bd }, { 0x0610, 0x061c }, { 0x064b, 0x065f },
	{ 0x1100, 0x115f }, { 0x1ab0, 0x1aff }, { 0x1dc0, 0x1dff }, { 0x200b, 0x200f },
	{ 0x2028, 0x202e }, { 0x2060, 0x206f }, { 0x20d0, 0x20f0 }, { 0x231a, 0x231b },
	{ 0x2329, 0x232a }, { 0x23e9, 0x23ec }, { 0x23f0, 0x23f0 }, { 0x23f3, 0x23f3 },
	{ 0x25fd, 0x25fe }, { 0x2614, 0x2615 }, { 0x2648, 0x2653 }, { 0x267f, 0x267f },
	{ 0x2693, 0x2693 }, { 0x26a1, 0x26a1 }, { 0x26aa, 0x26ab }, { 0x26bd, 0x26be },
	{ 0x26c4, 0x26c5 }, { 0x26ce, 0x26ce }, { 0x26d4, 0x26d4 }, { 0x26ea, 0x26ea },
	{ 0x26f2, 0x26f3 }, { 0x26f5, 0x26f5 }, { 0x26fa, 0x26fa }, { 0x26fd, 0x26fd },
	{ 0x2705, 0x2705 }, { 0x270a, 0x270b }, { 0x2728, 0x2728 }, { 0x274c, 0x274c },
	{ 0x274e, 0x274e }, { 0x2753, 0x2755 }, { 0x2757, 0x2757 }, { 0x2795, 0x2797 },
	{ 0x27b0, 0x27b0 }, { 0x27bf, 0x27bf }, { 0x2b1b, 0x2b1c }, { 0x2b50, 0x2b50 },
	{ 0x2b55, 0x2b55 }, { 0x2e80, 0x303e }, { 0x3041, 0xa4cf }, { 0xa960, 0xa97f },
	{ 0xac00, 0xd7ff }, { 0xd800, 0xdfff }, { 0xf900, 0xfaff }, { 0xfe00, 0xfe6f },
	{ 0xfeff, 0xff60 }, { 0xffe0, 0xffe6 }, { 0xfff0, 0xfffb }, { 0x16fe0, 0x18dff },
	{ 0x1aff0, 0x1b2ff }, { 0x1f004, 0x1f004 }, { 0x1f0cf, 0x1f0cf }, { 0x1f18e, 0x1f19a },
	{ 0x1f1e6, 0x1faff }, { 0x20000, 0xffffffff },
};

static const struct stand_in stand_ins[] = {
	{ 0x00a0, 0x00a0, ' ' },  { 0x00b0, 0x00b0, 'o' },  /* no-break blank, ° */
	{ 0x00b1, 0x00b1, '+' },  { 0x00b5, 0x00b5, 'u' },  /* ± µ */
	{ 0x00b7, 0x00b7, '.' },  { 0x00d7, 0x00d7, 'x' },  /* · × */
	{ 0x03bc, 0x03bc, 'u' },                            /* μ */
	{ 0x2010, 0x2015, '-' },  { 0x2018, 0x2019, '\'' }, /* hyphens, quotes */
	{ 0x201c, 0x201d, '"' },  { 0x2022, 0x2022, '*' },
	{ 0x2026, 0x2026, '~' },  { 0x2032, 0x2032, '\'' }, /* … */
	{ 0x2190, 0x2190, '<' },  { 0x2191, 0x2191, '^' },  /* arrows */
	{ 0x2192, 0x2192, '>' },  { 0x2193, 0x2193, 'v' },
	{ 0x2212, 0x2212, '-' },  { 0x2260, 0x2260, '!' },
	{ 0x2264, 0x2264, '<' },  { 0x2265, 0x2265, '>' },
	{ 0x2500, 0x2501, '-' },  { 0x2502, 0x2503, '|' },  /* ─ ━ │ ┃ */
	{ 0x2504, 0x2505, '-' },  { 0x2506, 0x2507, ':' },  /* dashed: ┄ ┆ */
	{ 0x2508, 0x2509, '-' },  { 0x250a, 0x250b, ':' },
	{ 0x250c, 0x254b, '+' },  { 0x254c, 0x254d, '-' },  /* corners and crossings */
	{ 0x254e, 0x254f, ':' },  { 0x2550, 0x2550, '=' },  /* ╎ ═ */
	{ 0x2551, 0x2551, '|' },  { 0x2552, 0x2570, '+' },
	{ 0x2571, 0x2571, '/' },  { 0x2572, 0x2572, '\\' },
	{ 0x2573, 0x2573, 'X' },  { 0x2574, 0x2574, '-' },
	{ 0x2575, 0x2575, '|' },  { 0x2576, 0x2576, '-' },
	{ 0x2577, 0x2577, '|' },  { 0x2578, 0x2578, '-' },
	{ 0x2579, 0x2579, '|' },  { 0x257a, 0x257a, '-' },
	{ 0x257b, 0x257f, '|' },
	{ 0x2580, 0x2580, '"' },
	{ 0x2581, 0x2581, '.' },  { 0x2582, 0x2582, ':' },  /* bars: as canvas_bar has them */
	{ 0x2583, 0x2583, '-' },  { 0x2584, 0x2584, '=' },
	{ 0x2585, 0x2585, '+' },  { 0x2586, 0x2586, '*' },
	{ 0x2587, 0x2587, '#' },  { 0x2588, 0x2588, '@' },
	{ 0x2589, 0x258b, '#' },  { 0x258c, 0x258f, '|' },
	{ 0x2590, 0x2590, '|' },  { 0x2591, 0x2591, '.' },
	{ 0x2592, 0x2592, ':' },  { 0x2593, 0x2593, '#' },
	{ 0x25a0, 0x25a1, '#' },  { 0x25aa, 0x25ab, '.' },
	{ 0x25b2, 0x25b5, '^' },  { 0x25b6, 0x25bb, '>' },  /* ▶ ▸ */
	{ 0x25bc, 0x25bf, 'v' },  { 0x25c0, 0x25c5, '<' },  /* ▼ ◀ ◂ */
	{ 0x25c6, 0x25c7, '*' },  { 0x25cb, 0x25cb, 'o' },
	{ 0x25cf, 0x25cf, '*' },  { 0x2605, 0x2606, '*' },
	{ 0x2713, 0x2714, '+' },  { 0x2715, 0x2718, 'x' },  /* ✓ ✗ */
	{ 0x2800, 0x2800, ' ' },  { 0x2801, 0x28ff, '.' },  /* Braille, as in plots */
	{ 0x29d1, 0x29d3, 'X' },                            /* ⧓ */
};
/* clang-format on */

enum {
	SPANS = sizeof(not_one_column) / sizeof(not_one_column[0]),
	STAND_INS = sizeof(stand_ins) / sizeof(stand_ins[0]),
};

uint32_t glyph_next(const char **words)
{
	const char *word = *words;
	size_t length = utf8_length(word);
	uint32_t glyph;

	if (*word == '\0')
		return 0;
	*words += length > 0 ? length : 1;
	if (length == 0)
		return '?';
	if (length == 1)
		return (unsigned char)*word;
	glyph = (unsigned char)*word & (0x7fu >> length);
	for (size_t i = 1; i < length; i++)
		glyph = glyph << 6 | ((unsigned char)word[i] & 0x3f);
	return glyph;
}

static bool takes_one_column(uint32_t glyph)
{
	size_t low = 0, high = SPANS;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (glyph > not_one_column[middle].last)
			low = middle + 1;
		else if (glyph < not_one_column[middle].first)
			high = middle;
		else
			return false;
	}
	return true;
}

static uint32_t in_ascii(uint32_t glyph)
{
	for (size_t i = 0; i < STAND_INS; i++)
		if (glyph >= stand_ins[i].first && glyph <= stand_ins[i].last)
			return (uint32_t)(unsigned char)stand_ins[i].ascii;
	return '?';
}

uint32_t glyph_shown(uint32_t glyph, bool ascii)
{
	if (glyph == 0)
		return 0;
	if (!takes_one_column(glyph))
		return '?';
	if (ascii && glyph >= 0x80)
		glyph = in_ascii(glyph);
	return glyph == ' ' ? 0 : glyph;
}

void glyph_add(struct text *text, uint32_t glyph)
{
	char bytes[4];

	if (glyph < 0x80) {
		text_add_char(text, (char)glyph);
		return;
	}
	for (int i = 3; i >= 0; i--)
		bytes[i] = (char)(0x80 | ((glyph >> 6 * (3 - i)) & 0x3f));
	if (glyph < 0x800) {
		bytes[2] = (char)(0xc0 | glyph >> 6);
		text_add_bytes(text, bytes + 2, 2);
	} else if (glyph < 0x10000) {
		bytes[1] = (char)(0xe0 | glyph >> 12);
		text_add_bytes(text, bytes + 1, 3);
	} else {
		bytes[0] = (char)(0xf0 | glyph >> 18);
		text_add_bytes(text, bytes, 4);
	}
}
