/* prompt_test.c: a line that is typed. */

#include <criterion/criterion.h>
#include <string.h>

#include "tui/inside.h"
#include "unit/tui/scene.h"

static struct scene_play *begin(const char *typed)
{
	struct scene_play *scene = scene_begin();

	scene_tui(scene, NULL);
	scene_keys(scene, "/");
	scene_keys(scene, typed);
	return scene;
}

#define expect_typed(keys, expected)                                                               \
	do {                                                                                       \
		struct scene_play *scene = begin(keys);                                            \
		cr_assert_str_eq(scene->tui->prompt.typed, expected);                              \
		cr_assert_eq(scene->tui->prompt.length, strlen(expected));                         \
		scene_end(scene);                                                                  \
	} while (0)

Test(prompt, takes_what_is_typed_keys_of_views_included)
{
	expect_typed("port:443 q?s", "port:443 q?s");
	expect_typed("größe ▶", "größe ▶");
}

Test(prompt, is_edited_at_the_cursor)
{
	expect_typed("abc{Backspace}d", "abd");
	expect_typed("abc{Left}{Left}x", "axbc");
	expect_typed("abc{Home}x{End}y", "xabcy");
	expect_typed("abc{Home}{Delete}", "bc");
	expect_typed("ö{Backspace}", "");
	expect_typed("aöb{Left}{Left}{Delete}", "ab");
	expect_typed("abc{Left}{Right}{Right}{Right}d", "abcd");
	expect_typed("one two {Ctrl-W}", "one ");
	expect_typed("abc{Left}{Ctrl-U}", "c");
	expect_typed("abc{Ctrl-A}x{Ctrl-E}y", "xabcy");
}

Test(prompt, ends_at_its_room)
{
	struct scene_play *scene = begin("");

	for (int i = 0; i < 400; i++)
		scene_keys(scene, "ö");
	cr_assert_lt(scene->tui->prompt.length, PROMPT_MOST);
	cr_assert_eq(scene->tui->prompt.length % 2, 0);
	cr_assert_eq(scene->tui->prompt.typed[scene->tui->prompt.length], '\0');
	scene_end(scene);
}

Test(prompt, esc_forgets_and_so_does_erasing_nothing)
{
	struct scene_play *scene = begin("id:1{Esc}");

	cr_assert_not(scene->tui->prompt.is_open);
	cr_assert_null(scene->tui->flows.where);
	scene_keys(scene, "/a{Backspace}{Backspace}");
	cr_assert_not(scene->tui->prompt.is_open);
	scene_end(scene);
}

Test(prompt, keeps_the_cursor_in_sight)
{
	struct scene_play *scene = begin("abcdefghijklmnopqrstuvwxyz");

	cr_assert(scene_shows(scene, 4, 20, " filter: qrstuvwxyz\n"), "%s", scene->text);
	scene_keys(scene, "{Home}");
	cr_assert(scene_shows(scene, 4, 20, " filter: abcdefghijk\n"), "%s", scene->text);
	scene_end(scene);
}
