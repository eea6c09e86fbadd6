/* acts_udp.c: acts with datagrams. */

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lab/act.h"
#include "lab/party.h"

enum { DATAGRAM_MAX = 2048, UDP = 17 };

enum act_outcome act_bind_udp(struct cue *cue)
{
	struct party *party = cue->party;

	party->listener = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (party->listener < 0 || party_bind(party, party->listener, false) < 0)
		return cue_fail(cue, "bind");
	return cue_judge(cue,
	                 performance_meet(cue->performance, cue->act, party->listener, UDP, false),
	                 "getsockname");
}

/* Connected, so that an ICMP error comes back to it. */
static int open_asker(struct cue *cue)
{
	struct party *party = cue->party;
	struct sockaddr_in server = place(cue->performance->parties[SERVER].port);

	party->listener = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (party->listener < 0 ||
	    connect(party->listener, (struct sockaddr *)&server, sizeof(server)) < 0)
		return -1;
	return performance_meet(cue->performance, cue->act, party->listener, UDP,
	                        cue->act->actor == CLIENT);
}

enum act_outcome act_ask(struct cue *cue)
{
	if (cue->party->listener < 0 && open_asker(cue) < 0)
		return cue_fail(cue, "connect");
	return cue_judge(cue,
	                 (int)send(cue->party->listener, cue->act->text, strlen(cue->act->text), 0),
	                 "send");
}

enum act_outcome act_hear(struct cue *cue)
{
	uint8_t datagram[DATAGRAM_MAX];
	ssize_t got = recv(cue->party->listener, datagram, sizeof(datagram), 0);

	if (got < 0 && errno == EAGAIN)
		return cue_wait(cue, cue->party->listener, POLLIN);
	return cue_judge(cue, (int)got, "recv");
}

enum act_outcome act_hear_unreachable(struct cue *cue)
{
	uint8_t datagram[DATAGRAM_MAX];
	ssize_t got = recv(cue->party->listener, datagram, sizeof(datagram), 0);

	if (got < 0 && errno == EAGAIN)
		return cue_wait(cue, cue->party->listener, POLLIN);
	if (got < 0 && errno == ECONNREFUSED)
		return ACT_DONE;
	if (got < 0)
		return cue_fail(cue, "recv");
	error_set(cue->err, "somebody answered");
	return ACT_FAILED;
}

static void remember(struct performance *performance, const struct sockaddr_in *from)
{
	unsigned i = 0;

	while (i < performance->peer_count &&
	       (performance->peers[i].sin_port != from->sin_port ||
	        performance->peers[i].sin_addr.s_addr != from->sin_addr.s_addr))
		i++;
	if (i == SOCKETS_MAX)
		return;
	performance->peers[i] = *from;
	performance->peer_latest = i;
	if (i == performance->peer_count)
		performance->peer_count++;
}

/* Sends it to the peer who spoke, or to all the others. */
static enum act_outcome reply(struct cue *cue, bool to_sender)
{
	struct performance *performance = cue->performance;
	int socket = cue->party->listener;
	uint8_t datagram[DATAGRAM_MAX];
	struct sockaddr_in from;
	socklen_t length = sizeof(from);
	ssize_t got =
		recvfrom(socket, datagram, sizeof(datagram), 0, (struct sockaddr *)&from, &length);

	if (got < 0 && errno == EAGAIN)
		return cue_wait(cue, socket, POLLIN);
	if (got < 0)
		return cue_fail(cue, "recv");
	remember(performance, &from);
	for (unsigned i = 0; i < performance->peer_count; i++) {
		const struct sockaddr_in *peer = &performance->peers[i];

		if ((i == performance->peer_latest) == to_sender &&
		    sendto(socket, datagram, (size_t)got, 0, (const struct sockaddr *)peer,
		           sizeof(*peer)) < 0)
			return cue_fail(cue, "send");
	}
	return ACT_DONE;
}

enum act_outcome act_answer(struct cue *cue)
{
	return reply(cue, true);
}

enum act_outcome act_pass_on(struct cue *cue)
{
	return reply(cue, false);
}
