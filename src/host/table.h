/* table.h: how the table of sockets grows and is put in order. */
#ifndef HOST_TABLE_H
#define HOST_TABLE_H

#include "host/sockets.h"

/* A zeroed entry at the end, lent until the next call; NULL without memory. */
struct socket_entry *sockets_add(struct sockets *sockets);

/* By ends, for sockets_find; what the kernel told twice is kept once. */
void sockets_sort(struct sockets *sockets);

#endif
