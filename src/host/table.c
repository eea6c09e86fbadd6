/* table.c: the table of sockets, in the order of their ends. */

#include "host/table.h"

#include <stdlib.h>
#include <string.h>

#define ROOM_AT_FIRST 256

static int number_compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int ends_compare(const struct socket_entry *a, const struct socket_entry *b)
{
	int order = number_compare(a->protocol, b->protocol);

	if (!order)
		order = number_compare(a->family, b->family);
	if (!order)
		order = number_compare(a->local_port, b->local_port);
	if (!order)
		order = number_compare(a->remote_port, b->remote_port);
	if (!order)
		order = address_compare(&a->local, &b->local);
	if (!order)
		order = address_compare(&a->remote, &b->remote);
	return order;
}

static int entry_compare(const void *left, const void *right)
{
	const struct socket_entry *a = left, *b = right;
	int order = ends_compare(a, b);

	if (!order)
		order = number_compare(a->inode, b->inode);
	if (!order)
		order = number_compare(a->state, b->state);
	return order;
}

struct socket_entry *sockets_add(struct sockets *sockets)
{
	struct socket_entry *entry;

	if (sockets->count == sockets->room) {
		size_t room = sockets->room ? 2 * sockets->room : ROOM_AT_FIRST;

		entry = realloc(sockets->entries, room * sizeof(*entry));
		if (!entry)
			return NULL;
		sockets->entries = entry;
		sockets->room = room;
	}
	entry = &sockets->entries[sockets->count++];
	memset(entry, 0, sizeof(*entry));
	return entry;
}

/*
 * Between two messages of one answer the kernel remembers its place by
 * counting, so a socket that moves along meanwhile may be told twice. Several
 * sockets with the same ends (SO_REUSEPORT) differ in their inodes.
 */
void sockets_sort(struct sockets *sockets)
{
	size_t kept = 0;

	if (sockets->count == 0)
		return;
	qsort(sockets->entries, sockets->count, sizeof(*sockets->entries), entry_compare);
	for (size_t i = 1; i < sockets->count; i++) {
		if (entry_compare(&sockets->entries[kept], &sockets->entries[i]) != 0)
			sockets->entries[++kept] = sockets->entries[i];
	}
	sockets->count = kept + 1;
}

const struct socket_entry *sockets_find(const struct sockets *sockets, uint8_t protocol,
                                        uint8_t family, const struct address *local,
                                        uint16_t local_port, const struct address *remote,
                                        uint16_t remote_port)
{
	const struct socket_entry wanted = {
		.protocol = protocol,
		.family = family,
		.local = *local,
		.local_port = local_port,
		.remote = *remote,
		.remote_port = remote_port,
	};
	size_t low = 0, high = sockets->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (ends_compare(&sockets->entries[middle], &wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == sockets->count || ends_compare(&sockets->entries[low], &wanted) != 0)
		return NULL;
	return &sockets->entries[low];
}
