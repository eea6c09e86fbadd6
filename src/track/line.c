/* line.c: flows in the order in which they came, of which any may leave at any time. */

/*
 * In a linked list whoever comes or goes touches the slots of its neighbours, which are anywhere in
 * memory. A line is an array of flows' numbers: who comes is written behind the last one, who goes
 * is struck out there, and each flow's slot knows the position. The array is a ring, only as
 * large as it has to be. When it is full, or mostly gaps, those who are left close up; until
 * the next time at least as many come or go as were looked at, so each pays for a step or two.
 */

#include "track/inside.h"

enum { LEAST = 16 };

/* Twice the flows, so that there are as many gaps as flows when the largest ring is full. */
static size_t most(uint32_t flows)
{
	size_t size = LEAST;

	while (size < 2 * (size_t)flows)
		size *= 2;
	return size;
}

size_t line_size(uint32_t flows)
{
	return most(flows) * sizeof(uint32_t);
}

static uint32_t *entry(const struct line *line, uint32_t position)
{
	return &line->numbers[position & (line->size - 1)];
}

static uint32_t *position_of(const struct tracker *tracker, const struct line *line,
                             uint32_t number)
{
	return &tracker->slots[number].positions[line == &tracker->lines[ORDER] ? IN_ORDER : IN_QUEUE];
}

static void close_up(struct tracker *tracker, struct line *line)
{
	uint32_t to = line->head;

	for (uint32_t position = line->head; position != line->tail; position++) {
		uint32_t number = *entry(line, position);

		if (number == NONE)
			continue;
		if (position != to) {
			*entry(line, to) = number;
			*position_of(tracker, line, number) = to;
		}
		to++;
	}
	line->tail = to;
}

/* Nobody's position changes: some are only found in the new half. */
static void widen(struct line *line)
{
	uint32_t size = line->size == 0 ? LEAST : 2 * line->size;

	for (uint32_t position = line->head; position != line->tail; position++) {
		uint32_t number = *entry(line, position);

		line->numbers[position & (size - 1)] = number;
	}
	line->size = size;
}

static bool is_full(const struct line *line)
{
	uint32_t length = line->tail - line->head;

	return length == line->size || length / 4 > line->count + LEAST;
}

void line_append(struct tracker *tracker, struct line *line, uint32_t number)
{
	if (is_full(line)) {
		close_up(tracker, line);
		if (line->count >= line->size / 2)
			widen(line);
	}
	*entry(line, line->tail) = number;
	*position_of(tracker, line, number) = line->tail++;
	line->count++;
}

/* The first is never a gap, so that it is found at once. */
void line_leave(struct tracker *tracker, struct line *line, uint32_t number)
{
	*entry(line, *position_of(tracker, line, number)) = NONE;
	line->count--;
	while (line->head != line->tail && *entry(line, line->head) == NONE)
		line->head++;
}

uint32_t line_next(const struct tracker *tracker, const struct line *line, uint32_t number)
{
	uint32_t position = *position_of(tracker, line, number) + 1;

	while (position != line->tail && *entry(line, position) == NONE)
		position++;
	return position == line->tail ? NONE : *entry(line, position);
}

uint32_t line_at(const struct line *line, uint32_t ahead)
{
	return ahead < line->tail - line->head ? *entry(line, line->head + ahead) : NONE;
}
