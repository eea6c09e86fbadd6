/* lent.c: the memory that decoding works in: waiting fragments, and the tunnels met. */
#include "app/lent.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "packet/fragments.h"
#include "packet/tunnel.h"

enum { DATAGRAMS = 1024, TUNNEL_ROWS = 65536 };

static void *reserve(size_t size)
{
	void *storage = mmap(NULL, size, PROT_READ | PROT_WRITE,
	                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return storage == MAP_FAILED ? NULL : storage;
}

int lent_open(struct lent *lent, struct error *err)
{
	lent->fragments_size = fragments_size(DATAGRAMS);
	lent->tunnels_size = tunnels_size(TUNNEL_ROWS);
	lent->fragments = reserve(lent->fragments_size);
	lent->tunnels = reserve(lent->tunnels_size);
	if (lent->fragments && lent->tunnels)
		return 0;
	error_set(err, "no room for fragments and tunnels: %s", strerror(errno));
	return -1;
}

void lent_close(struct lent *lent)
{
	if (lent->fragments)
		munmap(lent->fragments, lent->fragments_size);
	if (lent->tunnels)
		munmap(lent->tunnels, lent->tunnels_size);
	*lent = (struct lent){ .fragments = NULL };
}

struct decoder lent_decoder(const struct lent *lent, const struct settings *settings,
                            const struct hash_key *key)
{
	struct decoder decoder = {
		.fragments = fragments_start(lent->fragments, lent->fragments_size, key),
		.tunnels = tunnels_start(lent->tunnels, lent->tunnels_size, key),
		.ignore_checksums = settings->ignore_checksums,
		.has_link_override = settings->link_type != UINT64_MAX,
		.tunnel_port_count = settings->tunnel_ports.count,
	};

	if (decoder.has_link_override)
		decoder.link_override = (uint16_t)settings->link_type;
	memcpy(decoder.tunnel_ports, settings->tunnel_ports.ports, sizeof decoder.tunnel_ports);
	return decoder;
}
