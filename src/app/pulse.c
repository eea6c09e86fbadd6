/* pulse.c: what happened in each of the latest seconds of frame time. */
#include "app/pulse.h"

#include <string.h>

#include "base/time.h"

struct pulse_meter pulse_start(void)
{
	return (struct pulse_meter){ .second = TIME_NONE };
}

static int64_t second_of(int64_t time)
{
	return time / TIME_SECOND - (time % TIME_SECOND < 0);
}

static void shift(uint32_t row[PULSE_SECONDS], size_t by)
{
	memmove(row, row + by, (PULSE_SECONDS - by) * sizeof *row);
	memset(row + PULSE_SECONDS - by, 0, by * sizeof *row);
}

void pulse_advance(struct pulse_meter *meter, int64_t now)
{
	int64_t second = second_of(now);
	int64_t span;
	size_t by;

	if (meter->second == TIME_NONE)
		meter->second = second;
	span = second - meter->second;
	if (span <= 0)
		return;
	by = span < PULSE_SECONDS ? (size_t)span : PULSE_SECONDS;
	shift(meter->pulse.opens, by);
	shift(meter->pulse.resets, by);
	shift(meter->pulse.packets, by);
	meter->second = second;
}

/* In which second of the window; negative: before it. */
static int64_t place_of(struct pulse_meter *meter, int64_t time)
{
	pulse_advance(meter, time);
	return PULSE_SECONDS - 1 - (meter->second - second_of(time));
}

static void count(struct pulse_meter *meter, uint32_t *row, int64_t time)
{
	int64_t place = place_of(meter, time);

	if (place >= 0)
		row[place]++;
}

void pulse_count_segments(struct pulse_meter *meter, const struct segment *segments, size_t number)
{
	for (size_t i = 0; i < number; i++)
		count(meter, meter->pulse.packets, segments[i].time);
}

uint32_t pulse_kinds(void)
{
	return event_bit(EVENT_FLOW_OPENED) | event_bit(EVENT_RESET);
}

void pulse_hear(struct pulse_meter *meter, const struct event *event)
{
	if (event->kind == EVENT_FLOW_OPENED)
		count(meter, meter->pulse.opens, event->time);
	else if (event->kind == EVENT_RESET)
		count(meter, meter->pulse.resets, event->time);
}
