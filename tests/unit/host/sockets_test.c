/* sockets_test.c: the kernel's word on real sockets, state by state. */

#include <criterion/criterion.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "unit/host/faults.h"
#include "unit/host/loopback.h"

static struct end nobody(uint8_t family)
{
	return (struct end){ .family = family };
}

static void expect_both_ends(const char *address)
{
	struct pair pair = pair_open(address);
	struct sockets sockets = sockets_opened();
	const struct socket_entry *entry;

	entry = await(&sockets, TCP, pair.client_end, pair.server_end, SOCKET_ESTABLISHED);
	cr_expect_eq(entry->inode, inode_of_socket(pair.client));
	cr_expect_eq(entry->uid, geteuid());
	cr_expect_eq(entry->receive_queue, 0);
	cr_expect_eq(entry->send_queue, 0);
	cr_expect_eq(entry->timer, 0);
	cr_expect_gt(entry->rtt, 0);
	cr_expect_lt(entry->rtt, 1000000);
	entry = await(&sockets, TCP, pair.server_end, pair.client_end, SOCKET_ESTABLISHED);
	cr_expect_eq(entry->inode, inode_of_socket(pair.server));
	sockets_close(&sockets);
	pair_close(&pair);
}

Test(sockets, shows_both_ends_of_a_connection)
{
	expect_both_ends("127.0.0.1");
}

Test(sockets, shows_both_ends_over_ipv6)
{
	if (!has_ipv6())
		cr_skip_test("no ::1 here");
	expect_both_ends("::1");
}

Test(sockets, counts_ipv4_over_an_ipv6_socket_as_ipv4)
{
	if (!has_ipv6())
		cr_skip_test("no ::1 here");
	expect_both_ends("::ffff:127.0.0.1");
}

Test(sockets, shows_ipv4_clients_of_a_listener_on_all_addresses)
{
	struct sockets sockets = sockets_opened();
	const struct socket_entry *entry;
	int listener, client, server, patient = 10;
	struct end end;

	if (!has_ipv6())
		cr_skip_test("no ::1 here");
	listener = listener_open("::", 8);
	end = own_end(listener);
	entry = await(&sockets, TCP, end, nobody(FAMILY_IPV6), SOCKET_LISTEN);
	cr_expect_eq(entry->inode, inode_of_socket(listener));
	client = client_open("127.0.0.1", end.port, true);
	server = accept(listener, NULL, NULL);
	entry = await(&sockets, TCP, own_end(server), own_end(client), SOCKET_ESTABLISHED);
	cr_expect_eq(entry->family, FAMILY_IPV4);
	cr_expect_eq(entry->inode, inode_of_socket(server));
	close(client);
	close(server);
	/* Half-open is no whole socket, and is told in another way. */
	setsockopt(listener, IPPROTO_TCP, TCP_DEFER_ACCEPT, &patient, sizeof(patient));
	client = client_open("127.0.0.1", end.port, true);
	end = (struct end){ FAMILY_IPV4, { { 127, 0, 0, 1 } }, end.port };
	await(&sockets, TCP, end, own_end(client), SOCKET_SYN_RECV);
	close(client);
	close(listener);
	sockets_close(&sockets);
}

Test(sockets, counts_the_connections_that_wait_for_accept)
{
	struct sockets sockets = sockets_opened();
	int listener = listener_open("127.0.0.1", 5);
	struct end end = own_end(listener);
	const struct socket_entry *entry;
	int clients[3];

	entry = await(&sockets, TCP, end, nobody(end.family), SOCKET_LISTEN);
	cr_expect_eq(entry->receive_queue, 0);
	cr_expect_eq(entry->send_queue, 5);
	cr_expect_eq(entry->rtt, 0);
	for (int i = 0; i < 3; i++)
		clients[i] = client_open("127.0.0.1", end.port, true);
	/* Nobody has accepted it, so no file holds it yet. */
	entry = await(&sockets, TCP, end, own_end(clients[2]), SOCKET_ESTABLISHED);
	cr_expect_eq(entry->inode, 0);
	entry = await(&sockets, TCP, end, nobody(end.family), SOCKET_LISTEN);
	cr_expect_eq(entry->receive_queue, 3);
	cr_expect_eq(entry->send_queue, 5);
	for (int i = 0; i < 3; i++)
		close(clients[i]);
	close(listener);
	sockets_close(&sockets);
}

Test(sockets, counts_the_bytes_that_wait, .timeout = 10)
{
	struct pair pair = pair_open("127.0.0.1");
	struct sockets sockets = sockets_opened();
	const struct socket_entry *entry;
	char bytes[100] = { 0 };

	cr_assert_eq(send(pair.client, bytes, sizeof(bytes), 0), sizeof(bytes));
	entry = await(&sockets, TCP, pair.server_end, pair.client_end, SOCKET_ESTABLISHED);
	cr_expect_eq(entry->receive_queue, sizeof(bytes));
	/* Swallowed, so not acknowledged, so sent again. */
	socket_swallow(pair.server);
	cr_assert_eq(send(pair.client, bytes, sizeof(bytes), 0), sizeof(bytes));
	do {
		entry = await(&sockets, TCP, pair.client_end, pair.server_end, SOCKET_ESTABLISHED);
		cr_expect_eq(entry->send_queue, sizeof(bytes));
	} while (entry->retransmits == 0);
	cr_expect_eq(entry->timer, 1);
	cr_expect_gt(entry->timer_left, 0);
	sockets_close(&sockets);
	pair_close(&pair);
}

Test(sockets, shows_the_probes_of_a_closed_window, .timeout = 10)
{
	struct pair pair = pair_open("127.0.0.1");
	struct sockets sockets = sockets_opened();
	const struct socket_entry *entry;
	static char bytes[65536];

	do {
		while (send(pair.client, bytes, sizeof(bytes), MSG_DONTWAIT) > 0)
			continue;
		entry = await(&sockets, TCP, pair.client_end, pair.server_end, SOCKET_ESTABLISHED);
	} while (entry->timer != 4);
	cr_expect_gt(entry->send_queue, 0);
	sockets_close(&sockets);
	pair_close(&pair);
}

static void expect_close(const char *address)
{
	struct pair pair = pair_open(address);
	struct sockets sockets = sockets_opened();
	const struct socket_entry *entry;

	shutdown(pair.client, SHUT_WR);
	entry = await(&sockets, TCP, pair.client_end, pair.server_end, SOCKET_FIN_WAIT2);
	cr_expect_eq(entry->inode, inode_of_socket(pair.client));
	await(&sockets, TCP, pair.server_end, pair.client_end, SOCKET_CLOSE_WAIT);
	close(pair.server);
	entry = await(&sockets, TCP, pair.client_end, pair.server_end, SOCKET_TIME_WAIT);
	cr_expect_eq(entry->inode, 0);
	cr_expect_eq(entry->timer, 3);
	cr_expect_gt(entry->timer_left, 0);
	cr_expect_leq(entry->timer_left, 60000);
	await_none(&sockets, TCP, pair.server_end, pair.client_end);
	close(pair.client);
	close(pair.listener);
	sockets_close(&sockets);
}

Test(sockets, follow_a_close_to_its_end)
{
	expect_close("127.0.0.1");
}

Test(sockets, follow_a_close_over_ipv6)
{
	if (!has_ipv6())
		cr_skip_test("no ::1 here");
	expect_close("::1");
	expect_close("::ffff:127.0.0.1");
}

Test(sockets, has_no_inode_for_an_orphan)
{
	struct pair pair = pair_open("127.0.0.1");
	struct sockets sockets = sockets_opened();
	const struct socket_entry *entry;

	close(pair.client);
	entry = await(&sockets, TCP, pair.client_end, pair.server_end, SOCKET_FIN_WAIT2);
	cr_expect_eq(entry->inode, 0);
	close(pair.server);
	close(pair.listener);
	sockets_close(&sockets);
}

Test(sockets, shows_a_fin_that_is_never_acknowledged)
{
	struct pair pair = pair_open("127.0.0.1");
	struct sockets sockets = sockets_opened();

	socket_swallow(pair.client);
	shutdown(pair.client, SHUT_WR);
	await(&sockets, TCP, pair.client_end, pair.server_end, SOCKET_FIN_WAIT1);
	await(&sockets, TCP, pair.server_end, pair.client_end, SOCKET_CLOSE_WAIT);
	shutdown(pair.server, SHUT_WR);
	await(&sockets, TCP, pair.server_end, pair.client_end, SOCKET_LAST_ACK);
	sockets_close(&sockets);
	pair_close(&pair);
}

Test(sockets, shows_fins_that_crossed)
{
	struct pair pair = pair_open("127.0.0.1");
	struct sockets sockets = sockets_opened();

	socket_swallow(pair.client);
	socket_swallow(pair.server);
	shutdown(pair.client, SHUT_WR);
	shutdown(pair.server, SHUT_WR);
	await(&sockets, TCP, pair.client_end, pair.server_end, SOCKET_FIN_WAIT1);
	await(&sockets, TCP, pair.server_end, pair.client_end, SOCKET_FIN_WAIT1);
	/* The server's FIN comes again, and still does not acknowledge the client's. */
	socket_let_in(pair.client);
	await(&sockets, TCP, pair.client_end, pair.server_end, SOCKET_CLOSING);
	sockets_close(&sockets);
	pair_close(&pair);
}

Test(sockets, shows_a_syn_without_an_answer)
{
	struct sockets sockets = sockets_opened();
	int listener = listener_open("127.0.0.1", 1);
	const struct socket_entry *entry;
	int client;

	socket_swallow(listener);
	client = client_open("127.0.0.1", own_end(listener).port, false);
	entry = await(&sockets, TCP, own_end(client), own_end(listener), SOCKET_SYN_SENT);
	cr_expect_eq(entry->timer, 1);
	cr_expect_gt(entry->timer_left, 0);
	cr_expect_eq(entry->rtt, 0);
	close(client);
	close(listener);
	sockets_close(&sockets);
}

Test(sockets, has_no_inode_for_a_half_open_connection)
{
	struct sockets sockets = sockets_opened();
	int listener = listener_open("127.0.0.1", 1);
	int client, patient = 10;
	struct end end = own_end(listener);

	setsockopt(listener, IPPROTO_TCP, TCP_DEFER_ACCEPT, &patient, sizeof(patient));
	client = client_open("127.0.0.1", end.port, true);
	cr_expect_eq(await(&sockets, TCP, end, own_end(client), SOCKET_SYN_RECV)->inode, 0);
	await(&sockets, TCP, own_end(client), end, SOCKET_ESTABLISHED);
	close(client);
	close(listener);
	sockets_close(&sockets);
}

Test(sockets, shows_udp_connected_and_not)
{
	struct sockets sockets = sockets_opened();
	int plain = datagram_open("127.0.0.1"), connected = datagram_open("127.0.0.1");
	struct end end = own_end(plain);
	struct sockaddr_in name = { .sin_family = AF_INET, .sin_port = htons(end.port) };
	const struct socket_entry *entry;

	name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	cr_assert_eq(connect(connected, (struct sockaddr *)&name, sizeof(name)), 0);
	cr_assert_eq(send(connected, "hello", 5, 0), 5);
	entry = await(&sockets, UDP, own_end(connected), end, SOCKET_ESTABLISHED);
	cr_expect_eq(entry->inode, inode_of_socket(connected));
	cr_expect_eq(entry->protocol, UDP);
	cr_expect_eq(entry->rtt, 0);
	entry = await(&sockets, UDP, end, nobody(end.family), SOCKET_CLOSE);
	cr_expect_eq(entry->inode, inode_of_socket(plain));
	cr_expect_geq(entry->receive_queue, 5);
	close(plain);
	close(connected);
	sockets_close(&sockets);
}

static size_t count_of(const struct sockets *sockets, uint8_t protocol)
{
	size_t count = 0;

	for (size_t i = 0; i < sockets->count; i++)
		count += sockets->entries[i].protocol == protocol;
	return count;
}

Test(sockets, are_only_of_the_protocols_that_were_asked_for)
{
	struct sockets sockets = sockets_opened();
	int listener = listener_open("127.0.0.1", 1), datagram = datagram_open("127.0.0.1");
	struct error err = { 0 };

	cr_assert_eq(sockets_read(&sockets, true, false, &err), 0);
	cr_expect_gt(count_of(&sockets, TCP), 0);
	cr_expect_eq(count_of(&sockets, UDP), 0);
	cr_assert_eq(sockets_read(&sockets, false, true, &err), 0);
	cr_expect_eq(count_of(&sockets, TCP), 0);
	cr_expect_gt(count_of(&sockets, UDP), 0);
	cr_assert_eq(sockets_read(&sockets, false, false, &err), 0);
	cr_expect_eq(sockets.count, 0);
	close(listener);
	close(datagram);
	sockets_close(&sockets);
	sockets_close(&sockets);
}

Test(sockets, tell_listeners_on_one_port_apart)
{
	struct sockets sockets = sockets_opened();
	int first = socket(AF_INET, SOCK_STREAM, 0), second = socket(AF_INET, SOCK_STREAM, 0);
	const int on = 1;
	struct sockaddr_in name = { .sin_family = AF_INET };
	socklen_t length = sizeof(name);
	uint64_t found = 0;

	name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(first, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
	setsockopt(second, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
	cr_assert_eq(bind(first, (struct sockaddr *)&name, sizeof(name)), 0);
	getsockname(first, (struct sockaddr *)&name, &length);
	cr_assert_eq(bind(second, (struct sockaddr *)&name, sizeof(name)), 0);
	cr_assert_eq(listen(first, 1) | listen(second, 1), 0);
	sockets_refresh(&sockets);
	for (size_t i = 0; i < sockets.count; i++) {
		if (sockets.entries[i].local_port == own_end(first).port &&
		    sockets.entries[i].state == SOCKET_LISTEN)
			found += sockets.entries[i].inode;
	}
	cr_expect_eq(found, inode_of_socket(first) + inode_of_socket(second));
	close(first);
	close(second);
	sockets_close(&sockets);
}

Test(sockets, are_read_again_after_an_interruption)
{
	struct pair pair = pair_open("127.0.0.1");
	struct sockets sockets = sockets_opened();
	const struct socket_entry *entry;
	struct error err = { 0 };

	faults.interrupted = 3;
	cr_assert_eq(sockets_read(&sockets, true, false, &err), 0, "%s", err.what);
	cr_expect_eq(faults.answers, 3 + 2, "three that were interrupted, one of each family");
	entry = entry_between(&sockets, TCP, pair.client_end, pair.server_end);
	cr_assert_not_null(entry);
	cr_expect_eq(entry->state, SOCKET_ESTABLISHED);
	for (size_t i = 0; i < sockets.count; i++)
		cr_expect_neq(sockets.entries[i].inode, FORGED_INODE, "of an interrupted answer");
	sockets_close(&sockets);
	pair_close(&pair);
}

Test(sockets, are_not_read_for_ever)
{
	struct pair pair = pair_open("127.0.0.1");
	struct sockets sockets = sockets_opened();
	struct error err = { 0 };

	faults.interrupted = 1000;
	cr_assert_eq(sockets_read(&sockets, true, false, &err), 0, "%s", err.what);
	cr_expect_eq(faults.answers, 2 * 8);
	cr_expect_not_null(entry_between(&sockets, TCP, pair.client_end, pair.server_end));
	sockets_close(&sockets);
	pair_close(&pair);
}

Test(sockets, are_none_when_the_kernel_falls_silent)
{
	struct sockets sockets = sockets_opened();
	int listener = listener_open("127.0.0.1", 1);
	struct error err = { 0 };

	sockets_refresh(&sockets);
	cr_expect_gt(sockets.count, 0);
	faults.number = EAGAIN;
	cr_expect_eq(sockets_read(&sockets, true, true, &err), -1);
	cr_expect_str_eq(err.what, "kernel sockets: the kernel does not answer");
	cr_expect_eq(sockets.count, 0);
	faults = (struct faults){ .number = EAGAIN, .after = 1 };
	cr_expect_eq(sockets_read(&sockets, true, true, &err), -1);
	cr_expect_eq(faults.answers, 1);
	cr_expect_eq(sockets.count, 0, "half a table is none");
	faults.number = 0;
	sockets_refresh(&sockets);
	cr_expect_gt(sockets.count, 0, "what it said to the earlier question is passed over");
	close(listener);
	sockets_close(&sockets);
}

enum { MANY = 2000 };

static void reset_on_close(int socket)
{
	const struct linger reset = { .l_onoff = 1 };

	setsockopt(socket, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
}

static bool has_descriptors(rlim_t count)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	return limit.rlim_cur >= count;
}

Test(sockets, are_found_among_thousands)
{
	static int clients[MANY], servers[MANY];
	struct sockets sockets = sockets_opened();
	int listener = listener_open("127.0.0.1", 8);
	struct end end = own_end(listener);
	double start;

	if (!has_descriptors(2 * MANY + 100))
		cr_skip_test("too few descriptors here");
	for (int i = 0; i < MANY; i++) {
		clients[i] = client_open("127.0.0.1", end.port, true);
		servers[i] = accept(listener, NULL, NULL);
		reset_on_close(clients[i]);
	}
	sockets_refresh(&sockets);
	start = stopwatch();
	sockets_refresh(&sockets);
	cr_expect_lt(stopwatch() - start, 1.0);
	cr_expect_geq(sockets.count, 2 * MANY + 1);
	for (int i = 0; i < MANY; i++) {
		const struct socket_entry *entry;

		entry = entry_between(&sockets, TCP, own_end(clients[i]), end);
		cr_assert_not_null(entry);
		cr_assert_eq(entry->inode, inode_of_socket(clients[i]));
		entry = entry_between(&sockets, TCP, end, own_end(clients[i]));
		cr_assert_not_null(entry);
		cr_assert_eq(entry->inode, inode_of_socket(servers[i]));
		close(clients[i]);
		close(servers[i]);
	}
	close(listener);
	sockets_close(&sockets);
}
