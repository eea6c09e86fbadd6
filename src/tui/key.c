/* key.c: keys, as people write them. */

#include "tui/key.h"

#include <string.h>
#include <strings.h>

#include "tui/glyph.h"

enum { NAME_MOST = 32, F_KEYS = 12, PLACE_MOST = 9999 };

/* clang-format off */
static const struct {
	uint32_t code;
	const char *name;
} names[] = {
	{ KEY_CODE_ENTER,        "Enter" },
	{ KEY_CODE_ESCAPE,       "Esc" },
	{ ' ',                   "Space" },
	{ KEY_CODE_TAB,          "Tab" },
	{ KEY_CODE_BACK_TAB,     "Shift-Tab" },
	{ KEY_CODE_ERASE,        "Backspace" },
	{ KEY_CODE_DELETE,       "Delete" },
	{ KEY_CODE_UP,           "Up" },
	{ KEY_CODE_DOWN,         "Down" },
	{ KEY_CODE_LEFT,         "Left" },
	{ KEY_CODE_RIGHT,        "Right" },
	{ KEY_CODE_PAGE_UP,      "PageUp" },
	{ KEY_CODE_PAGE_DOWN,    "PageDown" },
	{ KEY_CODE_HOME,         "Home" },
	{ KEY_CODE_END,          "End" },
	{ KEY_CODE_CLICK,        "Click" },
	{ KEY_CODE_DOUBLE_CLICK, "DoubleClick" },
	{ KEY_CODE_WHEEL_UP,     "WheelUp" },
	{ KEY_CODE_WHEEL_DOWN,   "WheelDown" },
	{ KEY_CODE_RESIZE,       "Resize" },
};
/* clang-format on */

enum { NAMES = sizeof(names) / sizeof(names[0]) };

void key_spell(struct text *text, uint32_t code)
{
	for (size_t i = 0; i < NAMES; i++) {
		if (names[i].code == code) {
			text_add(text, names[i].name);
			return;
		}
	}
	if (code >= KEY_CODE_F1 && code < KEY_CODE_F1 + F_KEYS)
		text_format(text, "F%u", (unsigned)(code - KEY_CODE_F1 + 1));
	else if (code > 0 && code < ' ')
		text_format(text, "Ctrl-%c", (int)(code + '@'));
	else if (code > ' ' && code < KEY_CODE_SPECIAL)
		glyph_add(text, code);
}

static uint32_t code_of_f_key(const char *digits)
{
	uint32_t number = 0;

	if (*digits == '0' || strlen(digits) > 2)
		return KEY_CODE_NONE;
	for (; *digits >= '0' && *digits <= '9'; digits++)
		number = number * 10 + (uint32_t)(*digits - '0');
	if (*digits != '\0' || number < 1 || number > F_KEYS)
		return KEY_CODE_NONE;
	return KEY_CODE_F1 + number - 1;
}

static uint32_t code_of(const char *name)
{
	const char *behind = name;
	uint32_t glyph;

	for (size_t i = 0; i < NAMES; i++)
		if (strcasecmp(name, names[i].name) == 0)
			return names[i].code;
	if (strncasecmp(name, "Ctrl-", 5) == 0 && name[5] != '\0' && name[6] == '\0' &&
	    (name[5] & 0x40))
		return (uint32_t)name[5] & 0x1f;
	if ((*name == 'F' || *name == 'f') && name[1] != '\0')
		return code_of_f_key(name + 1);
	glyph = glyph_next(&behind);
	return *behind == '\0' ? glyph : KEY_CODE_NONE;
}

static bool read_number(const char **words, int *number)
{
	const char *word = *words;

	for (*number = 0; *word >= '0' && *word <= '9' && *number <= PLACE_MOST; word++)
		*number = *number * 10 + (*word - '0');
	if (word == *words || *number > PLACE_MOST)
		return false;
	*words = word;
	return true;
}

/* "3,10": row and column. */
static bool read_spot(const char *words, struct key *key)
{
	if (!read_number(&words, &key->row) || *words++ != ',')
		return false;
	return read_number(&words, &key->column) && *words == '\0';
}

static bool is_mouse(uint32_t code)
{
	return code >= KEY_CODE_CLICK && code <= KEY_CODE_WHEEL_DOWN;
}

/* What stands between braces. */
static bool read_named(const char *words, size_t length, struct key *key)
{
	char name[NAME_MOST];
	char *blank;

	if (length == 0 || length >= sizeof(name))
		return false;
	memcpy(name, words, length);
	name[length] = '\0';
	blank = strchr(name, ' ');
	if (blank)
		*blank = '\0';
	key->code = code_of(name);
	if (blank && (!is_mouse(key->code) || !read_spot(blank + 1, key)))
		return false;
	return key->code != KEY_CODE_NONE;
}

bool key_read(const char **script, struct key *key)
{
	const char *words = *script;
	struct key read = { .code = KEY_CODE_NONE };

	if (words[0] == '{' && words[1] != '{') {
		const char *end = strchr(words, '}');

		if (end == NULL || !read_named(words + 1, (size_t)(end - words) - 1, &read))
			return false;
		words = end + 1;
	} else if (words[0] == '{') {
		read.code = '{';
		words += 2;
	} else {
		if (utf8_length(words) == 0)
			return false;
		read.code = glyph_next(&words);
	}
	*key = read;
	*script = words;
	return true;
}

static bool is_bound(const struct binding *binding, uint32_t code)
{
	for (size_t i = 0; i < sizeof(binding->keys) / sizeof(binding->keys[0]); i++)
		if (binding->keys[i] == code)
			return true;
	return false;
}

enum action key_action(uint32_t code, unsigned places)
{
	size_t count;
	const struct binding *binding = bindings(&count);

	if (code == KEY_CODE_NONE)
		return ACTION_NONE;
	for (size_t i = 0; i < count; i++)
		if ((binding[i].places & places) && is_bound(&binding[i], code))
			return binding[i].action;
	return ACTION_NONE;
}
