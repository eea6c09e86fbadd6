/* visitor.c: what a server keeps for each client, and how it gets rid of one. */

#include "lab/visitor.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

/* A client that was cut off is heard out for this long, lest a reset overtake our last words. */
#define FAREWELL (2 * TIME_SECOND)

size_t visitor_room(const struct visitor *visitor)
{
	return OUT_MAX - visitor->out_count;
}

void visitor_send(struct visitor *visitor, const void *bytes, size_t count)
{
	if (visitor->is_leaving)
		return;
	if (count > visitor_room(visitor)) {
		visitor->out_count = 0;
		visitor_dismiss(visitor, "it does not read what it is sent");
		return;
	}
	if (visitor->out_start + visitor->out_count + count > OUT_MAX) {
		memmove(visitor->out, visitor->out + visitor->out_start, visitor->out_count);
		visitor->out_start = 0;
	}
	memcpy(visitor->out + visitor->out_start + visitor->out_count, bytes, count);
	visitor->out_count += count;
	visitor->service->is_stirred = true;
}

void visitor_say(struct visitor *visitor, const char *format, ...)
{
	char words[SERVICE_LINE_MAX + 128];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(words, sizeof(words), format, arguments);
	va_end(arguments);
	visitor_send(visitor, words, strlen(words));
}

void visitor_dismiss(struct visitor *visitor, const char *why)
{
	if (visitor->is_leaving)
		return;
	visitor_end_task(visitor);
	visitor->is_leaving = true;
	visitor->in_count = 0;
	visitor->deadline = visitor->service->now + FAREWELL;
	if (why != NULL)
		service_tell(visitor->service, "client %u was cut off: %s", visitor->number, why);
}

int visitor_watch_task(struct visitor *visitor, int descriptor)
{
	struct epoll_event event = { .events = EPOLLIN };

	event.data.u64 = (uint64_t)visitor->slot << 1 | 1;
	visitor->task = descriptor;
	return epoll_ctl(visitor->service->poll, EPOLL_CTL_ADD, descriptor, &event);
}

void visitor_end_task(struct visitor *visitor)
{
	if (visitor->task >= 0)
		close(visitor->task);
	visitor->task = -1;
	if (visitor->child > 0) {
		kill(visitor->child, SIGKILL);
		waitpid(visitor->child, NULL, 0);
	}
	visitor->child = 0;
}

char *visitor_line(struct visitor *visitor, size_t *taken)
{
	uint8_t *end = memchr(visitor->in, '\n', visitor->in_count);

	*taken = 0;
	if (end == NULL && visitor->in_count <= SERVICE_LINE_MAX)
		return NULL;
	if (end == NULL || end - visitor->in > SERVICE_LINE_MAX) {
		visitor_say(visitor, "that line is too long: %d bytes at most\n",
		            (int)SERVICE_LINE_MAX);
		visitor_dismiss(visitor, "its line was too long");
		return NULL;
	}
	*taken = (size_t)(end - visitor->in) + 1;
	*end = '\0';
	if (end > visitor->in && end[-1] == '\r')
		end[-1] = '\0';
	return (char *)visitor->in;
}
