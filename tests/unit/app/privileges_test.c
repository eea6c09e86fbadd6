/* privileges_test.c: what is left after privileges were dropped; each test is a process. */

#define _GNU_SOURCE /* unshare */

#include "app/privileges.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "capture/live.h"
#include "capture/source.h"

/* The line of /proc/self/status that begins so, as a number of this base. */
static uint64_t status_of(const char *name, int base)
{
	FILE *stream = fopen("/proc/self/status", "r");
	uint64_t value = UINT64_MAX;
	char line[256];

	cr_assert_not_null(stream);
	while (fgets(line, sizeof line, stream))
		if (strncmp(line, name, strlen(name)) == 0)
			value = strtoull(line + strlen(name), NULL, base);
	fclose(stream);
	return value;
}

static uint64_t bit(int capability)
{
	return UINT64_C(1) << capability;
}

/* Root of a user namespace has nobody else to become. */
static bool is_real_root(void)
{
	FILE *stream = fopen("/proc/self/uid_map", "r");
	unsigned int inside = 1, outside, count = 0;

	if (stream && fscanf(stream, "%u %u %u", &inside, &outside, &count) < 3)
		count = 0;
	if (stream)
		fclose(stream);
	return geteuid() == 0 && inside == 0 && count > 65534;
}

static void need_root(void)
{
	if (!is_real_root())
		cr_skip_test("needs root");
	unsetenv("SUDO_UID");
	unsetenv("SUDO_GID");
}

static void drop(unsigned int kept)
{
	struct error err = { .what = "" };

	cr_assert_eq(privileges_drop(kept, &err), 0, "%s", err.what);
	cr_expect_eq(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 1);
	cr_expect_eq(status_of("CapEff:", 16), status_of("CapPrm:", 16));
	cr_expect_eq(status_of("CapInh:", 16), 0);
	cr_expect_eq(status_of("CapAmb:", 16), 0);
}

Test(privileges, are_none_afterwards_for_anybody)
{
	if (geteuid() == 0 && setuid(65534) < 0)
		cr_skip_test("cannot become an ordinary user");
	drop(PRIVILEGE_NONE);
	cr_expect_eq(status_of("CapPrm:", 16), 0);
	cr_expect_neq(geteuid(), 0u);
}

Test(privileges, make_root_nobody)
{
	need_root();
	drop(PRIVILEGE_NONE);
	cr_expect_eq(status_of("CapPrm:", 16), 0);
	cr_expect_eq(status_of("CapBnd:", 16), 0);
	cr_expect_eq(getuid(), 65534u);
	cr_expect_eq(geteuid(), 65534u);
	cr_expect_eq(getegid(), 65534u);
	cr_expect_eq(getgroups(0, NULL), 0);
	cr_expect_eq(setuid(0), -1, "there is no way back");
}

Test(privileges, make_root_the_user_who_called_sudo)
{
	need_root();
	setenv("SUDO_UID", "1234", 1);
	setenv("SUDO_GID", "5678", 1);
	drop(PRIVILEGE_NONE);
	cr_expect_eq(geteuid(), 1234u);
	cr_expect_eq(getegid(), 5678u);
}

Test(privileges, do_not_believe_every_word_of_the_environment)
{
	static const char *const words[] = { "0",   "",           "-1",
		                             "12x", "4294967295", "99999999999999999999" };

	need_root();
	setenv("SUDO_GID", "5678", 1);
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		pid_t child = fork();
		int status;

		if (child == 0) {
			struct error err;

			setenv("SUDO_UID", words[i], 1);
			_exit(privileges_drop(PRIVILEGE_NONE, &err) < 0 || geteuid() != 65534);
		}
		cr_assert_eq(waitpid(child, &status, 0), child);
		cr_expect_eq(status, 0, "\"%s\"", words[i]);
	}
}

Test(privileges, are_gone_from_the_root_of_a_user_namespace_too)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		struct error err;

		if (unshare(CLONE_NEWUSER) < 0)
			_exit(2);
		if (privileges_drop(PRIVILEGE_NONE, &err) < 0)
			_exit(3);
		_exit(status_of("CapPrm:", 16) || status_of("CapBnd:", 16) ? 4 : 0);
	}
	cr_assert_eq(waitpid(child, &status, 0), child);
	if (WEXITSTATUS(status) == 2)
		cr_skip_test("needs user namespaces");
	cr_expect_eq(status, 0, "exit status %d", WEXITSTATUS(status));
}

Test(privileges, leave_what_making_files_needs)
{
	need_root();
	setenv("SUDO_UID", "1234", 1);
	setenv("SUDO_GID", "5678", 1);
	drop(PRIVILEGE_MAKES_FILES);
	cr_expect_eq(geteuid(), 0u);
	cr_expect_eq(status_of("CapPrm:", 16), bit(CAP_DAC_OVERRIDE));
	cr_expect_eq(status_of("CapBnd:", 16), 0);
}

Test(privileges, leave_a_file_to_be_made_in_a_folder_of_somebody_else)
{
	char folder[] = "/tmp/shakedown-XXXXXX";
	char path[64];
	int descriptor;

	need_root();
	cr_assert_not_null(mkdtemp(folder));
	cr_assert_eq(chown(folder, 1234, 5678), 0);
	snprintf(path, sizeof path, "%s/f1", folder);
	drop(PRIVILEGE_MAKES_FILES);
	descriptor = open(path, O_WRONLY | O_CREAT, 0600);
	cr_expect_geq(descriptor, 0);
	unlink(path);
	close(descriptor);
	cr_expect_eq(rmdir(folder), 0);
}

Test(privileges, leave_what_looking_at_processes_needs)
{
	uint64_t had;

	need_root();
	had = status_of("CapPrm:", 16);
	drop(PRIVILEGE_SEES_PROCESSES);
	cr_expect_eq(geteuid(), 65534u);
	cr_expect_eq(status_of("CapPrm:", 16),
	             had & (bit(CAP_SYS_PTRACE) | bit(CAP_DAC_READ_SEARCH)));
}

Test(privileges, leave_what_the_lab_needs)
{
	uint64_t had;

	need_root();
	had = status_of("CapPrm:", 16);
	drop(PRIVILEGE_RUNS_LAB);
	cr_expect_eq(geteuid(), 65534u);
	cr_expect_eq(status_of("CapPrm:", 16), had & (bit(CAP_NET_RAW) | bit(CAP_NET_ADMIN)));
	cr_expect_eq(status_of("CapBnd:", 16), 0);
}

static void frame_count(void *context, const struct frame *frame)
{
	(void)frame;
	++*(int *)context;
}

Test(privileges, leave_an_open_source_to_be_read)
{
	struct live_options options = live_defaults("lo");
	struct error err = { .what = "" };
	struct source *source;
	int outcome, count = 0;

	options.buffer = 1;
	source = source_open_live(&options, &err);
	if (!source)
		cr_skip_test("needs a loopback to capture on");
	drop(PRIVILEGE_NONE);
	outcome = source_visit(source, 1, frame_count, &count, &err);
	cr_expect_geq(outcome, SOURCE_QUIET, "%s", err.what);
	cr_expect_eq(outcome, count);
	source_close(source);
}
