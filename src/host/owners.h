/* owners.h: owners read from any folder that looks like /proc. */
#ifndef HOST_OWNERS_H
#define HOST_OWNERS_H

#include "host/sockets.h"

struct owners *owners_read_under(const char *folder, struct error *err);

#endif
