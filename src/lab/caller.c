/* caller.c: the client of a service: lines in, answers out. */

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lab/frames.h"
#include "lab/reach.h"
#include "lab/service.h"

/* After the end of input: how long a silent datagram service may still answer. */
#define HEARING_OUT TIME_SECOND

enum { QUEUE_MAX = 65536 };

struct caller {
	const struct service_row *row;
	struct caller_options options;
	struct reach server;
	int socket;
	int poll; /* epoll over the socket and, where it can be waited for, the input */
	bool is_connected;
	bool input_is_file; /* always ready, and epoll refuses it */
	bool input_is_watched;
	bool has_ended; /* the end of input came */
	bool said_goodbye;
	int64_t deadline; /* of a datagram service's last answers */
	uint32_t watched;
	size_t line_count, out_count, in_count;
	uint32_t frame_left; /* bytes of a frame that is being heard */
	uint8_t line[SERVICE_LINE_MAX + 1];
	uint8_t out[QUEUE_MAX];
	uint8_t in[FRAME_HEADER]; /* of the length of the next frame */
};

static int fail(const struct caller *caller, struct error *err)
{
	char storage[64];
	struct text place = text_over(storage, sizeof(storage));
	int why = errno;

	reach_add(&place, &caller->server);
	error_set(err, "%s: %s", storage, strerror(why));
	if (why == ECONNREFUSED)
		error_remedy(err, "to serve there: shakedown lab serve %s", caller->row->name);
	return -1;
}

static bool is_tcp(const struct caller *caller)
{
	return caller->row->protocol == IPPROTO_TCP;
}

struct caller *caller_new(const struct service_row *row, const struct caller_options *options,
                          struct error *err)
{
	struct caller *caller = calloc(1, sizeof(*caller));
	struct epoll_event event = { .events = EPOLLOUT };

	if (caller == NULL) {
		error_set(err, "out of memory");
		return NULL;
	}
	caller->row = row;
	caller->options = *options;
	caller->deadline = TIME_NONE;
	caller->watched = EPOLLOUT;
	caller->server = reach_of(options->family, &options->address,
	                          options->port > 0 ? options->port : row->port);
	caller->poll = epoll_create1(EPOLL_CLOEXEC);
	caller->socket = socket(
		caller->server.address.ss_family,
		(is_tcp(caller) ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (caller->poll < 0 || caller->socket < 0 ||
	    (connect(caller->socket, (struct sockaddr *)&caller->server.address,
	             caller->server.length) < 0 &&
	     errno != EINPROGRESS) ||
	    epoll_ctl(caller->poll, EPOLL_CTL_ADD, caller->socket, &event) < 0) {
		fail(caller, err);
		caller_free(caller);
		return NULL;
	}
	return caller;
}

void caller_free(struct caller *caller)
{
	if (caller == NULL)
		return;
	if (caller->socket >= 0)
		close(caller->socket);
	if (caller->poll >= 0)
		close(caller->poll);
	free(caller);
}

/* ---- Saying ------------------------------------------------------------------------------------- */

static void say_line(struct caller *caller, size_t count)
{
	uint8_t *end = caller->out + caller->out_count;
	size_t words = count;

	if (!is_tcp(caller)) {
		ssize_t ignored = send(caller->socket, caller->line, count, MSG_NOSIGNAL);

		(void)ignored; /* a refusal is told by the next call */
		return;
	}
	if (caller->row->speech == SPEECH_FRAMES) {
		if (words > 0 && caller->line[words - 1] == '\n')
			words--;
		frame_header(end, (uint32_t)words);
		end += FRAME_HEADER;
		caller->out_count += FRAME_HEADER;
	}
	memcpy(end, caller->line, words);
	caller->out_count += words;
}

/* A line too long for one is several. */
static void read_input(struct caller *caller)
{
	ssize_t got = read(caller->options.input, caller->line + caller->line_count,
	                   sizeof(caller->line) - caller->line_count);
	uint8_t *end;

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		caller->has_ended = true;
		if (caller->line_count > 0)
			say_line(caller, caller->line_count);
		caller->line_count = 0;
		return;
	}
	caller->line_count += (size_t)got;
	while ((end = memchr(caller->line, '\n', caller->line_count)) != NULL ||
	       caller->line_count == sizeof(caller->line)) {
		size_t count = end != NULL ? (size_t)(end - caller->line) + 1 : caller->line_count;

		say_line(caller, count);
		caller->line_count -= count;
		memmove(caller->line, caller->line + count, caller->line_count);
	}
}

/* Room for a buffer full of empty lines, each in a frame of its own. */
static bool wants_input(const struct caller *caller)
{
	return caller->is_connected && !caller->has_ended &&
	       caller->out_count + (FRAME_HEADER + 1) * sizeof(caller->line) < QUEUE_MAX;
}

static int flush(struct caller *caller)
{
	while (caller->out_count > 0) {
		ssize_t sent = send(caller->socket, caller->out, caller->out_count, MSG_NOSIGNAL);

		if (sent < 0)
			return errno == EAGAIN || errno == EINTR ? 0 : -1;
		caller->out_count -= (size_t)sent;
		memmove(caller->out, caller->out + sent, caller->out_count);
	}
	return 0;
}

/* ---- Hearing ------------------------------------------------------------------------------------ */

/* Passes on what is inside the frames, as it comes. */
static void hear_frames(struct caller *caller, const uint8_t *bytes, size_t count)
{
	while (count > 0) {
		size_t piece;

		if (caller->frame_left == 0) {
			caller->in[caller->in_count++] = *bytes++;
			count--;
			if (caller->in_count == FRAME_HEADER) {
				caller->in_count = 0;
				caller->frame_left = frame_length(caller->in);
			}
			continue;
		}
		piece = count < caller->frame_left ? count : caller->frame_left;
		caller->options.hear(caller->options.context, bytes, piece);
		caller->frame_left -= (uint32_t)piece;
		bytes += piece;
		count -= piece;
	}
}

static enum machine_outcome hear(struct caller *caller)
{
	uint8_t bytes[16384];
	ssize_t got = recv(caller->socket, bytes, sizeof(bytes), 0);

	if (got < 0)
		return errno == EAGAIN || errno == EINTR ? MACHINE_WORKED : MACHINE_FAILED;
	if (got == 0 && is_tcp(caller))
		return MACHINE_OVER;
	if (caller->row->speech == SPEECH_FRAMES)
		hear_frames(caller, bytes, (size_t)got);
	else
		caller->options.hear(caller->options.context, bytes, (size_t)got);
	return MACHINE_WORKED;
}

/* ---- The loop's turn ---------------------------------------------------------------------------- */

static int check_connection(struct caller *caller)
{
	int why = 0;
	socklen_t length = sizeof(why);

	if (getsockopt(caller->socket, SOL_SOCKET, SO_ERROR, &why, &length) < 0)
		return -1;
	errno = why;
	if (why != 0)
		return -1;
	caller->is_connected = true;
	return 0;
}

/* Tells epoll what to wait for now. */
static void watch(struct caller *caller)
{
	struct epoll_event event = { .events = EPOLLIN };
	struct epoll_event input = { .events = EPOLLIN, .data.u32 = 1 };

	if (!caller->is_connected || caller->out_count > 0)
		event.events |= EPOLLOUT;
	if (event.events != caller->watched)
		epoll_ctl(caller->poll, EPOLL_CTL_MOD, caller->socket, &event);
	caller->watched = event.events;
	if (wants_input(caller) == caller->input_is_watched || caller->input_is_file)
		return;
	if (epoll_ctl(caller->poll, caller->input_is_watched ? EPOLL_CTL_DEL : EPOLL_CTL_ADD,
	              caller->options.input, &input) < 0)
		caller->input_is_file = true;
	else
		caller->input_is_watched = !caller->input_is_watched;
}

/* At the end of input: says so, once all is sent. */
static bool say_goodbye(struct caller *caller, int64_t now)
{
	if (!caller->has_ended || caller->out_count > 0)
		return false;
	if (!caller->said_goodbye && is_tcp(caller))
		shutdown(caller->socket, SHUT_WR);
	if (!caller->said_goodbye && !is_tcp(caller))
		caller->deadline = now + HEARING_OUT;
	caller->said_goodbye = true;
	return caller->deadline != TIME_NONE && now >= caller->deadline;
}

static enum machine_outcome attend(struct caller *caller, const struct epoll_event *event)
{
	if (event->data.u32 == 1) {
		read_input(caller);
		return MACHINE_WORKED;
	}
	if (!caller->is_connected && check_connection(caller) < 0)
		return MACHINE_FAILED;
	if ((event->events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0)
		return hear(caller);
	return MACHINE_WORKED;
}

enum machine_outcome caller_step(struct caller *caller, int64_t now, struct wait *wait,
                                 struct error *err)
{
	struct epoll_event events[2];
	int count = epoll_wait(caller->poll, events, 2, 0);
	enum machine_outcome outcome = count > 0 ? MACHINE_WORKED : MACHINE_WAITS;

	for (int i = 0; i < count && outcome == MACHINE_WORKED; i++)
		outcome = attend(caller, &events[i]);
	if (outcome >= MACHINE_WAITS && caller->input_is_file && wants_input(caller)) {
		read_input(caller);
		outcome = outcome == MACHINE_OVER ? MACHINE_OVER : MACHINE_WORKED;
	}
	if (outcome != MACHINE_FAILED && outcome != MACHINE_OVER && caller->is_connected &&
	    flush(caller) < 0)
		outcome = MACHINE_FAILED;
	if (outcome == MACHINE_FAILED) {
		fail(caller, err);
		return MACHINE_FAILED;
	}
	if (outcome != MACHINE_OVER && say_goodbye(caller, now))
		outcome = MACHINE_OVER;
	if (outcome != MACHINE_OVER)
		watch(caller);
	*wait = (struct wait){ .descriptor = caller->poll,
		               .events = POLLIN,
		               .due = caller->deadline };
	return outcome;
}
