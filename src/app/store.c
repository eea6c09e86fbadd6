/* store.c: decoded segments: all of a capture's, or the latest of an interface's. */
#include "app/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "app/nameless.h"
#include "base/time.h"
#include "track/flow.h"

enum {
	CHUNK_BITS = 16,
	CHUNK = 1 << CHUNK_BITS,
	CHUNKS_IN_MEMORY = 16, /* 128 MiB */
	BLOCK = 1024,
	BLOCKS = CHUNK / BLOCK,
};

static const size_t CHUNK_BYTES = CHUNK * sizeof(struct segment);

struct chunk {
	struct segment *segments;
	int64_t dues[BLOCKS]; /* when the last segment before each block is due */
	uint32_t digests[CHUNK];
};

struct store {
	uint64_t count;
	int64_t due; /* of the last one */
	struct chunk **chunks;
	size_t chunk_count;
	size_t ring; /* chunks that go round; 0: none does */
	int file;    /* -1: none yet */
};

struct store *store_new(uint64_t latest, struct error *err)
{
	struct store *store = calloc(1, sizeof *store);

	if (!store) {
		error_set(err, "out of memory");
		return NULL;
	}
	store->file = -1;
	store->due = TIME_NONE;
	if (latest > 0)
		store->ring = (size_t)((latest + CHUNK - 1) / CHUNK + 1);
	return store;
}

static void chunk_free(struct chunk *chunk)
{
	if (chunk->segments)
		munmap(chunk->segments, CHUNK_BYTES);
	free(chunk);
}

void store_clear(struct store *store)
{
	for (size_t i = 0; i < store->chunk_count; i++)
		chunk_free(store->chunks[i]);
	free(store->chunks);
	if (store->file >= 0)
		close(store->file);
	*store = (struct store){ .file = -1, .due = TIME_NONE, .ring = store->ring };
}

void store_free(struct store *store)
{
	if (!store)
		return;
	store_clear(store);
	free(store);
}

/* ---- Room ---- */

/* The file grows before it is written to: a full disk is an error here, and a signal later. */
static struct segment *map_file(struct store *store, size_t number)
{
	off_t at = (off_t)((number - CHUNKS_IN_MEMORY) * CHUNK_BYTES);
	void *bytes;

	if (store->file < 0)
		store->file = nameless_file();
	if (store->file < 0)
		return NULL;
	errno = posix_fallocate(store->file, at, (off_t)CHUNK_BYTES);
	if (errno)
		return NULL;
	bytes = mmap(NULL, CHUNK_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, store->file, at);
	return bytes == MAP_FAILED ? NULL : bytes;
}

static struct segment *map_memory(void)
{
	void *bytes = mmap(NULL, CHUNK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
	                   -1, 0);

	return bytes == MAP_FAILED ? NULL : bytes;
}

static int refuse(struct error *err)
{
	error_set(err, "the rest is left out, there is no room for it: %s", strerror(errno));
	error_remedy(err, "set TMPDIR to a place with room, or ask for less with a filter or --until");
	return -1;
}

static int chunk_append(struct store *store, struct error *err)
{
	size_t number = store->chunk_count;
	struct chunk **chunks = realloc(store->chunks, (number + 1) * sizeof *chunks);
	struct chunk *chunk;

	if (!chunks)
		return refuse(err);
	store->chunks = chunks;
	chunk = calloc(1, sizeof *chunk);
	if (!chunk)
		return refuse(err);
	chunk->segments = store->ring || number < CHUNKS_IN_MEMORY ? map_memory()
	                                                            : map_file(store, number);
	if (!chunk->segments) {
		refuse(err);
		chunk_free(chunk);
		return -1;
	}
	chunks[store->chunk_count++] = chunk;
	return 0;
}

static struct chunk *chunk_of(const struct store *store, uint64_t number)
{
	uint64_t place = number >> CHUNK_BITS;

	return store->chunks[store->ring ? place % store->ring : place];
}

int store_add(struct store *store, const struct segment *segment, struct error *err)
{
	uint64_t number = store->count;
	size_t place = number % CHUNK;
	bool is_full = !store->ring || store->chunk_count < store->ring;
	struct chunk *chunk;

	if (place == 0 && is_full && chunk_append(store, err) < 0)
		return -1;
	chunk = chunk_of(store, number);
	chunk->segments[place] = *segment;
	chunk->digests[place] = digest_of_segment(segment);
	if (place % BLOCK == 0)
		chunk->dues[place / BLOCK] = store->due;
	if (segment->time > store->due)
		store->due = segment->time;
	store->count++;
	return 0;
}

/* ---- Finding ---- */

uint64_t store_count(const struct store *store)
{
	return store->count;
}

/* The chunk that is being written over has already lost what it held. */
uint64_t store_first(const struct store *store)
{
	uint64_t chunks = (store->count + CHUNK - 1) / CHUNK;

	return store->ring && chunks > store->ring ? (chunks - store->ring) * CHUNK : 0;
}

const struct segment *store_segment(const struct store *store, uint64_t number)
{
	return &chunk_of(store, number)->segments[number % CHUNK];
}

const struct segment *store_run(const struct store *store, uint64_t number, uint64_t *count)
{
	uint64_t left = store->count - number;
	uint64_t rest = CHUNK - number % CHUNK;

	*count = left < rest ? left : rest;
	return store_segment(store, number);
}

/* What is due when everything before this block was played. */
static int64_t due_before(const struct store *store, uint64_t block)
{
	return store->chunks[block / BLOCKS]->dues[block % BLOCKS];
}

int64_t store_due(const struct store *store, uint64_t number)
{
	int64_t due = due_before(store, number / BLOCK);

	for (uint64_t i = number / BLOCK * BLOCK; i <= number; i++) {
		int64_t time = store_segment(store, i)->time;

		if (time > due)
			due = time;
	}
	return due;
}

uint64_t store_until(const struct store *store, int64_t time)
{
	uint64_t low = 0, high = (store->count + BLOCK - 1) / BLOCK;
	uint64_t number;

	/* The last block before which nothing is due later. */
	while (high - low > 1) {
		uint64_t middle = low + (high - low) / 2;

		if (due_before(store, middle) <= time)
			low = middle;
		else
			high = middle;
	}
	for (number = low * BLOCK; number < store->count; number++) {
		if (store_segment(store, number)->time > time)
			break;
	}
	return number;
}

uint64_t store_find_frame(const struct store *store, uint64_t frame)
{
	uint64_t low = store_first(store), high = store->count;

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		if (store_segment(store, middle)->frame < frame)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* ---- Digests ---- */

static uint64_t digest_of_end(const struct address *address, uint8_t family, uint16_t port)
{
	uint64_t words[2] = { 0, 0 };
	uint64_t mixed;

	memcpy(words, address, family == FAMILY_IPV6 ? 16 : 4);
	mixed = (words[0] ^ port) * UINT64_C(0x9e3779b97f4a7c15);
	mixed = (mixed ^ mixed >> 29 ^ words[1]) * UINT64_C(0xbf58476d1ce4e5b9);
	return mixed ^ mixed >> 32;
}

uint32_t digest_of_segment(const struct segment *segment)
{
	return (uint32_t)(digest_of_end(&segment->source, segment->family, segment->source_port) +
	                  digest_of_end(&segment->destination, segment->family,
	                                segment->destination_port));
}

uint32_t digest_of_key(const struct flow_key *key)
{
	return (uint32_t)(digest_of_end(&key->address[CLIENT], key->family, key->port[CLIENT]) +
	                  digest_of_end(&key->address[SERVER], key->family, key->port[SERVER]));
}

uint64_t store_find_digest(const struct store *store, uint64_t from, uint64_t to, uint32_t digest)
{
	while (from < to) {
		const uint32_t *digests = chunk_of(store, from)->digests;
		uint64_t end = (from / CHUNK + 1) * CHUNK;

		if (end > to)
			end = to;
		for (; from < end; from++) {
			if (digests[from % CHUNK] == digest)
				return from;
		}
	}
	return to;
}
