/* refusal_test.c: kernels and sandboxes that do not tell. */

#include <criterion/criterion.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "unit/host/loopback.h"

#define LOW_WORD(argument)                                                                         \
	(offsetof(struct seccomp_data, args[argument]) +                                           \
	 (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0))

/* From now on socket(AF_NETLINK) fails with `number`; false where that cannot be arranged. */
static bool forbid_netlink(unsigned int number)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, LOW_WORD(0)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_NETLINK, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | number),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { .len = sizeof(code) / sizeof(code[0]), .filter = code };

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static void expect_refusal(unsigned int number, const char *what, const char *remedy)
{
	struct sockets sockets = { .count = 12345 };
	struct error err = { 0 };

	if (!forbid_netlink(number))
		cr_skip_test("no seccomp here");
	cr_expect_eq(sockets_open(&sockets, &err), -1);
	cr_expect_str_eq(err.what, what);
	cr_expect_str_eq(err.remedy, remedy);
	cr_expect_eq(sockets.count, 12345, "untouched");
}

Test(refusal, names_a_kernel_without_sock_diag)
{
	expect_refusal(EPROTONOSUPPORT, "kernel sockets: this kernel offers no sock_diag",
	               "to load it: sudo modprobe inet_diag");
}

Test(refusal, names_a_kernel_without_netlink)
{
	expect_refusal(EAFNOSUPPORT, "kernel sockets: this kernel offers no netlink", "");
}

Test(refusal, names_a_lack_of_permission)
{
	expect_refusal(EACCES, "kernel sockets: permission denied",
	               "a sandbox or container may forbid netlink sockets");
}

Test(refusal, passes_on_what_it_does_not_know)
{
	expect_refusal(EMFILE, "kernel sockets: Too many open files", "");
}
