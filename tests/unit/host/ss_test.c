/* ss_test.c: our table beside that of ss(8). */

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.h"
#include "unit/host/loopback.h"

/* clang-format off */
static const char *const spelled[SOCKET_STATE_COUNT] = {
	[SOCKET_ESTABLISHED] = "ESTAB",
	[SOCKET_SYN_SENT]    = "SYN-SENT",
	[SOCKET_SYN_RECV]    = "SYN-RECV",
	[SOCKET_FIN_WAIT1]   = "FIN-WAIT-1",
	[SOCKET_FIN_WAIT2]   = "FIN-WAIT-2",
	[SOCKET_TIME_WAIT]   = "TIME-WAIT",
	[SOCKET_CLOSE]       = "UNCONN",
	[SOCKET_CLOSE_WAIT]  = "CLOSE-WAIT",
	[SOCKET_LAST_ACK]    = "LAST-ACK",
	[SOCKET_LISTEN]      = "LISTEN",
	[SOCKET_CLOSING]     = "CLOSING",
};
/* clang-format on */

static void add_end(struct text *text, uint8_t family, const struct address *address, uint16_t port)
{
	text_add_char(text, ' ');
	if (port)
		address_add_port(text, family, address, port);
	else
		text_add(text, family == FAMILY_IPV6 ? "[::]:*" : "0.0.0.0:*");
}

/* "ESTAB 0 0 127.0.0.1:80 127.0.0.1:50000\n" */
static void add_entry(struct text *text, const struct socket_entry *entry)
{
	text_format(text, "%s %u %u", spelled[entry->state], entry->receive_queue,
	            entry->send_queue);
	add_end(text, entry->family, &entry->local, entry->local_port);
	add_end(text, entry->family, &entry->remote, entry->remote_port);
	text_add_char(text, '\n');
}

/* What ss says about this port, blanks made single; returns the number of lines. */
static unsigned int ask_ss(uint16_t port, struct text *text)
{
	char command[128], line[512], part[5][64];
	unsigned int lines = 0;
	FILE *ss;

	snprintf(command, sizeof(command), "ss -Htan '( sport = :%u or dport = :%u )'", port, port);
	ss = popen(command, "r");
	cr_assert_not_null(ss);
	for (; fgets(line, sizeof(line), ss); lines++) {
		cr_assert_eq(sscanf(line, "%63s %63s %63s %63s %63s", part[0], part[1], part[2],
		                    part[3], part[4]),
		             5);
		text_format(text, "%s %s %s %s %s\n", part[0], part[1], part[2], part[3], part[4]);
	}
	cr_assert_eq(pclose(ss), 0);
	return lines;
}

static void expect_agreement(struct sockets *sockets, uint16_t port, unsigned int count)
{
	char theirs_storage[4096], ours_storage[256];
	struct text theirs = text_over(theirs_storage, sizeof(theirs_storage));
	unsigned int found = 0;

	cr_expect_eq(ask_ss(port, &theirs), count);
	sockets_refresh(sockets);
	for (size_t i = 0; i < sockets->count; i++) {
		struct text ours = text_over(ours_storage, sizeof(ours_storage));
		const struct socket_entry *entry = &sockets->entries[i];

		if (entry->protocol != TCP ||
		    (entry->local_port != port && entry->remote_port != port))
			continue;
		add_entry(&ours, entry);
		cr_expect_not_null(strstr(theirs.start, ours.start), "%sis not in\n%s", ours.start,
		                   theirs.start);
		found++;
	}
	cr_expect_eq(found, count);
}

/* A listener, two established ends, one waiting to be accepted, two half-closed ends, a TIME_WAIT. */
static void compare(const char *address)
{
	struct pair pair = pair_open(address);
	struct sockets sockets = sockets_opened();
	struct end end = pair.server_end, shut_end, gone_end;
	int shut, gone, waiting, servers[2];

	cr_assert_eq(send(pair.client, "hello", 5, 0), 5);
	shut = client_open(address, end.port, true);
	servers[0] = accept(pair.listener, NULL, NULL);
	gone = client_open(address, end.port, true);
	servers[1] = accept(pair.listener, NULL, NULL);
	shut_end = own_end(shut);
	gone_end = own_end(gone);
	shutdown(shut, SHUT_WR);
	close(gone);
	await(&sockets, TCP, end, gone_end, SOCKET_CLOSE_WAIT);
	close(servers[1]);
	await(&sockets, TCP, gone_end, end, SOCKET_TIME_WAIT);
	waiting = client_open(address, end.port, true);
	await(&sockets, TCP, end, own_end(waiting), SOCKET_ESTABLISHED);
	await(&sockets, TCP, shut_end, end, SOCKET_FIN_WAIT2);
	await(&sockets, TCP, end, shut_end, SOCKET_CLOSE_WAIT);
	expect_agreement(&sockets, end.port, 8);
	close(shut);
	close(servers[0]);
	close(waiting);
	sockets_close(&sockets);
	pair_close(&pair);
}

Test(ss, says_the_same)
{
	if (system("ss -V >/dev/null 2>&1") != 0)
		cr_skip_test("ss is not installed");
	compare("127.0.0.1");
	if (has_ipv6())
		compare("::1");
}
