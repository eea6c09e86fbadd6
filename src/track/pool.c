/* pool.c: records of one size that few flows need. */

#include "track/inside.h"

#include <string.h>

size_t pool_size(const struct pool *pool)
{
	return ((size_t)pool->touched + 1) * pool->size;
}

void *pool_at(const struct pool *pool, uint32_t number)
{
	return pool->records + number * pool->size;
}

uint32_t pool_number(const struct pool *pool, const void *record)
{
	return (uint32_t)((size_t)((const uint8_t *)record - pool->records) / pool->size);
}

/* Numbers, not pointers: the arena may move. */
uint32_t pool_take(struct pool *pool)
{
	uint32_t number = pool->free;

	if (number == NONE)
		return ++pool->touched;
	memcpy(&pool->free, pool_at(pool, number), sizeof(pool->free));
	return number;
}

void pool_give_back(struct pool *pool, void *record)
{
	memcpy(record, &pool->free, sizeof(pool->free));
	pool->free = pool_number(pool, record);
}
