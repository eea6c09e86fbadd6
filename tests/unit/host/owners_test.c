/* owners_test.c: who holds a socket: in a /proc made for the purpose, and in the real one. */

#define _XOPEN_SOURCE 700 /* nftw */
#define _DEFAULT_SOURCE 1

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/owners.h"
#include "unit/host/loopback.h"

struct tree {
	char folder[32];
};

static struct tree tree_new(void)
{
	struct tree tree = { "/tmp/shakedown-XXXXXX" };

	cr_assert_not_null(mkdtemp(tree.folder));
	return tree;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	(void)status;
	(void)kind;
	(void)place;
	return remove(path);
}

static void tree_free(const struct tree *tree)
{
	nftw(tree->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void put_folder(const struct tree *tree, const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", tree->folder, name);
	cr_assert_eq(mkdir(path, 0700), 0);
}

static void put_file(const struct tree *tree, const char *name, const char *bytes, size_t count)
{
	char path[128];
	int descriptor;

	snprintf(path, sizeof(path), "%s/%s", tree->folder, name);
	descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	cr_assert_geq(descriptor, 0);
	cr_assert_eq(write(descriptor, bytes, count), (ssize_t)count);
	close(descriptor);
}

static void put_process(const struct tree *tree, const char *pid, const char *arguments,
                        size_t count)
{
	char name[64];

	put_folder(tree, pid);
	snprintf(name, sizeof(name), "%s/fd", pid);
	put_folder(tree, name);
	snprintf(name, sizeof(name), "%s/cmdline", pid);
	put_file(tree, name, arguments, count);
}

static void put_link(const struct tree *tree, const char *name, const char *target)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", tree->folder, name);
	cr_assert_eq(symlink(target, path), 0);
}

static struct owners *read_tree(const struct tree *tree)
{
	struct error err = { 0 };
	struct owners *owners = owners_read_under(tree->folder, &err);

	cr_assert_not_null(owners, "%s", err.what);
	return owners;
}

Test(owners, knows_who_holds_a_socket)
{
	struct tree tree = tree_new();
	struct owners *owners;

	put_process(&tree, "1234", "/usr/sbin/nginx\0-g\0daemon off;", 30);
	put_link(&tree, "1234/fd/0", "/dev/null");
	put_link(&tree, "1234/fd/3", "socket:[4711]");
	put_link(&tree, "1234/fd/4", "pipe:[4712]");
	put_link(&tree, "1234/fd/5", "anon_inode:[eventpoll]");
	put_link(&tree, "1234/fd/6", "socket:[18446744073709551615]");
	put_link(&tree, "1234/fd/7", "/var/lib4713");
	put_folder(&tree, "sys");
	put_process(&tree, "12ab", "no process", 10);
	put_link(&tree, "12ab/fd/0", "socket:[4714]");
	owners = read_tree(&tree);
	cr_expect_eq(owners_find(owners, 4711).pid, 1234);
	cr_expect_str_eq(owners_find(owners, 4711).name, "nginx");
	cr_expect_eq(owners_find(owners, UINT64_MAX).pid, 1234);
	cr_expect_eq(owners_find(owners, 4712).pid, 0);
	cr_expect_eq(owners_find(owners, 4713).pid, 0);
	cr_expect_eq(owners_find(owners, 4714).pid, 0);
	cr_expect_eq(owners_find(owners, 0).pid, 0);
	cr_expect_str_empty(owners_find(owners, 4712).name);
	owners_free(owners);
	tree_free(&tree);
}

/* clang-format off */
static const struct name_row {
	const char *arguments;
	size_t count;
	const char *name;
} name_rows[] = {
	{ "/usr/bin/python3\0/srv/app.py",    28, "python3" },
	{ "nginx: worker process\0\0\0",      24, "nginx: worker process" },
	{ "nginx: master /usr/sbin/nginx",    29, "nginx: master /usr/sbin/nginx" },
	{ "./build/server",                   14, "./build/server" },
	{ "sshd: somebody@pts/0",             20, "sshd: somebody@pts/0" },
	{ "/opt/a/0123456789012345678901234567890123456789", 47, "0123456789012345678901234567890" },
	{ "evil\033[2J\x7f\xc3\xa9",          11, "evil?[2J???" },
	{ "",                                  0, "from comm" },
	{ "\0\0",                              2, "from comm" },
	{ "/",                                 1, "" },
};
/* clang-format on */

Test(owners, names_a_process_as_netstat_does)
{
	for (size_t i = 0; i < sizeof(name_rows) / sizeof(name_rows[0]); i++) {
		struct tree tree = tree_new();
		struct owners *owners;

		put_process(&tree, "42", name_rows[i].arguments, name_rows[i].count);
		put_file(&tree, "42/comm", "from comm\n", 10);
		put_link(&tree, "42/fd/0", "socket:[9]");
		owners = read_tree(&tree);
		cr_expect_eq(owners_find(owners, 9).pid, 42);
		cr_expect_str_eq(owners_find(owners, 9).name, name_rows[i].name);
		owners_free(owners);
		tree_free(&tree);
	}
}

Test(owners, gives_a_shared_socket_to_the_lowest_pid)
{
	struct tree tree = tree_new();
	struct owners *owners;

	put_process(&tree, "300", "c", 1);
	put_process(&tree, "100", "a", 1);
	put_process(&tree, "200", "b", 1);
	put_link(&tree, "300/fd/3", "socket:[8]");
	put_link(&tree, "100/fd/7", "socket:[8]");
	put_link(&tree, "100/fd/8", "socket:[8]");
	put_link(&tree, "200/fd/3", "socket:[8]");
	put_link(&tree, "200/fd/4", "socket:[7]");
	owners = read_tree(&tree);
	cr_expect_eq(owners_find(owners, 8).pid, 100);
	cr_expect_str_eq(owners_find(owners, 8).name, "a");
	cr_expect_eq(owners_find(owners, 7).pid, 200);
	owners_free(owners);
	tree_free(&tree);
}

Test(owners, says_so_where_there_are_no_processes)
{
	struct tree tree = tree_new();
	struct error err = { 0 };
	char what[64];

	put_folder(&tree, "sys");
	snprintf(what, sizeof(what), "%s: shows no processes", tree.folder);
	cr_expect_null(owners_read_under(tree.folder, &err));
	cr_expect_str_eq(err.what, what);
	cr_expect_not_null(strstr(err.remedy, "mount -t proc"));
	tree_free(&tree);
	err = (struct error){ 0 };
	cr_expect_null(owners_read_under(tree.folder, &err));
	cr_expect_str_eq(err.what, what);
}

static int next_descriptor(void)
{
	int descriptor = dup(STDIN_FILENO);

	cr_assert_geq(descriptor, 0);
	close(descriptor);
	return descriptor;
}

Test(owners, says_so_when_descriptors_run_out)
{
	struct rlimit limit;
	struct error err = { 0 };

	cr_assert_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	/* Room for /proc itself, and for a process, but not for its descriptors. */
	limit.rlim_cur = (rlim_t)next_descriptor() + 2;
	cr_assert_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	cr_expect_null(owners_read(&err));
	cr_expect_str_eq(err.what, "/proc: Too many open files");
}

static int open_descriptors(void)
{
	int count = 0;

	for (int i = 0; i < 256; i++)
		count += fcntl(i, F_GETFD) != -1;
	return count;
}

Test(owners, finds_ourselves)
{
	int listener = listener_open("127.0.0.1", 1), before = open_descriptors();
	struct error err = { 0 };
	struct owners *owners = owners_read(&err);
	struct owner owner;

	cr_assert_not_null(owners, "%s", err.what);
	owner = owners_find(owners, inode_of_socket(listener));
	cr_expect_eq(owner.pid, getpid());
	cr_expect_str_not_empty(owner.name);
	cr_expect_eq(owners_find(owners, 1).pid, 0);
	cr_expect_eq(open_descriptors(), before, "none is left open");
	owners_free(owners);
	close(listener);
}

enum { CANNOT_CHANGE = 2 };

/* The same socket, in a process that another user may not look into. */
static void look_as_nobody(uint64_t inode)
{
	struct error err = { 0 };
	struct owners *owners;

	if (geteuid() != 0 || setgid(65534) != 0 || setuid(65534) != 0)
		_exit(CANNOT_CHANGE);
	owners = owners_read(&err);
	if (!owners)
		_exit(3);
	_exit(owners_find(owners, inode).pid == 0 ? 0 : 4);
}

Test(owners, passes_over_processes_of_other_users)
{
	int listener = listener_open("127.0.0.1", 1), status;
	pid_t child = fork();

	if (child == 0) {
		uint64_t inode = inode_of_socket(listener);

		close(listener);
		look_as_nobody(inode);
	}
	cr_assert_eq(waitpid(child, &status, 0), child);
	close(listener);
	cr_assert(WIFEXITED(status));
	if (WEXITSTATUS(status) == CANNOT_CHANGE)
		cr_skip_test("only root can become another user");
	cr_expect_eq(WEXITSTATUS(status), 0);
}

Test(owners, may_be_nobody)
{
	owners_free(NULL);
	cr_expect_eq(owners_find(NULL, 1).pid, 0);
}
