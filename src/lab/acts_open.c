/* acts_open.c: acts that open: binding, listening, connecting, accepting. */

#define _GNU_SOURCE /* accept4 */

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lab/act.h"
#include "lab/party.h"

enum { BACKLOG = 128, TCP = 6, UDP = 17 };

/* ---- Servers -------------------------------------------------------------------------------- */

/* Below the ports that the kernel gives away: nobody gets it by chance while we count on its emptiness. */
enum { ABSENT_FIRST = 20009, ABSENT_TRIES = 1000 };

/* That it can be bound proves that nobody is there. */
static bool is_deserted(struct cue *cue, int type)
{
	int handle = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	int result = party_bind(cue->party, handle, false);

	if (result == 0)
		result = performance_meet(cue->performance, cue->act, handle,
		                          type == SOCK_STREAM ? TCP : UDP, false);
	close(handle);
	return result == 0;
}

enum act_outcome act_absent(struct cue *cue)
{
	struct party *party = cue->party;

	if (party->port == 0)
		for (party->port = ABSENT_FIRST; party->port < ABSENT_FIRST + ABSENT_TRIES;
		     party->port++)
			if (is_deserted(cue, SOCK_STREAM) && is_deserted(cue, SOCK_DGRAM))
				return ACT_DONE;
	if (is_deserted(cue, SOCK_STREAM) && is_deserted(cue, SOCK_DGRAM))
		return ACT_DONE;
	error_set(cue->err, "somebody is there");
	return ACT_FAILED;
}

enum act_outcome act_bind(struct cue *cue)
{
	int socket = party_fresh(cue->party);

	if (party_bind(cue->party, socket, true) < 0)
		return cue_fail(cue, "bind");
	return cue_judge(cue, performance_meet(cue->performance, cue->act, socket, TCP, false),
	                 "getsockname");
}

enum act_outcome act_listen(struct cue *cue)
{
	int backlog = cue->act->amount > 0 ? cue->act->amount : BACKLOG;

	if (act_bind(cue) == ACT_FAILED)
		return ACT_FAILED;
	cue->party->listener = party_take_fresh(cue->party);
	return cue_judge(cue, listen(cue->party->listener, backlog), "listen");
}

/* The point is what bind says to a server that did not ask for SO_REUSEADDR. */
enum act_outcome act_find_taken(struct cue *cue)
{
	struct party visitor = { .port = cue->performance->parties[SERVER].port };
	int socket = party_take_fresh(cue->party);
	int result = party_bind(&visitor, socket, false);
	int why = errno;

	close(socket);
	errno = why;
	if (result < 0 && why == EADDRINUSE)
		return ACT_DONE;
	if (result < 0)
		return cue_fail(cue, "bind");
	error_set(cue->err, "the port was free");
	return ACT_FAILED;
}

enum act_outcome act_stop_listening(struct cue *cue)
{
	close(cue->party->listener);
	cue->party->listener = -1;
	return ACT_DONE;
}

enum act_outcome act_accept(struct cue *cue)
{
	struct party *party = cue->party;
	uint64_t amount = cue->act->amount > 0 ? (uint64_t)cue->act->amount : 1;

	if (cue->is_first)
		party_group(party);
	for (; cue->performance->moved < amount; cue->performance->moved++) {
		int socket = accept4(party->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (socket < 0 && (errno == EAGAIN || errno == ECONNABORTED || errno == EINTR))
			return cue_wait(cue, party->listener, POLLIN);
		if (socket < 0 || party_add(party, socket) < 0)
			return cue_fail(cue, "accept");
	}
	return ACT_DONE;
}

/* ---- Clients -------------------------------------------------------------------------------- */

static bool is_under_way(int result)
{
	return result == 0 || errno == EINPROGRESS;
}

/* Sends the SYN; the socket joins the party's group. A refusal may come back at once. */
static int dial(struct cue *cue, uint16_t port, bool is_subject)
{
	struct sockaddr_in address = place(port);
	int socket = party_take_fresh(cue->party);
	int result = connect(socket, (struct sockaddr *)&address, sizeof(address));

	if (!is_under_way(result) && errno != ECONNREFUSED) {
		close(socket);
		return -1;
	}
	if (party_add(cue->party, socket) < 0)
		return -1;
	return performance_meet(cue->performance, cue->act, socket, TCP, is_subject);
}

static uint16_t server_port(const struct cue *cue)
{
	return cue->performance->parties[SERVER].port;
}

enum act_outcome act_dial(struct cue *cue)
{
	party_group(cue->party);
	return cue_judge(cue, dial(cue, server_port(cue), cue->act->actor == CLIENT), "connect");
}

/* ACT_DONE once the handshake is complete, as the client's kernel sees it. */
static enum act_outcome await_connection(struct cue *cue, int socket)
{
	struct pollfd ready = { .fd = socket, .events = POLLOUT };
	int why = 0;
	socklen_t length = sizeof(why);

	if (poll(&ready, 1, 0) == 0)
		return cue_wait(cue, socket, POLLOUT);
	if (getsockopt(socket, SOL_SOCKET, SO_ERROR, &why, &length) < 0)
		return cue_fail(cue, "SO_ERROR");
	errno = why;
	return why == 0 ? ACT_DONE : cue_fail(cue, "connect");
}

enum act_outcome act_get_through(struct cue *cue)
{
	return await_connection(cue, *cue->socket);
}

enum act_outcome act_connect(struct cue *cue)
{
	struct party *party = cue->party;
	unsigned amount = cue->act->amount > 0 ? (unsigned)cue->act->amount : 1;
	bool is_subject = cue->act->actor == CLIENT || cue->act->actor == CROWD;

	if (cue->is_first)
		party_group(party);
	for (; cue->performance->moved < amount; cue->performance->moved++) {
		enum act_outcome outcome;

		/* The scenario is about the first one: the others only join in. */
		if (party->count - party->first == cue->performance->moved &&
		    dial(cue, server_port(cue), is_subject && cue->performance->moved == 0) < 0)
			return cue_fail(cue, "connect");
		outcome = await_connection(cue, party->sockets[party->count - 1]);
		if (outcome != ACT_DONE)
			return outcome;
	}
	return ACT_DONE;
}

enum act_outcome act_connect_again(struct cue *cue)
{
	if (cue->is_first) {
		cue->party->port = cue->performance->subject.port;
		if (party_bind(cue->party, party_fresh(cue->party), true) < 0)
			return cue_fail(cue, "bind");
	}
	return act_connect(cue);
}

enum act_outcome act_connect_to_itself(struct cue *cue)
{
	if (cue->is_first) {
		party_group(cue->party);
		if (party_bind(cue->party, party_fresh(cue->party), true) < 0)
			return cue_fail(cue, "bind");
		if (dial(cue, cue->party->port, true) < 0)
			return cue_fail(cue, "connect");
	}
	return await_connection(cue, cue->party->sockets[cue->party->count - 1]);
}

/* From the port where it listened, to a client whose SYN was swallowed there. */
enum act_outcome act_dial_back(struct cue *cue)
{
	party_group(cue->party);
	if (party_bind(cue->party, party_fresh(cue->party), true) < 0)
		return cue_fail(cue, "bind");
	return cue_judge(cue, dial(cue, cue->performance->subject.port, false), "connect");
}

enum act_outcome act_be_refused(struct cue *cue)
{
	enum act_outcome outcome;

	if (cue->is_first && act_dial(cue) == ACT_FAILED)
		return ACT_FAILED;
	outcome = await_connection(cue, cue->party->sockets[cue->party->count - 1]);
	if (outcome == ACT_FAILED && errno == ECONNREFUSED)
		return ACT_DONE;
	if (outcome == ACT_DONE) {
		error_set(cue->err, "somebody answered");
		return ACT_FAILED;
	}
	return outcome;
}

/* ---- Fast open (RFC 7413) ------------------------------------------------------------------- */

/* Without a cookie the SYN only asks for one, and the data waits for the handshake. */
static enum act_outcome dial_with_data(struct cue *cue)
{
	struct sockaddr_in address = place(server_port(cue));
	int socket = party_take_fresh(cue->party);
	ssize_t sent =
		sendto(socket, cue->act->text, strlen(cue->act->text), MSG_FASTOPEN | MSG_NOSIGNAL,
	               (struct sockaddr *)&address, sizeof(address));

	/* Where the system has switched fast open off, an ordinary connection is the same life. */
	if (sent < 0 && errno == EOPNOTSUPP)
		sent = connect(socket, (struct sockaddr *)&address, sizeof(address));
	if (sent < 0 && errno != EINPROGRESS) {
		close(socket);
		return cue_fail(cue, "connect");
	}
	cue->performance->moved = sent > 0 ? (uint64_t)sent : 0;
	if (party_add(cue->party, socket) < 0)
		return cue_fail(cue, "connect");
	return cue_judge(cue, performance_meet(cue->performance, cue->act, socket, TCP, true),
	                 "getsockname");
}

enum act_outcome act_send_at_once(struct cue *cue)
{
	enum act_outcome outcome;

	if (cue->is_first) {
		party_group(cue->party);
		if (dial_with_data(cue) == ACT_FAILED)
			return ACT_FAILED;
	}
	cue->socket = &cue->party->sockets[cue->party->count - 1];
	outcome = await_connection(cue, *cue->socket);
	return outcome == ACT_DONE ? act_send(cue) : outcome;
}
