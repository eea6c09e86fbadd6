/* faults.c: a kernel that answers as kernels rarely do. */

/* Stands in for libmnl's function of the same name: the linker asks the program first. */

#include "unit/host/faults.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <sys/socket.h>

struct faults faults;

static void interrupt(struct nlmsghdr *header)
{
	struct inet_diag_msg *message = mnl_nlmsg_get_payload(header);

	header->nlmsg_flags |= NLM_F_DUMP_INTR;
	if (header->nlmsg_type == SOCK_DIAG_BY_FAMILY)
		message->idiag_inode = FORGED_INODE;
}

static void mark(struct nlmsghdr *header, int left)
{
	while (mnl_nlmsg_ok(header, left)) {
		if (faults.interrupted > 0)
			interrupt(header);
		if (header->nlmsg_type == NLMSG_DONE) {
			faults.answers++;
			if (faults.interrupted > 0)
				faults.interrupted--;
		}
		header = mnl_nlmsg_next(header, &left);
	}
}

ssize_t mnl_socket_recvfrom(const struct mnl_socket *nl, void *buf, size_t size)
{
	ssize_t count;

	if (faults.number && faults.answers >= faults.after) {
		errno = faults.number;
		return -1;
	}
	count = recv(mnl_socket_get_fd(nl), buf, size, 0);
	if (count > 0)
		mark(buf, (int)count);
	return count;
}
