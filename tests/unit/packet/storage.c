/* storage.c: a decoder with storage for tunnels and fragments. */

#include "unit/packet/storage.h"

#include <criterion/criterion.h>
#include <stdlib.h>

struct storage storage_lend(void)
{
	static const struct hash_key key = { { 7 } };
	size_t tunnels_bytes = tunnels_size(STORAGE_TUNNELS);
	size_t fragments_bytes = fragments_size(STORAGE_DATAGRAMS);
	struct storage storage = {
		.tunnels = malloc(tunnels_bytes),
		.fragments = malloc(fragments_bytes),
	};

	storage.decoder.tunnels = tunnels_start(storage.tunnels, tunnels_bytes, &key);
	storage.decoder.fragments = fragments_start(storage.fragments, fragments_bytes, &key);
	cr_assert(storage.decoder.tunnels && storage.decoder.fragments);
	return storage;
}

void storage_free(struct storage *storage)
{
	free(storage->tunnels);
	free(storage->fragments);
}
