/* pool.c: records of one size that few flows need. */

#include "track/inside.h"

#include <string.h>

size_t pool_size(const struct pool *pool)
{
	return ((size_t)pool->touched + 1) * pool->size;
}

/* Numbers, not pointers: the arena may move. */
void *pool_take(struct pool *pool)
{
	uint32_t number = pool->free;

	if (number == NONE)
		number = ++pool->touched;
	else
		memcpy(&pool->free, pool->records + number * pool->size, sizeof(pool->free));
	return pool->records + number * pool->size;
}

void pool_give_back(struct pool *pool, void *record)
{
	memcpy(record, &pool->free, sizeof(pool->free));
	pool->free = (uint32_t)((size_t)((uint8_t *)record - pool->records) / pool->size);
}
