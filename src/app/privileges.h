/* privileges.h: gives up what is no longer needed. */
#ifndef APP_PRIVILEGES_H
#define APP_PRIVILEGES_H

#include "base/error.h"

/* What will still be done after privileges were dropped. */
enum privilege {
	PRIVILEGE_NONE = 0,
	PRIVILEGE_MAKES_FILES = 1,    /* files will be opened later; the user stays who it is */
	PRIVILEGE_SEES_PROCESSES = 2, /* the owners of other users' sockets are looked up */
	PRIVILEGE_RUNS_LAB = 4,       /* scenarios of the lab that forge or swallow packets may be run */
};

/*
 * To be called once the source and the outputs are open, before a frame is looked at. Root becomes
 * the user who called sudo, or nobody; whoever it is, no capability stays but for what `kept`, of
 * enum privilege, needs and the process has; and no program run later can gain any. Descriptors
 * that are open go on working: live sources, their counters, files.
 *
 * Also fine without any privilege. -1 and err: the process must not go on as it is.
 */
int privileges_drop(unsigned int kept, struct error *err);

#endif
