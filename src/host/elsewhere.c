/* elsewhere.c: what the layer says where there is no Linux to ask. */

#include "host/sockets.h"

#ifndef __linux__

int sockets_open(struct sockets *sockets, struct error *err)
{
	(void)sockets;
	error_set(err, "kernel sockets: can be read only on Linux");
	return -1;
}

int sockets_read(struct sockets *sockets, bool tcp, bool udp, struct error *err)
{
	(void)tcp;
	(void)udp;
	return sockets_open(sockets, err);
}

void sockets_close(struct sockets *sockets)
{
	*sockets = (struct sockets){ 0 };
}

struct owners *owners_read(struct error *err)
{
	error_set(err, "owners of sockets: can be read only on Linux");
	return NULL;
}

void owners_free(struct owners *owners)
{
	(void)owners;
}

struct owner owners_find(const struct owners *owners, uint64_t inode)
{
	(void)owners;
	(void)inode;
	return (struct owner){ 0 };
}

#endif
