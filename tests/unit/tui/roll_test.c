/* roll_test.c: the flows of a moment, counted. */

#include <criterion/criterion.h>

#include "tui/inside.h"
#include "unit/tui/scene.h"

Test(roll, counts_connections_by_where_they_are_in_their_lives)
{
	struct scene_play *scene = scene_begin();
	struct roll roll = { .count = 0 };

	scene_hear(scene, ":1 > S 0; :2 > S 0; :2 < SA 0 1; :3 > S 0; :3 < SA 0 1; :3 > A 1 1; "
	                  ":4 > S 0; :4 < SA 0 1; :4 > A 1 1; :4 > FA 1 1; "
	                  ":5 > S 0; :5 < SA 0 1; :5 > A 1 1; :5 > FA 1 1; :5 < FA 1 2; "
	                  ":5 > A 2 2; :6 > S 0; :6 < RA 0 1; :7 > D 0 0 100");
	roll_call(&roll, scene->play.tracker, true);
	cr_assert_eq(roll.census.all, 7);
	cr_assert_eq(roll.census.half_open, 2);
	cr_assert_eq(roll.census.open, 1);
	cr_assert_eq(roll.census.closing, 1);
	cr_assert_eq(roll.census.time_wait, 1);
	cr_assert_eq(roll.census.ends[ST_ESTABLISHED], 2 + 1);
	cr_assert_eq(roll.census.ends[ST_FIN_WAIT_1], 1);
	cr_assert_eq(roll.census.ends[ST_TIME_WAIT], 1);
	roll_free(&roll);
	scene_end(scene);
}

Test(roll, traits_change_with_the_flow_and_only_with_it)
{
	struct scene_play *scene = scene_begin();
	struct roll roll = { .count = 0 };
	uint64_t one, two;

	scene_hear(scene, ":1 > S 0; :2 > S 0");
	roll_call(&roll, scene->play.tracker, true);
	one = roll_find(&roll, 1)->traits;
	two = roll_find(&roll, 2)->traits;
	scene_hear(scene, ":2 < SA 0 1");
	roll_call(&roll, scene->play.tracker, true);
	cr_assert_eq(roll_find(&roll, 1)->traits, one);
	cr_assert_neq(roll_find(&roll, 2)->traits, two);
	cr_assert_null(roll_find(&roll, 3));
	cr_assert_null(roll_find(&roll, 0));
	roll_free(&roll);
	scene_end(scene);
}

Test(roll, of_many_flows_serves_a_key_after_a_redraw)
{
	struct scene_play *scene = scene_begin_for(25000);
	struct roll roll = { .count = 0 };

	scene_flood(scene, 20000);
	roll_call(&roll, scene->play.tracker, true);
	cr_assert_eq(roll.count, 20000);
	scene_wait(scene, 1);
	scene_hear(scene, ":7 > S 0");
	roll_call(&roll, scene->play.tracker, true);
	cr_assert_eq(roll.count, 20000, "that is only 11 ms old");
	roll_call(&roll, scene->play.tracker, false);
	cr_assert_eq(roll.count, 20001, "a replay shows each moment as it is");
	scene_hear(scene, ":8 > S 0");
	scene_wait(scene, 100);
	roll_call(&roll, scene->play.tracker, true);
	cr_assert_eq(roll.count, 20002);
	roll_free(&roll);
	scene_end(scene);
}

Test(roll, is_another_one_once_a_timer_went_off)
{
	struct scene_play *scene = scene_begin();
	struct roll roll = { .count = 0 };
	uint64_t open, version;

	scene_hear(scene,
	           ":1 > S 0; :1 < SA 0 1; :1 > A 1 1; :1 > FA 1 1; :1 < FA 1 2; :1 > A 2 2");
	roll_call(&roll, scene->play.tracker, true);
	open = roll.flows[0].traits;
	version = roll.version;
	scene_wait(scene, 1000);
	roll_call(&roll, scene->play.tracker, true);
	cr_assert_gt(roll.version, version, "ages are another moment's");
	cr_assert_eq(roll.flows[0].traits, open);
	cr_assert_eq(roll.census.time_wait, 1);
	scene_wait(scene, 100000);
	roll_call(&roll, scene->play.tracker, true);
	cr_assert_neq(roll.flows[0].traits, open);
	cr_assert_eq(roll.census.time_wait, 0);
	roll_free(&roll);
	scene_end(scene);
}
