/* service.c: one loop for all that is served: who comes, who speaks, who must go. */

#define _GNU_SOURCE /* accept4 */

#include "lab/service.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lab/reach.h"
#include "lab/visitor.h"

enum { EVENTS_AT_ONCE = 16, DATAGRAM_MAX = 65536, DATAGRAMS_AT_ONCE = 64 };

#define THE_SOCKET UINT64_MAX /* any other is a visitor's slot and whether it is about the task */

void service_tell(const struct service *service, const char *format, ...)
{
	char words[512];
	va_list arguments;

	if (service->options.tell == NULL)
		return;
	va_start(arguments, format);
	vsnprintf(words, sizeof(words), format, arguments);
	va_end(arguments);
	service->options.tell(service->options.context, words);
}

/* ---- Opening ---------------------------------------------------------------------------------- */

static int open_folder(struct service *service, struct error *err)
{
	const char *folder = service->options.folder;

	if (!service->row->needs_folder)
		return 0;
	if (folder == NULL) {
		error_set(err, "%s: no folder was given", service->row->name);
		return -1;
	}
	service->folder = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (service->folder >= 0)
		return 0;
	error_set(err, "%s: %s", folder, strerror(errno));
	return -1;
}

static int open_socket(struct service *service, struct error *err)
{
	uint16_t port = service->options.port > 0 ? service->options.port : service->row->port;
	struct epoll_event event = { .events = EPOLLIN, .data.u64 = THE_SOCKET };
	struct reach reach = reach_of(service->options.family, &service->options.address,
	                              service->options.any_port ? 0 : port);
	bool is_tcp = service->row->protocol == IPPROTO_TCP;
	int on = 1;

	service->poll = epoll_create1(EPOLL_CLOEXEC);
	service->socket =
		socket(reach.address.ss_family,
	               (is_tcp ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (service->poll < 0 || service->socket < 0 ||
	    (is_tcp &&
	     setsockopt(service->socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0) ||
	    bind(service->socket, (struct sockaddr *)&reach.address, reach.length) < 0 ||
	    (is_tcp && listen(service->socket, SERVICE_CLIENTS_MAX) < 0) ||
	    epoll_ctl(service->poll, EPOLL_CTL_ADD, service->socket, &event) < 0) {
		char storage[64];
		struct text place = text_over(storage, sizeof(storage));

		reach_add(&place, &reach);
		error_set(err, "cannot serve on %s: %s", storage, strerror(errno));
		return -1;
	}
	return 0;
}

struct service *service_new(const struct service_row *row, const struct service_options *options,
                            struct error *err)
{
	struct service *service = calloc(1, sizeof(*service));

	if (service == NULL) {
		error_set(err, "out of memory");
		return NULL;
	}
	service->row = row;
	service->options = *options;
	service->socket = service->poll = service->folder = -1;
	if (open_folder(service, err) < 0 || open_socket(service, err) < 0) {
		service_free(service);
		return NULL;
	}
	return service;
}

/* ---- Visitors ---------------------------------------------------------------------------------- */

static void forget(struct visitor *visitor)
{
	struct service *service = visitor->service;

	service->visitors[visitor->slot] = NULL;
	service->count--;
	if (service->row->ops->leave != NULL)
		service->row->ops->leave(visitor);
	service_tell(service, "client %u left", visitor->number);
	visitor_end_task(visitor);
	close(visitor->socket);
	free(visitor);
}

void service_free(struct service *service)
{
	if (service == NULL)
		return;
	service->options.tell = NULL;
	for (unsigned slot = 0; slot < SERVICE_CLIENTS_MAX; slot++)
		if (service->visitors[slot] != NULL)
			forget(service->visitors[slot]);
	if (service->socket >= 0)
		close(service->socket);
	if (service->poll >= 0)
		close(service->poll);
	if (service->folder >= 0)
		close(service->folder);
	free(service);
}

static unsigned free_slot(const struct service *service)
{
	unsigned slot = 0;

	while (slot < SERVICE_CLIENTS_MAX && service->visitors[slot] != NULL)
		slot++;
	return slot;
}

static void refuse(const struct service *service, int socket)
{
	static const char words[] = "too many are here already: come back later\n";
	ssize_t ignored = send(socket, words, strlen(words), MSG_NOSIGNAL);

	(void)ignored;
	close(socket);
	service_tell(service, "a client was turned away: %d are here already",
	             (int)SERVICE_CLIENTS_MAX);
}

static void welcome(struct service *service, int socket, const struct reach *from)
{
	unsigned slot = free_slot(service);
	struct epoll_event event = { .events = EPOLLIN, .data.u64 = (uint64_t)slot << 1 };
	struct visitor *visitor = slot < SERVICE_CLIENTS_MAX ? malloc(sizeof(*visitor)) : NULL;
	char storage[64];
	struct text place = text_over(storage, sizeof(storage));

	if (visitor == NULL || epoll_ctl(service->poll, EPOLL_CTL_ADD, socket, &event) < 0) {
		free(visitor);
		refuse(service, socket);
		return;
	}
	memset(visitor, 0,
	       offsetof(struct visitor, answer)); /* the buffers are written before read */
	visitor->service = service;
	visitor->slot = slot;
	visitor->number = ++service->came;
	visitor->socket = socket;
	visitor->watched = EPOLLIN;
	visitor->heard = service->now;
	visitor->task = -1;
	service->visitors[slot] = visitor;
	service->count++;
	reach_add(&place, from);
	service_tell(service, "client %u came from %s", visitor->number, storage);
	if (service->row->ops->greet != NULL)
		service->row->ops->greet(visitor);
}

static void accept_all(struct service *service)
{
	for (;;) {
		struct reach from = { .length = sizeof(from.address) };
		int socket = accept4(service->socket, (struct sockaddr *)&from.address,
		                     &from.length, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (socket < 0)
			return;
		welcome(service, socket, &from);
	}
}

/* Hands what came in to the service until it wants no more of it, or its answers pile up. */
static void digest(struct visitor *visitor)
{
	visitor->has_more = false;
	while (visitor->in_count > 0 && !visitor->is_leaving && visitor->task < 0) {
		size_t taken;

		visitor->has_more = visitor->out_count >= IN_MAX;
		taken = visitor->has_more ? 0 : visitor->service->row->ops->take(visitor);
		if (taken == 0 || visitor->is_leaving)
			return;
		visitor->in_count -= taken;
		memmove(visitor->in, visitor->in + taken, visitor->in_count);
	}
}

/* False when the connection is gone. */
static bool hear(struct visitor *visitor)
{
	uint8_t discarded[4096];
	bool listens = !visitor->is_leaving;
	uint8_t *place = listens ? visitor->in + visitor->in_count : discarded;
	size_t room = listens ? IN_MAX - visitor->in_count : sizeof(discarded);
	ssize_t got = room > 0 ? recv(visitor->socket, place, room, 0) : -1;

	if (got < 0)
		return room == 0 || errno == EAGAIN || errno == EINTR;
	if (got == 0) {
		visitor->said_all = true;
	} else if (listens) {
		visitor->in_count += (size_t)got;
		visitor->heard = visitor->service->now;
	}
	return true;
}

static bool flush(struct visitor *visitor)
{
	while (visitor->out_count > 0) {
		ssize_t sent = send(visitor->socket, visitor->out + visitor->out_start,
		                    visitor->out_count, MSG_NOSIGNAL);

		if (sent < 0)
			return errno == EAGAIN || errno == EINTR;
		visitor->out_start += (size_t)sent;
		visitor->out_count -= (size_t)sent;
		visitor->heard = visitor->service->now;
	}
	visitor->out_start = 0;
	return true;
}

/* Room for a whole answer is kept free: who does not read is not listened to. */
static bool is_listened_to(const struct visitor *visitor)
{
	if (visitor->said_all)
		return false;
	if (visitor->is_leaving)
		return true;
	return visitor->task < 0 && visitor->in_count < IN_MAX && visitor->out_count < IN_MAX;
}

/* It has more for the client than there was room for. A command is waited for elsewhere. */
static bool is_held_up(const struct visitor *visitor)
{
	return visitor->has_more || (visitor->task >= 0 && visitor->child == 0);
}

static void watch(struct visitor *visitor)
{
	struct epoll_event event = { .data.u64 = (uint64_t)visitor->slot << 1 };

	if (is_listened_to(visitor))
		event.events |= EPOLLIN;
	if (visitor->out_count > 0 || is_held_up(visitor))
		event.events |= EPOLLOUT;
	if (event.events == visitor->watched)
		return;
	visitor->watched = event.events;
	epoll_ctl(visitor->service->poll, EPOLL_CTL_MOD, visitor->socket, &event);
}

/* Lets the service do for it what it can. */
static void serve(struct visitor *visitor)
{
	const struct service_ops *ops = visitor->service->row->ops;

	digest(visitor);
	if (visitor->task >= 0 && ops->go_on != NULL)
		ops->go_on(visitor);
	digest(visitor);
}

/* Sends what it is to hear, and lets it go if that was all; it may be gone afterwards. */
static void settle(struct visitor *visitor)
{
	bool lives = flush(visitor);

	if (lives && visitor->said_all && visitor->task < 0 && !visitor->has_more)
		visitor_dismiss(visitor, NULL);
	if (lives && visitor->is_leaving && visitor->out_count == 0 && !visitor->has_goodbye) {
		visitor->has_goodbye = true;
		shutdown(visitor->socket, SHUT_WR);
	}
	if (!lives || (visitor->has_goodbye && visitor->said_all))
		forget(visitor);
	else
		watch(visitor);
}

/* What one does may be for others to hear: so first all are served, then all are settled. */
static void attend(struct service *service)
{
	for (unsigned slot = 0; slot < SERVICE_CLIENTS_MAX; slot++)
		if (service->visitors[slot] != NULL)
			serve(service->visitors[slot]);
	do {
		service->is_stirred = false;
		for (unsigned slot = 0; slot < SERVICE_CLIENTS_MAX; slot++)
			if (service->visitors[slot] != NULL)
				settle(service->visitors[slot]);
	} while (service->is_stirred);
}

/* ---- Datagrams, time, and the loop's turn ------------------------------------------------------- */

static void hear_datagrams(struct service *service)
{
	uint8_t bytes[DATAGRAM_MAX];

	for (int turn = 0; turn < DATAGRAMS_AT_ONCE; turn++) {
		struct reach from = { .length = sizeof(from.address) };
		ssize_t got = recvfrom(service->socket, bytes, sizeof(bytes), 0,
		                       (struct sockaddr *)&from.address, &from.length);

		if (got < 0)
			return;
		service->row->ops->datagram(service, &from.address, from.length, bytes,
		                            (size_t)got);
	}
}

static void hear_event(struct service *service, const struct epoll_event *event)
{
	struct visitor *visitor;

	if (event->data.u64 == THE_SOCKET && service->row->protocol == IPPROTO_TCP) {
		accept_all(service);
		return;
	}
	if (event->data.u64 == THE_SOCKET) {
		hear_datagrams(service);
		return;
	}
	visitor = service->visitors[event->data.u64 >> 1];
	if (visitor == NULL || (event->data.u64 & 1) != 0)
		return; /* serving goes on with its task anyway */
	if ((event->events & (EPOLLERR | EPOLLHUP)) != 0 && (event->events & EPOLLIN) == 0)
		forget(visitor);
	else if ((event->events & EPOLLIN) != 0 && !hear(visitor))
		forget(visitor);
}

/* When the visitor's time is over. */
static int64_t end_of(const struct visitor *visitor)
{
	if (visitor->is_leaving || visitor->child > 0)
		return visitor->deadline;
	return visitor->heard + SERVICE_IDLE_SECONDS * TIME_SECOND;
}

static bool end_what_is_due(struct service *service)
{
	bool has_ended = false;

	for (unsigned slot = 0; slot < SERVICE_CLIENTS_MAX; slot++) {
		struct visitor *visitor = service->visitors[slot];

		if (visitor == NULL || service->now < end_of(visitor))
			continue;
		has_ended = true;
		if (visitor->is_leaving)
			forget(visitor);
		else
			visitor_dismiss(visitor, visitor->child > 0 ? "its command took too long"
			                                            : "it was silent for too long");
	}
	return has_ended;
}

static int64_t next_due(const struct service *service)
{
	int64_t due = TIME_NONE;

	for (unsigned slot = 0; slot < SERVICE_CLIENTS_MAX; slot++) {
		const struct visitor *visitor = service->visitors[slot];

		if (visitor != NULL && (due == TIME_NONE || end_of(visitor) < due))
			due = end_of(visitor);
	}
	return due;
}

enum machine_outcome service_step(struct service *service, int64_t now, struct wait *wait,
                                  struct error *err)
{
	struct epoll_event events[EVENTS_AT_ONCE];
	int count = epoll_wait(service->poll, events, EVENTS_AT_ONCE, 0);

	service->now = now;
	if (count < 0 && errno != EINTR) {
		error_set(err, "%s: %s", service->row->name, strerror(errno));
		return MACHINE_FAILED;
	}
	for (int i = 0; i < count; i++)
		hear_event(service, &events[i]);
	if (end_what_is_due(service) || count > 0)
		attend(service);
	*wait = (struct wait){ .descriptor = service->poll,
		               .events = POLLIN,
		               .due = next_due(service) };
	return count > 0 ? MACHINE_WORKED : MACHINE_WAITS;
}

/* ---- About it ----------------------------------------------------------------------------------- */

static struct reach where(const struct service *service)
{
	struct reach reach = { .length = sizeof(reach.address) };

	getsockname(service->socket, (struct sockaddr *)&reach.address, &reach.length);
	return reach;
}

void service_place(const struct service *service, struct text *text)
{
	struct reach reach = where(service);

	reach_add(text, &reach);
}

uint16_t service_port(const struct service *service)
{
	struct reach reach = where(service);

	return reach_port(&reach);
}

size_t service_clients(const struct service *service)
{
	return service->count;
}
