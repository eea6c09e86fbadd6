/* serve_talk.c: the services that only talk: echo and chat, over connections and in datagrams. */

#include <string.h>
#include <sys/socket.h>

#include "lab/reach.h"
#include "lab/visitor.h"

/* ---- echo --------------------------------------------------------------------------------------- */

static size_t echo_take(struct visitor *visitor)
{
	size_t room = visitor_room(visitor);
	size_t count = visitor->in_count < room ? visitor->in_count : room;

	visitor_send(visitor, visitor->in, count);
	return count;
}

const struct service_ops echo_ops = { .take = echo_take };

/* ---- chat --------------------------------------------------------------------------------------- */

static void tell_others(struct visitor *visitor, const char *before, const char *words)
{
	for (unsigned slot = 0; slot < SERVICE_CLIENTS_MAX; slot++) {
		struct visitor *other = visitor->service->visitors[slot];

		if (other != NULL && other != visitor)
			visitor_say(other, "%s %u%s%s\n", "guest", visitor->number, before, words);
	}
}

static void chat_greet(struct visitor *visitor)
{
	unsigned others = visitor->service->count - 1;

	visitor_say(visitor, "you are guest %u; %u other%s here; say bye to leave\n",
	            visitor->number, others, others == 1 ? " is" : "s are");
	tell_others(visitor, "", " came");
}

static size_t chat_take(struct visitor *visitor)
{
	size_t taken;
	const char *line = visitor_line(visitor, &taken);

	if (line == NULL)
		return 0;
	if (strcmp(line, "bye") == 0) {
		visitor_say(visitor, "bye\n");
		visitor_dismiss(visitor, NULL);
	} else if (line[0] != '\0') {
		tell_others(visitor, ": ", line);
	}
	return taken;
}

static void chat_leave(struct visitor *visitor)
{
	tell_others(visitor, "", " left");
}

const struct service_ops chat_ops = {
	.greet = chat_greet,
	.take = chat_take,
	.leave = chat_leave,
};

/* ---- Datagrams ---------------------------------------------------------------------------------- */

static void answer(const struct service *service, const struct sockaddr_storage *to,
                   socklen_t length, const uint8_t *bytes, size_t count)
{
	ssize_t ignored = sendto(service->socket, bytes, count, MSG_NOSIGNAL,
	                         (const struct sockaddr *)to, length);

	(void)ignored; /* as lost as on any other network */
}

static void echo_datagram(struct service *service, const struct sockaddr_storage *from,
                          socklen_t length, const uint8_t *bytes, size_t count)
{
	struct reach reach = { .address = *from, .length = length };

	/* Two services that echo each other would never end. */
	if (reach_port(&reach) >= 1024 && reach_port(&reach) != service_port(service))
		answer(service, from, length, bytes, count);
}

const struct service_ops udp_echo_ops = { .datagram = echo_datagram };

static void forget_peer(struct service *service, unsigned i)
{
	service->peers[i] = service->peers[--service->peer_count];
}

/* Whoever has been silent for long is forgotten; the slot of the one who speaks now, or PEERS_MAX. */
static unsigned find_peer(struct service *service, const struct sockaddr_storage *from,
                          socklen_t length)
{
	unsigned i = 0;

	while (i < service->peer_count) {
		if (reach_equal(&service->peers[i].address, from))
			break;
		if (service->now - service->peers[i].heard > SERVICE_IDLE_SECONDS * TIME_SECOND)
			forget_peer(service, i);
		else
			i++;
	}
	if (i == PEERS_MAX)
		return i;
	service->peers[i] =
		(struct peer){ .address = *from, .length = length, .heard = service->now };
	if (i == service->peer_count)
		service->peer_count++;
	return i;
}

static void chat_datagram(struct service *service, const struct sockaddr_storage *from,
                          socklen_t length, const uint8_t *bytes, size_t count)
{
	bool is_bye = count >= 3 && memcmp(bytes, "bye", 3) == 0 &&
	              (count == 3 || bytes[3] == '\n' || bytes[3] == '\r');
	unsigned speaker = find_peer(service, from, length);

	if (speaker == PEERS_MAX) {
		service_tell(service, "a datagram was dropped: %d are here already",
		             (int)PEERS_MAX);
		return;
	}
	if (is_bye) {
		answer(service, from, length, bytes, count);
		forget_peer(service, speaker);
		return;
	}
	for (unsigned i = 0; i < service->peer_count; i++)
		if (i != speaker)
			answer(service, &service->peers[i].address, service->peers[i].length, bytes,
			       count);
}

const struct service_ops udp_chat_ops = { .datagram = chat_datagram };
