/* clicks.c: which click is the second of two. */

/*
 * ncurses can tell, but holds every event of the mouse back for as long as a
 * second click might take, the wheel's too. So a timer is set going, and looked at.
 */

#include "tui/clicks.h"

#include <sys/timerfd.h>
#include <unistd.h>

enum { DOUBLE_CLICK_NS = 300 * 1000 * 1000 };

int clicks_open(struct clicks *clicks)
{
	clicks->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	return clicks->timer < 0 ? -1 : 0;
}

void clicks_close(struct clicks *clicks)
{
	if (clicks->timer >= 0)
		close(clicks->timer);
}

bool clicks_are_double(struct clicks *clicks, int row, int column)
{
	struct itimerspec wait = { .it_value.tv_nsec = DOUBLE_CLICK_NS };
	struct itimerspec left = { .it_value.tv_nsec = 0 };
	bool is_second;

	timerfd_gettime(clicks->timer, &left);
	is_second = left.it_value.tv_nsec > 0 && row == clicks->row && column == clicks->column;
	if (is_second)
		wait.it_value.tv_nsec = 0; /* a third click is a first one */
	timerfd_settime(clicks->timer, 0, &wait, NULL);
	clicks->row = row;
	clicks->column = column;
	return is_second;
}
