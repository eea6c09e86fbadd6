/* privileges.c: gives up what is no longer needed. */

/* Packets are written by strangers: nobody should gain root by what a decoder overlooks. */
#include "app/privileges.h"

#include <cap-ng.h>
#include <errno.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <unistd.h>

/* The same on every Linux: what the kernel itself shows for an id that it cannot map. */
#define NOBODY 65534

struct need {
	enum privilege privilege;
	unsigned int capability;
};

/* clang-format off */
static const struct need needs[] = {
	{ PRIVILEGE_MAKES_FILES,    CAP_DAC_OVERRIDE    },
	{ PRIVILEGE_SEES_PROCESSES, CAP_SYS_PTRACE      },
	{ PRIVILEGE_SEES_PROCESSES, CAP_DAC_READ_SEARCH },
	{ PRIVILEGE_RUNS_LAB,       CAP_NET_RAW         },
	{ PRIVILEGE_RUNS_LAB,       CAP_NET_ADMIN       }, /* some kernels ask it for SO_ATTACH_FILTER */
};
/* clang-format on */

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

struct person {
	unsigned int user, group;
};

static bool id_read(const char *variable, unsigned int *id)
{
	const char *string = getenv(variable);
	unsigned long number;
	char *end;

	if (!string || *string < '0' || *string > '9')
		return false;
	errno = 0;
	number = strtoul(string, &end, 10);
	if (errno || *end || number == 0 || number >= UINT32_MAX)
		return false;
	*id = (unsigned int)number;
	return true;
}

static struct person person_behind(void)
{
	struct person person;

	if (id_read("SUDO_UID", &person.user) && id_read("SUDO_GID", &person.group))
		return person;
	return (struct person){ NOBODY, NOBODY };
}

/* In a user namespace there may be no other user than root, who is none outside. */
static bool is_mapped(const char *map, unsigned int id)
{
	FILE *stream = fopen(map, "re");
	unsigned int inside, outside, count;
	bool found = false;

	if (!stream)
		return false;
	while (!found && fscanf(stream, "%u %u %u", &inside, &outside, &count) == 3)
		found = id >= inside && id - inside < count;
	fclose(stream);
	return found;
}

static bool can_become(struct person person)
{
	return geteuid() == 0 && is_mapped("/proc/self/uid_map", person.user) &&
	       is_mapped("/proc/self/gid_map", person.group) &&
	       capng_have_capability(CAPNG_EFFECTIVE, CAP_SETUID) &&
	       capng_have_capability(CAPNG_EFFECTIVE, CAP_SETGID);
}

/* Tells libcap-ng what shall remain; what the process does not have cannot be kept. */
static void capabilities_choose(unsigned int kept)
{
	bool stays[COUNT(needs)];

	for (size_t i = 0; i < COUNT(needs); i++)
		stays[i] = kept & needs[i].privilege &&
		           capng_have_capability(CAPNG_PERMITTED, needs[i].capability);
	capng_clear(CAPNG_SELECT_ALL);
	for (size_t i = 0; i < COUNT(needs); i++)
		if (stays[i])
			capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED,
			             needs[i].capability);
}

static int refuse(const char *what, struct error *err)
{
	error_set(err, "cannot drop privileges: %s", what);
	return -1;
}

int privileges_drop(unsigned int kept, struct error *err)
{
	struct person person = person_behind();
	bool bounds, becomes;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return refuse(strerror(errno), err);
	if (capng_get_caps_process() < 0)
		return refuse("the kernel does not say which there are", err);
	bounds = capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP);
	becomes = !(kept & PRIVILEGE_MAKES_FILES) && can_become(person);
	capabilities_choose(kept);
	/* The bounding set goes first: later nothing is left to do it with. */
	if (bounds && capng_apply(CAPNG_SELECT_BOUNDS) < 0)
		return refuse("the kernel keeps the bounding set", err);
	if (becomes &&
	    capng_change_id((int)person.user, (int)person.group, CAPNG_DROP_SUPP_GRP) < 0)
		return refuse("cannot become another user", err);
	if (capng_apply(CAPNG_SELECT_CAPS) < 0)
		return refuse("the kernel keeps the capabilities", err);
	return 0;
}
