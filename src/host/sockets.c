/* sockets.c: asks the kernel for its sockets (sock_diag(7)). */

#include "host/sockets.h"

#ifdef __linux__

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "host/answer.h"
#include "host/table.h"

/* The kernel makes its messages as large as the reader's space, up to this. */
#define SPACE ((size_t)32 << 10)

/* An answer that is still interrupted after so many attempts will hardly be a better one. */
#define ATTEMPTS 8

/* The kernel answers while it is asked: silence this long means that nobody will. */
#define PATIENCE_SECONDS 5

/* All states but the kernel's newer ones: those of sockets that are merely bound. */
#define STATES ((UINT32_C(1) << SOCKET_STATE_COUNT) - 1)

struct connection {
	struct mnl_socket *netlink;
	uint32_t sequence;
	bool unfinished; /* an answer was not read to its end */
	_Alignas(struct nlmsghdr) char space[SPACE];
};

struct refusal {
	int number;
	const char *why;
	const char *remedy;
};

/* clang-format off */
static const struct refusal refusals[] = {
	{ EPROTONOSUPPORT, "this kernel offers no sock_diag",  "to load it: sudo modprobe inet_diag" },
	{ EAFNOSUPPORT,    "this kernel offers no netlink",    "" },
	{ ENOENT,          "this kernel offers no sock_diag",  "to load it: sudo modprobe -a tcp_diag udp_diag" },
	{ EINVAL,          "this kernel's sock_diag is too old", "" },
	{ EACCES,          "permission denied",                "a sandbox or container may forbid netlink sockets" },
	{ EPERM,           "permission denied",                "a sandbox or container may forbid netlink sockets" },
	{ ENOMEM,          "out of memory",                    "" },
	{ EAGAIN,          "the kernel does not answer",       "" },
};
/* clang-format on */

static void refusal_set(int number, struct error *err)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		if (refusals[i].number != number)
			continue;
		error_set(err, "kernel sockets: %s", refusals[i].why);
		error_remedy(err, "%s", refusals[i].remedy);
		return;
	}
	error_set(err, "kernel sockets: %s", strerror(number));
}

static bool netlink_is_ready(struct mnl_socket *netlink)
{
	const struct timeval patience = { .tv_sec = PATIENCE_SECONDS };

	return mnl_socket_bind(netlink, 0, MNL_SOCKET_AUTOPID) == 0 &&
	       setsockopt(mnl_socket_get_fd(netlink), SOL_SOCKET, SO_RCVTIMEO, &patience,
	                  sizeof(patience)) == 0;
}

/* The kernel hears no other question (EBUSY) before its last answer has been taken away. */
static void connection_drain(struct connection *connection)
{
	const int netlink = mnl_socket_get_fd(connection->netlink);

	while (recv(netlink, connection->space, SPACE, MSG_DONTWAIT) > 0)
		continue;
}

static int connection_ask(struct connection *connection, int family, uint8_t protocol)
{
	struct inet_diag_req_v2 *request;
	struct nlmsghdr *header;

	if (connection->unfinished)
		connection_drain(connection);
	connection->unfinished = true;
	header = mnl_nlmsg_put_header(connection->space);
	header->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	header->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	header->nlmsg_seq = ++connection->sequence;
	request = mnl_nlmsg_put_extra_header(header, sizeof(*request));
	request->sdiag_family = (uint8_t)family;
	request->sdiag_protocol = protocol;
	request->idiag_states = STATES;
	if (protocol == IPPROTO_TCP)
		request->idiag_ext = 1u << (INET_DIAG_INFO - 1);
	return mnl_socket_sendto(connection->netlink, header, header->nlmsg_len) < 0 ? -1 : 0;
}

static int connection_hear(struct connection *connection, struct answer *answer,
                           struct sockets *sockets)
{
	while (!answer->complete) {
		ssize_t count = mnl_socket_recvfrom(connection->netlink, connection->space, SPACE);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return -1;
		answer_take(answer, connection->space, (size_t)count, sockets);
	}
	connection->unfinished = false;
	errno = answer->out_of_memory ? ENOMEM : answer->refusal;
	return errno ? -1 : 0;
}

/* -1 and errno. No reading is of one moment; one that stays interrupted is only a little less so. */
static int read_some(struct sockets *sockets, int family, uint8_t protocol)
{
	struct connection *connection = sockets->connection;
	const size_t before = sockets->count;
	struct answer answer;

	for (int i = 0; i < ATTEMPTS; i++) {
		sockets->count = before;
		if (connection_ask(connection, family, protocol) < 0)
			return -1;
		answer = (struct answer){
			.sequence = connection->sequence,
			.protocol = protocol,
		};
		if (connection_hear(connection, &answer, sockets) < 0)
			return -1;
		if (!answer.interrupted)
			break;
	}
	return 0;
}

static int read_families(struct sockets *sockets, uint8_t protocol)
{
	if (read_some(sockets, AF_INET, protocol) < 0)
		return -1;
	return read_some(sockets, AF_INET6, protocol);
}

int sockets_open(struct sockets *sockets, struct error *err)
{
	struct connection *connection = calloc(1, sizeof(*connection));

	if (!connection) {
		refusal_set(ENOMEM, err);
		return -1;
	}
	connection->netlink = mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC);
	if (!connection->netlink || !netlink_is_ready(connection->netlink)) {
		refusal_set(errno, err);
		if (connection->netlink)
			mnl_socket_close(connection->netlink);
		free(connection);
		return -1;
	}
	*sockets = (struct sockets){ .connection = connection };
	return 0;
}

int sockets_read(struct sockets *sockets, bool tcp, bool udp, struct error *err)
{
	sockets->count = 0;
	if ((tcp && read_families(sockets, IPPROTO_TCP) < 0) ||
	    (udp && read_families(sockets, IPPROTO_UDP) < 0)) {
		refusal_set(errno, err);
		sockets->count = 0;
		return -1;
	}
	sockets_sort(sockets);
	return 0;
}

void sockets_close(struct sockets *sockets)
{
	struct connection *connection = sockets->connection;

	if (connection) {
		mnl_socket_close(connection->netlink);
		free(connection);
	}
	free(sockets->entries);
	*sockets = (struct sockets){ 0 };
}

#endif
