/* view_help_test.c: the help page knows every key, and every sign. */

#include <criterion/criterion.h>
#include <string.h>

#include "tui/help_page.h"
#include "tui/inside.h"
#include "tui/wrap.h"
#include "unit/tui/scene.h"

/* Looks for a sentence, and counts what it passes. */
struct hunt {
	const char *words, *label;
	int found, entries, heads;
	char head[HELP_KEYS_MOST]; /* of the group in which it was found first */
	char here[HELP_KEYS_MOST];
};

static void look_at(void *context, const struct help_entry *entry)
{
	struct hunt *hunt = context;

	hunt->entries++;
	if (entry->kind == HELP_HEAD) {
		hunt->heads++;
		strcpy(hunt->here, entry->label);
	}
	if ((hunt->words == NULL || entry->words == NULL ||
	     strcmp(entry->words, hunt->words) != 0) &&
	    (hunt->label == NULL || strcmp(entry->label, hunt->label) != 0))
		return;
	if (hunt->found++ == 0)
		strcpy(hunt->head, hunt->here);
}

static struct hunt hunt_for(const char *words, const char *label)
{
	struct hunt hunt = { .words = words, .label = label };

	help_page(look_at, &hunt);
	return hunt;
}

Test(view_help, tells_what_every_key_does)
{
	size_t count;
	const struct binding *all = bindings(&count);

	for (size_t i = 0; i < count; i++)
		if (all[i].help != NULL)
			cr_expect_geq(hunt_for(all[i].help, NULL).found, 1, "%s", all[i].help);
}

Test(view_help, groups_the_keys_by_place)
{
	cr_expect_str_eq(hunt_for("Leave at once.", NULL).head, "Everywhere");
	cr_expect_str_eq(hunt_for("One line up.", NULL).head, "In any list");
	cr_expect_str_eq(hunt_for("Do the next act.", NULL).head, "The lab");
	cr_expect_str_eq(hunt_for("One segment on.", NULL).head, "A capture that is played");
	cr_expect_eq(hunt_for("Leave at once.", NULL).found, 1);
}

Test(view_help, gathers_the_keys_of_one_action)
{
	cr_expect_str_eq(hunt_for(NULL, "1, 2, 3, 4").head, "The quiz");
	cr_expect_str_eq(hunt_for(NULL, "Q, F10, Ctrl-D").head, "Everywhere");
}

Test(view_help, explains_the_signs)
{
	cr_expect_eq(hunt_for(NULL, "✗▶ ✗◀").found, 1);
	cr_expect_eq(hunt_for(NULL, "?").found, 1);
	cr_expect_eq(hunt_for(NULL, "dim").found, 1);
}

static struct scene_play *begin(void)
{
	struct scene_play *scene = scene_begin();

	scene_tui(scene, NULL);
	scene_keys(scene, "?");
	return scene;
}

Test(view_help, scrolls_from_end_to_end)
{
	struct scene_play *scene = begin();

	cr_expect(scene_shows(scene, 24, 80, " Everywhere\n"), "%s", scene->text);
	scene_keys(scene, "j");
	cr_expect(!scene_shows(scene, 24, 80, " Everywhere\n"));
	scene_keys(scene, "k");
	cr_expect(scene_shows(scene, 24, 80, " Everywhere\n"));
	scene_keys(scene, "{PageDown}");
	cr_expect(!scene_shows(scene, 24, 80, " Everywhere\n"));
	scene_keys(scene, "G");
	cr_expect(scene_shows(scene, 24, 80, "the act that comes next.\n"), "%s", scene->text);
	scene_keys(scene, "G{PageDown}jjk");
	cr_expect(scene_shows(scene, 24, 80, "A guess nobody has confirmed"), "%s", scene->text);
	cr_expect(!scene_shows(scene, 24, 80, "the act that comes next.\n"), "%s", scene->text);
	scene_keys(scene, "g");
	cr_expect(scene_shows(scene, 24, 80, " Everywhere\n"));
	scene_end(scene);
}

Test(view_help, finds_words_and_goes_around)
{
	struct scene_play *scene = begin();

	scene_text(scene, 24, 80, false);
	scene_keys(scene, "/HALF-open{Enter}");
	cr_expect(scene_shows(scene, 24, 80, "  ▶◀·                     Half-open"), "%s",
	          scene->text);
	scene_keys(scene, "/once{Enter}");
	cr_expect(scene_shows(scene, 24, 80, "Leave at once.\n"), "%s", scene->text);
	scene_keys(scene, "/Crossed{Enter}/the same time{Enter}n");
	cr_expect(scene_shows(scene, 24, 80, "⧓ "), "%s", scene->text);
	scene_keys(scene, "/wire pull{Enter}");
	cr_expect(scene_shows(scene, 24, 80, "nothing here says \"wire pull\""), "%s", scene->text);
	scene_end(scene);
}

Test(view_help, wraps_where_it_is_narrow)
{
	struct scene_play *scene = begin();

	cr_expect(scene_shows(scene, 15, 60, "The diagram of states, with how many ends\n"), "%s",
	          scene->text);
	cr_expect(scene_shows(scene, 15, 60, "\n                  are in each.\n"), "%s",
	          scene->text);
	scene_end(scene);
}

Test(view_help, goes_back_to_where_it_was_asked_for)
{
	struct scene_play *scene = begin();

	scene_keys(scene, "q");
	cr_expect(!scene_shows(scene, 24, 80, " Everywhere\n"));
	scene_end(scene);
}

Test(view_help, survives_every_size)
{
	struct scene_play *scene = begin();

	for (int rows = 1; rows < 30; rows += 3)
		for (int columns = 1; columns < 90; columns += 5) {
			scene_text(scene, rows, columns, false);
			scene_keys(scene, "Gk{PageUp}{PageDown}");
		}
	scene_end(scene);
}

Test(wrap, breaks_at_blanks)
{
	cr_expect_eq(wrap_rows("a bc def", 8), 1);
	cr_expect_eq(wrap_rows("a bc def", 7), 2);
	cr_expect_eq(wrap_rows("a bc def", 3), 3);
	cr_expect_eq(wrap_rows("", 5), 1);
	cr_expect_eq(wrap_rows("words", 0), 1);
}

Test(wrap, breaks_a_word_that_is_longer_than_a_row)
{
	cr_expect_eq(wrap_rows("abcdefgh", 3), 3);
	cr_expect_eq(wrap_rows("▶◀▶◀", 2), 2);
}

Test(wrap, writes_no_more_rows_than_there_are)
{
	struct error err;
	struct canvas *canvas = canvas_new(3, 6, false, &err);
	char storage[64];
	struct text text = text_over(storage, sizeof(storage));

	cr_expect_eq(wrap_put(canvas, (struct area){ 0, 1, 2, 4 }, look_of(PAINT_PLAIN),
	                      "one two three"),
	             2);
	canvas_text(canvas, &text, false);
	cr_expect_str_eq(storage, " one\n two\n\n");
	canvas_free(canvas);
}
