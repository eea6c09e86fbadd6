/* watcher.h: tells when a file may have changed, or another may have its name. */
#ifndef CAPTURE_WATCHER_H
#define CAPTURE_WATCHER_H

/* A descriptor that becomes readable then; -1 where the system has no such thing to offer. */
int watcher_open(const char *path);

/* Forgets what has happened so far, and minds the file that has the name now. -1 is fine. */
void watcher_reset(int watcher, const char *path);

#endif
