/* answer_test.c: answers that a kernel gives only on bad days. */

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "host/answer.h"

enum { SEQUENCE = 7 };

struct letter {
	_Alignas(struct nlmsghdr) char bytes[1024];
	size_t count;
};

static struct nlmsghdr *put_message(struct letter *letter, uint16_t type, const void *payload,
                                    size_t count)
{
	struct nlmsghdr *header = mnl_nlmsg_put_header(letter->bytes + letter->count);

	header->nlmsg_type = type;
	header->nlmsg_seq = SEQUENCE;
	memcpy(mnl_nlmsg_put_extra_header(header, count), payload, count);
	letter->count += header->nlmsg_len;
	return header;
}

static void put_end(struct letter *letter, uint16_t type, int number)
{
	put_message(letter, type, &number, sizeof(number));
}

static struct inet_diag_msg message_between(int family, const char *local, const char *remote)
{
	struct inet_diag_msg message = {
		.idiag_family = (uint8_t)family,
		.idiag_state = SOCKET_ESTABLISHED,
		.id.idiag_sport = htons(80),
		.id.idiag_dport = htons(50000),
		.idiag_inode = 99,
	};

	cr_assert_eq(inet_pton(family, local, message.id.idiag_src), 1);
	cr_assert_eq(inet_pton(family, remote, message.id.idiag_dst), 1);
	return message;
}

static struct nlmsghdr *put_socket(struct letter *letter)
{
	struct inet_diag_msg message = message_between(AF_INET, "127.0.0.1", "127.0.0.2");

	return put_message(letter, 20, &message, sizeof(message));
}

/* From storage of exactly its size, so that a sanitizer sees a step past it. */
static struct answer take(const struct letter *letter, size_t count, struct sockets *sockets)
{
	struct answer answer = { .sequence = SEQUENCE, .protocol = 6 };
	char *bytes = malloc(count ? count : 1);

	memcpy(bytes, letter->bytes, count);
	answer_take(&answer, bytes, count, sockets);
	free(bytes);
	return answer;
}

Test(answer, is_taken_number_by_number)
{
	struct letter letter = { 0 };
	struct sockets sockets = { 0 };
	struct inet_diag_msg message = message_between(AF_INET, "127.0.0.1", "127.0.0.2");

	message.idiag_state = SOCKET_LAST_ACK;
	message.idiag_timer = 1;
	message.idiag_retrans = 2;
	message.idiag_expires = 3000;
	message.idiag_rqueue = 4000;
	message.idiag_wqueue = UINT32_MAX;
	message.idiag_uid = 6000;
	message.idiag_inode = UINT32_MAX - 1;
	put_message(&letter, 20, &message, sizeof(message));
	take(&letter, letter.count, &sockets);
	cr_assert_eq(sockets.count, 1);
	cr_expect_eq(sockets.entries[0].protocol, 6);
	cr_expect_eq(sockets.entries[0].state, SOCKET_LAST_ACK);
	cr_expect_eq(sockets.entries[0].timer, 1);
	cr_expect_eq(sockets.entries[0].retransmits, 2);
	cr_expect_eq(sockets.entries[0].timer_left, 3000);
	cr_expect_eq(sockets.entries[0].receive_queue, 4000);
	cr_expect_eq(sockets.entries[0].send_queue, UINT32_MAX);
	cr_expect_eq(sockets.entries[0].uid, 6000);
	cr_expect_eq(sockets.entries[0].inode, UINT32_MAX - 1);
	free(sockets.entries);
}

Test(answer, goes_on_after_an_interruption)
{
	struct letter letter = { 0 };
	struct sockets sockets = { 0 };
	struct answer answer;

	put_socket(&letter);
	put_socket(&letter)->nlmsg_flags |= NLM_F_DUMP_INTR;
	put_socket(&letter);
	answer = take(&letter, letter.count, &sockets);
	cr_expect(answer.interrupted);
	cr_expect_not(answer.complete);
	cr_expect_eq(sockets.count, 3);
	put_end(&letter, NLMSG_DONE, 0);
	answer = take(&letter, letter.count, &sockets);
	cr_expect(answer.interrupted);
	cr_expect(answer.complete);
	cr_expect_eq(answer.refusal, 0);
	free(sockets.entries);
}

Test(answer, may_be_a_refusal)
{
	struct letter letter = { 0 }, late = { 0 };
	struct sockets sockets = { 0 };
	struct answer answer;

	put_end(&letter, NLMSG_ERROR, -ENOENT);
	answer = take(&letter, letter.count, &sockets);
	cr_expect(answer.complete);
	cr_expect_eq(answer.refusal, ENOENT);
	put_socket(&late);
	put_end(&late, NLMSG_DONE, -ENOMEM);
	answer = take(&late, late.count, &sockets);
	cr_expect(answer.complete);
	cr_expect_eq(answer.refusal, ENOMEM);
	free(sockets.entries);
}

Test(answer, passes_over_what_an_earlier_question_left)
{
	struct letter letter = { 0 };
	struct sockets sockets = { 0 };
	struct answer answer;

	put_socket(&letter)->nlmsg_seq = SEQUENCE - 1;
	put_message(&letter, NLMSG_DONE, "", 0)->nlmsg_seq = SEQUENCE - 1;
	put_socket(&letter);
	answer = take(&letter, letter.count, &sockets);
	cr_expect_not(answer.complete);
	cr_expect_eq(sockets.count, 1);
	free(sockets.entries);
}

Test(answer, passes_over_messages_that_are_no_sockets)
{
	struct letter letter = { 0 };
	struct sockets sockets = { 0 };
	struct inet_diag_msg message = message_between(AF_INET, "127.0.0.1", "127.0.0.2");

	put_message(&letter, NLMSG_NOOP, &message, sizeof(message));
	put_message(&letter, 20, &message, sizeof(message) - 4);
	message.idiag_family = AF_UNIX;
	put_message(&letter, 20, &message, sizeof(message));
	take(&letter, letter.count, &sockets);
	cr_expect_eq(sockets.count, 0);
}

Test(answer, is_never_read_past_its_end)
{
	struct letter letter = { 0 };

	put_socket(&letter);
	put_socket(&letter);
	put_end(&letter, NLMSG_DONE, 0);
	for (size_t count = 0; count < letter.count; count++) {
		struct sockets sockets = { 0 };

		cr_expect_not(take(&letter, count, &sockets).complete);
		cr_expect_leq(sockets.count, 2);
		free(sockets.entries);
	}
}

static uint32_t rtt_with_info_of(uint16_t count)
{
	struct letter letter = { 0 };
	struct sockets sockets = { 0 };
	const struct tcp_info info = { .tcpi_rtt = 1234 };
	struct inet_diag_msg message = message_between(AF_INET, "127.0.0.1", "127.0.0.2");
	struct nlmsghdr *header = put_message(&letter, 20, &message, sizeof(message));
	uint32_t rtt;

	mnl_attr_put_u8(header, INET_DIAG_SHUTDOWN, 0);
	mnl_attr_put(header, INET_DIAG_INFO, count, &info);
	take(&letter, header->nlmsg_len, &sockets);
	cr_assert_eq(sockets.count, 1);
	rtt = sockets.entries[0].rtt;
	free(sockets.entries);
	return rtt;
}

Test(answer, has_no_round_trip_where_an_old_kernel_says_less)
{
	const uint16_t needed = offsetof(struct tcp_info, tcpi_rtt) + 4;

	cr_expect_eq(rtt_with_info_of(sizeof(struct tcp_info)), 1234);
	cr_expect_eq(rtt_with_info_of(needed), 1234);
	cr_expect_eq(rtt_with_info_of((uint16_t)(needed - 1)), 0);
	cr_expect_eq(rtt_with_info_of(0), 0);
}

/* clang-format off */
static const struct ends_row {
	int family;
	const char *local, *remote;
	enum family counts_as;
	const char *local_text, *remote_text;
} ends_rows[] = {
	{ AF_INET,  "10.0.0.1",         "10.0.0.2",         FAMILY_IPV4, "10.0.0.1", "10.0.0.2" },
	{ AF_INET6, "2001:db8::1",      "2001:db8::2",      FAMILY_IPV6, "2001:db8::1", "2001:db8::2" },
	{ AF_INET6, "::",               "::",               FAMILY_IPV6, "::", "::" },
	{ AF_INET6, "::ffff:10.0.0.1",  "::ffff:10.0.0.2",  FAMILY_IPV4, "10.0.0.1", "10.0.0.2" },
	{ AF_INET6, "::ffff:10.0.0.1",  "::",               FAMILY_IPV4, "10.0.0.1", "0.0.0.0" },
	{ AF_INET6, "::",               "::ffff:10.0.0.2",  FAMILY_IPV4, "0.0.0.0", "10.0.0.2" },
	{ AF_INET6, "::ffff:10.0.0.1",  "2001:db8::2",      FAMILY_IPV6, "::ffff:10.0.0.1", "2001:db8::2" },
	{ AF_INET6, "::fffe:10.0.0.1",  "::",               FAMILY_IPV6, "::fffe:a00:1", "::" },
};
/* clang-format on */

Test(answer, counts_mapped_addresses_as_ipv4)
{
	for (size_t i = 0; i < sizeof(ends_rows) / sizeof(ends_rows[0]); i++) {
		const struct ends_row *row = &ends_rows[i];
		struct letter letter = { 0 };
		struct sockets sockets = { 0 };
		struct inet_diag_msg message;
		struct address expected;

		message = message_between(row->family, row->local, row->remote);
		put_message(&letter, 20, &message, sizeof(message));
		take(&letter, letter.count, &sockets);
		cr_assert_eq(sockets.count, 1);
		cr_expect_eq(sockets.entries[0].family, row->counts_as, "row %zu", i);
		address_parse(row->local_text, &expected);
		cr_expect(address_equal(&sockets.entries[0].local, &expected), "row %zu", i);
		address_parse(row->remote_text, &expected);
		cr_expect(address_equal(&sockets.entries[0].remote, &expected), "row %zu", i);
		cr_expect_eq(sockets.entries[0].local_port, 80);
		cr_expect_eq(sockets.entries[0].remote_port, 50000);
		free(sockets.entries);
	}
}
