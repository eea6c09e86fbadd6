/* ways_test.c: what is said of a connection's way, kept or not, beside who knows it. */

#include "report/ways.h"

#include <criterion/criterion.h>

#include "diagnose/finding.h"
#include "unit/diagnose/drawn.h"

static void expect_word(const struct way_word *word, const char *expected)
{
	char put[WAY_WORD_MAX + 2];

	*way_put_word(put, word) = '\0';
	cr_assert_str_eq(put, expected);
}

static void expect_path(const struct way_path *path, const struct endpoint *end)
{
	char put[WAY_PATH_MAX + 1], storage[WAY_PATH_MAX + 1];
	struct text expected = text_over(storage, sizeof(storage));
	enum tcp_state states[PATH_MAX_STATES];
	int count = endpoint_path(end, states);

	text_add_char(&expected, '[');
	for (int i = 0; i < count; i++)
		text_format(&expected, "%s\"%s\"", i > 0 ? "," : "", state_name(states[i]));
	text_add_char(&expected, ']');
	*way_put_path(put, path) = '\0';
	cr_assert_str_eq(put, storage);
}

static void expect_way(const struct way *way, const struct flow *flow)
{
	for (int i = CLIENT; i <= SERVER; i++) {
		enum side side = (enum side)i;

		expect_word(&way->states[side], state_name(flow_state(flow, side)));
		expect_path(&way->paths[side], flow_end(flow, side));
		cr_assert_eq(way->is_presumed[side], flow_state_is_presumed(flow, side));
	}
	expect_word(&way->opening, opening_name(flow_opening(flow)));
	expect_word(&way->closing, closing_name(flow_closing(flow)));
	expect_word(&way->outcome, flow_outcome(flow));
}

/* Rows are filled, found, and taken by others; what differs in one sign only is another way. */
Test(ways, are_told_as_they_are_whether_kept_or_not)
{
	static struct ways kept;
	uint64_t random = 1;

	for (int i = 0; i < 100000; i++) {
		struct flow flow = draw_flow(&random);
		struct way room;

		flow.key.protocol = PROTOCOL_TCP;
		expect_way(way_of(NULL, &flow, &room), &flow);
		for (int change = 0; change < 4; change++) {
			expect_way(way_of(&kept, &flow, &room), &flow);
			draw_change(&random, &flow);
		}
	}
}

Test(ways, are_not_told_again)
{
	static struct ways kept;
	struct flow flow = { .key = { .protocol = PROTOCOL_TCP } };
	struct way room;
	const struct way *way = way_of(&kept, &flow, &room);

	flow.id = 7;
	cr_expect_neq(way, &room);
	cr_expect_eq(way_of(&kept, &flow, &room), way);
	cr_expect_eq(way_of(NULL, &flow, &room), &room);
}
