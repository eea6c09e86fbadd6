/* party.c: the sockets that somebody of a scenario holds. */

#include "lab/party.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

void party_begin(struct party *party)
{
	*party = (struct party){ .fresh = -1, .listener = -1 };
}

static void close_one(int *descriptor)
{
	if (*descriptor >= 0)
		close(*descriptor);
	*descriptor = -1;
}

void party_end(struct party *party)
{
	for (unsigned i = 0; i < party->count; i++)
		close_one(&party->sockets[i]);
	close_one(&party->fresh);
	close_one(&party->listener);
	if (party->child > 0) {
		kill(party->child, SIGKILL);
		waitpid(party->child, NULL, 0);
	}
	party->child = 0;
}

struct sockaddr_in place(uint16_t port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return address;
}

int party_fresh(struct party *party)
{
	if (party->fresh < 0)
		party->fresh = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	return party->fresh;
}

int party_take_fresh(struct party *party)
{
	int taken = party_fresh(party);

	party->fresh = -1;
	return taken;
}

void party_group(struct party *party)
{
	party->first = party->count;
}

int party_add(struct party *party, int socket)
{
	if (party->count == SOCKETS_MAX) {
		close(socket);
		errno = EMFILE;
		return -1;
	}
	party->sockets[party->count++] = socket;
	return 0;
}

int party_target(struct party *party, unsigned i)
{
	if (party->first < party->count)
		return party->first + i < party->count ? party->sockets[party->first + i] : -1;
	if (i > 0)
		return -1;
	return party->listener >= 0 ? party->listener : party_fresh(party);
}

int party_bind(struct party *party, int socket, bool reuses)
{
	struct sockaddr_in address = place(party->port);
	socklen_t length = sizeof(address);
	int on = reuses;

	if (setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
	    bind(socket, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    getsockname(socket, (struct sockaddr *)&address, &length) < 0)
		return -1;
	party->port = ntohs(address.sin_port);
	return 0;
}

static void note(struct performance *performance, const struct lab_end *end, bool is_subject)
{
	if (is_subject)
		performance->subject = *end;
	if (performance_is_at(performance, end->protocol, &end->address, end->port))
		return;
	if (performance->end_count < PERFORMANCE_ENDS_MAX)
		performance->ends[performance->end_count++] = *end;
}

int performance_meet(struct performance *performance, const struct act *act, int socket,
                     uint8_t protocol, bool is_subject)
{
	struct lab_end end = { .who = actor_words(act->actor),
		               .family = FAMILY_IPV4,
		               .protocol = protocol };
	struct sockaddr_in address;
	socklen_t length = sizeof(address);

	if (getsockname(socket, (struct sockaddr *)&address, &length) < 0)
		return -1;
	end.port = ntohs(address.sin_port);
	memcpy(end.address.bytes, &address.sin_addr, sizeof(address.sin_addr));
	note(performance, &end, is_subject);
	return 0;
}
