/* line_test.c: who comes and goes, against a plain list. */

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "track/inside.h"

enum { FLOWS = 200, STEPS = 40000 };

static struct tracker *tracker_of(uint32_t flows)
{
	struct tracker_options options = tracker_defaults();
	struct error err;
	struct tracker *tracker;

	options.max_flows = flows;
	tracker = tracker_new(&options, &err);
	cr_assert_not_null(tracker);
	return tracker;
}

/* What a line should hold, the slow way. */
struct list {
	uint32_t numbers[FLOWS];
	uint32_t count;
};

static void list_remove(struct list *list, uint32_t index)
{
	list->count--;
	memmove(&list->numbers[index], &list->numbers[index + 1],
	        (list->count - index) * sizeof(list->numbers[0]));
}

static bool list_has(const struct list *list, uint32_t number)
{
	for (uint32_t i = 0; i < list->count; i++) {
		if (list->numbers[i] == number)
			return true;
	}
	return false;
}

static void compare(const struct tracker *tracker, const struct line *line, const struct list *list)
{
	uint32_t number = line_first(line);

	cr_assert_eq(line->count, list->count);
	for (uint32_t i = 0; i < list->count; i++) {
		cr_assert_eq(number, list->numbers[i]);
		number = line_next(tracker, line, number);
	}
	cr_assert_eq(number, NONE);
}

/* xorshift64: the same start gives the same steps. */
static uint32_t next(uint64_t *random, uint32_t limit)
{
	*random ^= *random << 13;
	*random ^= *random >> 7;
	*random ^= *random << 17;
	return (uint32_t)(*random >> 32) % limit;
}

/* Sometimes most come, sometimes most go; many go from the front, as they do when they are due. */
static void step(struct tracker *tracker, struct line *line, struct list *list, uint64_t *random,
                 uint32_t busy)
{
	uint32_t number = 1 + next(random, FLOWS);

	if (next(random, 100) < busy && !list_has(list, number)) {
		line_append(tracker, line, number);
		list->numbers[list->count++] = number;
	} else if (list->count > 0) {
		uint32_t index = next(random, 2) ? 0 : next(random, list->count);

		line_leave(tracker, line, list->numbers[index]);
		list_remove(list, index);
	}
}

static void expect_like_a_list(int which, uint32_t start)
{
	struct tracker *tracker = tracker_of(FLOWS);
	struct line *line = &tracker->lines[which];
	struct list list = { .count = 0 };
	uint64_t random = 88172645463325252u;

	line->head = line->tail = start;
	for (int i = 0; i < STEPS; i++) {
		step(tracker, line, &list, &random, i / 500 % 3 ? 90 : 30);
		cr_assert_leq(line->tail - line->head, line->size);
		cr_assert_leq(line->size * sizeof(uint32_t), line_size(FLOWS));
		if (i % 7 == 0)
			compare(tracker, line, &list);
	}
	tracker_free(tracker);
}

Test(line, keeps_the_order_in_which_they_came)
{
	expect_like_a_list(TIMEOUT_OPEN, 0);
	expect_like_a_list(ORDER, 0);
}

Test(line, positions_may_pass_their_largest_number)
{
	expect_like_a_list(TIMEOUT_OPEN, UINT32_MAX - 1000);
}

Test(line, an_empty_one_has_no_first)
{
	struct tracker *tracker = tracker_of(4);
	struct line *line = &tracker->lines[TIMEOUT_OPEN];

	cr_assert_eq(line_first(line), NONE);
	cr_assert_eq(line_at(line, 0), NONE);
	line_append(tracker, line, 3);
	cr_assert_eq(line_first(line), 3);
	cr_assert_eq(line_next(tracker, line, 3), NONE);
	line_leave(tracker, line, 3);
	cr_assert_eq(line_first(line), NONE);
	tracker_free(tracker);
}

/* A flow stands in its queue and in the order, and leaves one of them without the other. */
Test(line, two_lines_do_not_know_of_each_other)
{
	struct tracker *tracker = tracker_of(4);
	struct line *queue = &tracker->lines[TIMEOUT_OPEN], *order = &tracker->lines[ORDER];

	line_append(tracker, order, 1);
	line_append(tracker, order, 2);
	line_append(tracker, queue, 2);
	line_append(tracker, queue, 1);
	line_leave(tracker, queue, 2);
	cr_assert_eq(line_first(queue), 1);
	cr_assert_eq(line_first(order), 1);
	cr_assert_eq(line_next(tracker, order, 1), 2);
	tracker_free(tracker);
}

/* Few flows that come and go for ever need no more of the array than few flows. */
Test(line, stays_small_while_few_stand_in_it)
{
	struct tracker *tracker = tracker_of(100000);
	struct line *line = &tracker->lines[TIMEOUT_OPEN];

	line_append(tracker, line, 9);
	for (uint32_t i = 0; i < 100000; i++) {
		uint32_t number = 1 + i % 8;

		line_append(tracker, line, number);
		line_leave(tracker, line, number);
	}
	cr_assert_eq(line_first(line), 9);
	cr_assert_leq(line->size, 32);
	tracker_free(tracker);
}

/* One that never goes must not make the way through its line long, whatever came and went behind it. */
Test(line, gaps_are_closed_when_they_are_most_of_it)
{
	struct tracker *tracker = tracker_of(100000);
	struct line *line = &tracker->lines[ORDER];

	for (uint32_t number = 1; number <= 100000; number++)
		line_append(tracker, line, number);
	for (uint32_t number = 2; number <= 100000; number++)
		line_leave(tracker, line, number);
	cr_assert_eq(line_next(tracker, line, 1), NONE);
	line_append(tracker, line, 2);
	cr_assert_eq(line->tail - line->head, 2);
	cr_assert_eq(line_next(tracker, line, 1), 2);
	tracker_free(tracker);
}
