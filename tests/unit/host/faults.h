/* faults.h: a kernel that answers as kernels rarely do. */
#ifndef TESTS_UNIT_HOST_FAULTS_H
#define TESTS_UNIT_HOST_FAULTS_H

#include <stdint.h>

/* Beside us other tests' sockets come and go: only what none of them can have tells. */
#define FORGED_INODE UINT32_C(0xFFFFFFFE)

/* Every test is a process of its own and begins with zeros. */
struct faults {
	unsigned int interrupted; /* answers to mark NLM_F_DUMP_INTR; their sockets are forged */
	unsigned int answers;     /* that were read to their end */
	int number;               /* errno of every read, if not 0, */
	unsigned int after;       /* once there were so many answers */
};

extern struct faults faults;

#endif
