/* answer.c: the kernel's answer to one request for its sockets. */

/*
 * libmnl's own walk (mnl_cb_run) stops at the first sign of an interruption,
 * with the rest of the answer still to come, and does not look at the error
 * that a NLMSG_DONE may carry. So the walk is ours.
 */

#include "host/answer.h"

#ifdef __linux__

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/tcp.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include "host/table.h"

/* RFC 4291 section 2.5.5.2: ::ffff:192.0.2.1. */
static const uint8_t mapped_prefix[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

static bool is_mapped(const void *address)
{
	return memcmp(address, mapped_prefix, sizeof(mapped_prefix)) == 0;
}

static bool is_unspecified(const void *address)
{
	static const uint8_t zeros[16];

	return memcmp(address, zeros, sizeof(zeros)) == 0;
}

/* A listener on a mapped address has "::" for its other end, which then means 0.0.0.0. */
static bool speaks_ipv4(const struct inet_diag_sockid *id)
{
	if (is_mapped(id->idiag_src))
		return is_mapped(id->idiag_dst) || is_unspecified(id->idiag_dst);
	return is_mapped(id->idiag_dst) && is_unspecified(id->idiag_src);
}

static void entry_take_ends(struct socket_entry *entry, const struct inet_diag_msg *message)
{
	const struct inet_diag_sockid *id = &message->id;

	entry->local_port = ntohs(id->idiag_sport);
	entry->remote_port = ntohs(id->idiag_dport);
	if (message->idiag_family == AF_INET) {
		entry->family = FAMILY_IPV4;
		memcpy(entry->local.bytes, id->idiag_src, 4);
		memcpy(entry->remote.bytes, id->idiag_dst, 4);
	} else if (speaks_ipv4(id)) {
		entry->family = FAMILY_IPV4;
		memcpy(entry->local.bytes, &id->idiag_src[3], 4);
		memcpy(entry->remote.bytes, &id->idiag_dst[3], 4);
	} else {
		entry->family = FAMILY_IPV6;
		memcpy(entry->local.bytes, id->idiag_src, 16);
		memcpy(entry->remote.bytes, id->idiag_dst, 16);
	}
}

/* Older kernels tell a shorter tcp_info. */
static int take_round_trip(const struct nlattr *attribute, void *context)
{
	const size_t place = offsetof(struct tcp_info, tcpi_rtt);
	struct socket_entry *entry = context;

	if (mnl_attr_get_type(attribute) == INET_DIAG_INFO &&
	    mnl_attr_get_payload_len(attribute) >= place + sizeof(entry->rtt))
		memcpy(&entry->rtt, (const char *)mnl_attr_get_payload(attribute) + place,
		       sizeof(entry->rtt));
	return MNL_CB_OK;
}

static void take_socket(struct answer *answer, const struct nlmsghdr *header,
                        struct sockets *sockets)
{
	const struct inet_diag_msg *message = mnl_nlmsg_get_payload(header);
	struct socket_entry *entry;

	if (mnl_nlmsg_get_payload_len(header) < sizeof(*message) ||
	    (message->idiag_family != AF_INET && message->idiag_family != AF_INET6))
		return;
	entry = sockets_add(sockets);
	if (!entry) {
		answer->out_of_memory = true;
		return;
	}
	entry_take_ends(entry, message);
	entry->protocol = answer->protocol;
	entry->state = message->idiag_state;
	entry->timer = message->idiag_timer;
	entry->retransmits = message->idiag_retrans;
	entry->timer_left = message->idiag_expires;
	entry->receive_queue = message->idiag_rqueue;
	entry->send_queue = message->idiag_wqueue;
	entry->uid = message->idiag_uid;
	entry->inode = message->idiag_inode;
	mnl_attr_parse(header, sizeof(*message), take_round_trip, entry);
}

/* NLMSG_ERROR and NLMSG_DONE begin with a negative errno, or with 0. */
static void take_end(struct answer *answer, const struct nlmsghdr *header)
{
	int number = 0;

	if (mnl_nlmsg_get_payload_len(header) >= sizeof(number))
		memcpy(&number, mnl_nlmsg_get_payload(header), sizeof(number));
	answer->complete = true;
	answer->refusal = -number;
}

void answer_take(struct answer *answer, const void *bytes, size_t count, struct sockets *sockets)
{
	const struct nlmsghdr *header = bytes;
	int left = (int)count;

	for (; !answer->complete && mnl_nlmsg_ok(header, left);
	     header = mnl_nlmsg_next(header, &left)) {
		if (header->nlmsg_seq != answer->sequence)
			continue;
		if (header->nlmsg_flags & NLM_F_DUMP_INTR)
			answer->interrupted = true;
		if (header->nlmsg_type == NLMSG_DONE || header->nlmsg_type == NLMSG_ERROR)
			take_end(answer, header);
		else if (header->nlmsg_type >= NLMSG_MIN_TYPE)
			take_socket(answer, header, sockets);
	}
}

#endif
