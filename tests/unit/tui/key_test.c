/* key_test.c: keys have names, scripts are read, and no key has two meanings in one place. */

#include "tui/key.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static void expect_name(uint32_t code, const char *expected)
{
	char storage[64];
	struct text text = text_over(storage, sizeof(storage));

	key_spell(&text, code);
	cr_expect_str_eq(storage, expected);
}

Test(key, has_the_name_that_people_write)
{
	expect_name('j', "j");
	expect_name(' ', "Space");
	expect_name(KEY_CODE_ENTER, "Enter");
	expect_name(KEY_CODE_ESCAPE, "Esc");
	expect_name(KEY_CODE_PAGE_DOWN, "PageDown");
	expect_name('L' & 0x1f, "Ctrl-L");
	expect_name(KEY_CODE_F1, "F1");
	expect_name(KEY_CODE_F1 + 11, "F12");
	expect_name(KEY_CODE_ERASE, "Backspace");
	expect_name(0xe9, "é");
	expect_name(KEY_CODE_NONE, "");
}

Test(key, reads_what_it_names)
{
	for (uint32_t code = 1; code <= KEY_CODE_RESIZE; code++) {
		char storage[64];
		struct text text = text_over(storage, sizeof(storage));
		const char *script = storage;
		struct key key;

		if (code ==
		    0xd800) /* surrogates are no characters, then nothing until the next plane */
			code = 0xe000;
		if (code == 0x3000)
			code = 0x10ff00;
		text_add_char(&text, '{');
		key_spell(&text, code);
		text_add_char(&text, '}');
		if (text.length == 2 || code == '{' || code == '}')
			continue;
		cr_assert(key_read(&script, &key), "%s", storage);
		cr_assert_eq(key.code, code, "%s is read as %u, not %u", storage, key.code, code);
		cr_assert_str_empty(script);
	}
}

/* The codes of a script, in a row; -1 where it makes no sense. */
static int read_all(const char *script, struct key *keys, int most)
{
	int count = 0;

	while (*script != '\0' && count < most)
		if (!key_read(&script, &keys[count++]))
			return -1;
	return count;
}

Test(key, reads_a_script)
{
	struct key keys[32];

	cr_assert_eq(read_all("jj{Enter}/é:4{{}{ctrl-l}{f10}{x}", keys, 32), 12);
	cr_expect_eq(keys[0].code, 'j');
	cr_expect_eq(keys[2].code, KEY_CODE_ENTER);
	cr_expect_eq(keys[3].code, '/');
	cr_expect_eq(keys[4].code, 0xe9);
	cr_expect_eq(keys[7].code, '{');
	cr_expect_eq(keys[8].code, '}');
	cr_expect_eq(keys[9].code, 'L' & 0x1f);
	cr_expect_eq(keys[10].code, KEY_CODE_F1 + 9);
	cr_expect_eq(keys[11].code, 'x');
}

Test(key, reads_where_a_click_was)
{
	struct key keys[2];

	cr_assert_eq(read_all("{Click 3,10}{WheelDown 0,79}", keys, 2), 2);
	cr_expect_eq(keys[0].code, KEY_CODE_CLICK);
	cr_expect_eq(keys[0].row, 3);
	cr_expect_eq(keys[0].column, 10);
	cr_expect_eq(keys[1].code, KEY_CODE_WHEEL_DOWN);
	cr_expect_eq(keys[1].column, 79);
	cr_assert_eq(read_all("{DoubleClick}j", keys, 2), 2);
	cr_expect_eq(keys[0].row, 0);
}

Test(key, refuses_scripts_that_make_no_sense)
{
	static const char *const wrong[] = {
		"{",
		"{}",
		"{Enter",
		"{Entre}",
		"{F0}",
		"{F13}",
		"{F01}",
		"{Fx}",
		"{Ctrl-}",
		"{Ctrl-1}",
		"{Click 3}",
		"{Click 3,}",
		"{Click ,3}",
		"{Click 3,4,5}",
		"{Click -1,2}",
		"{Click 99999999999,1}",
		"{Enter 1,2}",
		"{ }",
		"\xff",
		"{\xff\xff}",
		"{a name that is longer than any key could have}",
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		const char *script = wrong[i];
		struct key key = { .code = 7 };

		cr_expect_not(key_read(&script, &key), "%s", wrong[i]);
		cr_expect_eq(key.code, 7);
		cr_expect_eq(script, wrong[i]);
	}
}

Test(key, at_the_end_of_a_script_there_is_none)
{
	const char *script = "";
	struct key key;

	cr_expect_not(key_read(&script, &key));
}

enum { PLACES = 9 };

static bool has(const struct binding *binding, uint32_t code)
{
	for (int i = 0; i < 3; i++)
		if (code != 0 && binding->keys[i] == code)
			return true;
	return false;
}

static void expect_no_common_key(const struct binding *a, const struct binding *b, unsigned place)
{
	char storage[64];
	struct text text = text_over(storage, sizeof(storage));

	for (int i = 0; i < 3; i++) {
		if (!has(b, a->keys[i]))
			continue;
		text_clear(&text);
		key_spell(&text, a->keys[i]);
		cr_expect_fail("in place %#x %s means both \"%s\" and \"%s\"", place, storage,
		               a->help, b->help);
	}
}

Test(bindings, give_no_key_two_meanings_in_one_place)
{
	size_t count;
	const struct binding *rows = bindings(&count);

	for (unsigned place = 1; place < 1u << PLACES; place <<= 1)
		for (size_t i = 0; i < count; i++)
			for (size_t j = i + 1; j < count; j++)
				if ((rows[i].places & place) && (rows[j].places & place))
					expect_no_common_key(&rows[i], &rows[j], place);
}

Test(bindings, have_a_key_for_every_action)
{
	size_t count;
	const struct binding *rows = bindings(&count);
	bool bound[ACTION_COUNT] = { [ACTION_NONE] = true };

	for (size_t i = 0; i < count; i++) {
		cr_expect_neq(rows[i].keys[0], 0);
		cr_expect_neq(rows[i].places, 0);
		bound[rows[i].action] = true;
	}
	for (int action = 0; action < ACTION_COUNT; action++)
		cr_expect(bound[action], "action %d has no key", action);
}

static const struct binding *explained(enum action action, unsigned places)
{
	size_t count;
	const struct binding *rows = bindings(&count);

	for (size_t i = 0; i < count; i++)
		if (rows[i].action == action && (rows[i].places & places) && rows[i].help)
			return &rows[i];
	return NULL;
}

Test(bindings, explain_every_action_in_a_sentence)
{
	for (int action = ACTION_NONE + 1; action < ACTION_COUNT; action++) {
		const struct binding *binding = explained((enum action)action, ~0u);

		cr_assert_not_null(binding, "action %d", action);
		cr_expect_eq(binding->help[strlen(binding->help) - 1], '.');
	}
}

Test(bindings, keep_the_whole_replay_within_reach_of_every_view)
{
	size_t count;
	const struct binding *rows = bindings(&count);

	for (unsigned place = 1; place < IN_REPLAY; place <<= 1) {
		for (size_t i = 0; (place & IN_VIEWS) && i < count; i++) {
			bool reached = false;

			if (rows[i].places != IN_REPLAY)
				continue;
			for (int k = 0; k < 3; k++)
				reached |= key_action(rows[i].keys[k], place | IN_REPLAY) ==
				           rows[i].action;
			cr_expect(reached, "in place %#x: %s", place, rows[i].help);
		}
	}
}

Test(bindings, let_escape_and_q_go_back_everywhere)
{
	for (unsigned place = 1; place < IN_REPLAY; place <<= 1) {
		cr_expect_eq(key_action(KEY_CODE_ESCAPE, place | IN_REPLAY), ACTION_BACK);
		cr_expect_eq(key_action('q', place | IN_REPLAY), ACTION_BACK);
	}
}

Test(bindings, move_by_arrows_and_by_the_keys_of_vi)
{
	for (unsigned place = 1; place < IN_REPLAY; place <<= 1) {
		if (!(place & IN_LISTS))
			continue;
		cr_expect_eq(key_action('j', place), ACTION_DOWN);
		cr_expect_eq(key_action(KEY_CODE_DOWN, place), ACTION_DOWN);
		cr_expect_eq(key_action('k', place), ACTION_UP);
		cr_expect_eq(key_action('G', place), ACTION_LAST);
	}
}

Test(bindings, prefer_the_view_to_the_replay)
{
	cr_expect_eq(key_action(' ', IN_FLOW | IN_REPLAY), ACTION_MARK);
	cr_expect_eq(key_action(' ', IN_LAB | IN_REPLAY), ACTION_NEXT_ACT);
	cr_expect_eq(key_action(' ', IN_FLOWS | IN_REPLAY), ACTION_PAUSE);
	cr_expect_eq(key_action(' ', IN_FLOWS), ACTION_NONE);
	cr_expect_eq(key_action(KEY_CODE_NONE, ~0u), ACTION_NONE);
}

Test(bindings, answer_the_quiz_beside_the_lab)
{
	for (uint32_t digit = '1'; digit <= '4'; digit++)
		cr_expect_eq(key_action(digit, IN_LAB | IN_QUIZ), ACTION_ANSWER);
}
