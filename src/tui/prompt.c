/* prompt.c: one line that is being typed at the bottom of the screen. */

#include <string.h>

#include "base/text.h"
#include "tui/inside.h"

/* Bytes of the character before `at`, and behind it. */
static size_t before(const struct prompt *prompt)
{
	size_t length = 0;

	while (length < prompt->at) {
		length++;
		if (((unsigned char)prompt->typed[prompt->at - length] & 0xc0) != 0x80)
			break;
	}
	return length;
}

static size_t behind(const struct prompt *prompt)
{
	size_t length = utf8_length(prompt->typed + prompt->at);

	return length > 0 || prompt->at == prompt->length ? length : 1;
}

static void cut(struct prompt *prompt, size_t from, size_t until)
{
	memmove(prompt->typed + from, prompt->typed + until, prompt->length - until + 1);
	prompt->length -= until - from;
	prompt->at = from;
}

static void cut_word(struct prompt *prompt)
{
	size_t from = prompt->at;

	while (from > 0 && prompt->typed[from - 1] == ' ')
		from--;
	while (from > 0 && prompt->typed[from - 1] != ' ')
		from--;
	cut(prompt, from, prompt->at);
}

static size_t encode(uint32_t code, char bytes[5])
{
	size_t length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	static const unsigned char leads[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

	for (size_t i = length - 1; i > 0; i--) {
		bytes[i] = (char)(0x80 | (code & 0x3f));
		code >>= 6;
	}
	bytes[0] = (char)(leads[length] | code);
	bytes[length] = '\0';
	return length;
}

static void insert(struct prompt *prompt, uint32_t code)
{
	char bytes[5];
	size_t length = encode(code, bytes);

	if (prompt->length + length >= sizeof(prompt->typed))
		return;
	memmove(prompt->typed + prompt->at + length, prompt->typed + prompt->at,
	        prompt->length - prompt->at + 1);
	memcpy(prompt->typed + prompt->at, bytes, length);
	prompt->length += length;
	prompt->at += length;
}

/* False: no key that edits. */
static bool edit(struct prompt *prompt, uint32_t code)
{
	switch (code) {
	case 'U' & 0x1f:
		cut(prompt, 0, prompt->at);
		return true;
	case 'W' & 0x1f:
		cut_word(prompt);
		return true;
	case 'H' & 0x1f:
	case KEY_CODE_ERASE:
		cut(prompt, prompt->at - before(prompt), prompt->at);
		return true;
	case 'D' & 0x1f:
	case KEY_CODE_DELETE:
		cut(prompt, prompt->at, prompt->at + behind(prompt));
		return true;
	default:
		break;
	}
	if (code < ' ' || code >= KEY_CODE_SPECIAL || (code >= 0xd800 && code < 0xe000))
		return false;
	insert(prompt, code);
	return true;
}

static void move(struct prompt *prompt, uint32_t code)
{
	switch (code) {
	case KEY_CODE_LEFT:
		prompt->at -= before(prompt);
		break;
	case KEY_CODE_RIGHT:
		prompt->at += behind(prompt);
		break;
	case 'A' & 0x1f:
	case KEY_CODE_HOME:
		prompt->at = 0;
		break;
	case 'E' & 0x1f:
	case KEY_CODE_END:
		prompt->at = prompt->length;
		break;
	default:
		break;
	}
}

/* `done` may ask again, so what was typed is set aside first. */
static void finish(struct tui *tui)
{
	struct prompt closed = tui->prompt;

	tui->prompt.is_open = false;
	closed.done(tui, closed.typed);
}

void prompt_key(struct tui *tui, const struct key *key)
{
	struct prompt *prompt = &tui->prompt;

	if (key->code == KEY_CODE_ENTER || key->code == '\r') {
		finish(tui);
	} else if (key->code == KEY_CODE_ESCAPE || key->code == ('C' & 0x1f) ||
	           (key->code == KEY_CODE_ERASE && prompt->length == 0)) {
		prompt->is_open = false;
		if (prompt->changed)
			prompt->changed(tui, NULL);
	} else if (edit(prompt, key->code)) {
		if (prompt->changed)
			prompt->changed(tui, prompt->typed);
	} else {
		move(prompt, key->code);
	}
}

void tui_ask(struct tui *tui, const char *question, const char *typed,
             void (*done)(struct tui *tui, const char *typed))
{
	struct prompt *prompt = &tui->prompt;
	struct text text = text_over(prompt->typed, sizeof(prompt->typed));

	text_add(&text, typed);
	prompt->length = prompt->at = text.length;
	prompt->question = question;
	prompt->done = done;
	prompt->changed = NULL;
	prompt->is_open = true;
}

/* What does not fit goes on the left: the cursor is always in sight. */
void prompt_draw(const struct tui *tui, struct canvas *canvas, int row)
{
	const struct prompt *prompt = &tui->prompt;
	int column = 1 + canvas_put(canvas, row, 1, -1, look_of(PAINT_KEY), prompt->question);
	int room = canvas_columns(canvas) - column - 1;
	char head[PROMPT_MOST];
	const char *from = prompt->typed;
	int cursor;

	memcpy(head, prompt->typed, prompt->at);
	head[prompt->at] = '\0';
	cursor = (int)text_columns(head);
	for (; cursor > room && room > 0; cursor--)
		from += utf8_length(from) > 0 ? utf8_length(from) : 1;
	canvas_put(canvas, row, column, -1, look_of(PAINT_STRONG), from);
	canvas_mark(canvas, (struct area){ row, column + cursor, 1, 1 }, LOOK_REVERSE);
}
