/* pace.h: how an interface is read: waiting, what is due meanwhile, and when to end. */
#ifndef APP_PACE_H
#define APP_PACE_H

#include <stdbool.h>

struct session;

void pace_start(struct session *session);

/* Nothing is ready: waits until something may be, but not so long that Ctrl-C goes unnoticed. */
void pace_wait(struct session *session);

/* Whether reading goes on; `is_quiet`: nothing was ready. */
bool pace_goes_on(struct session *session, bool is_quiet);

#endif
