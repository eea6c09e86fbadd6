/* savefile.c: classic pcap with microseconds, which every tool reads, and pcapng. */

#include "bench/savefile.h"

#include <string.h>

enum { LINKTYPE_ETHERNET = 1, BUFFER = 1 << 20 };

static void write_words(struct savefile *savefile, const uint32_t *words, size_t count)
{
	savefile->bytes += fwrite(words, 1, 4 * count, savefile->file);
}

static void write_head(struct savefile *savefile)
{
	uint32_t snaplen = savefile->snaplen;

	if (savefile->is_pcapng)
		write_words(savefile,
		            (uint32_t[]){ 0x0a0d0d0a, 28, 0x1a2b3c4d, 1, UINT32_MAX, UINT32_MAX, 28,
		                          1, 20, LINKTYPE_ETHERNET, snaplen, 20 },
		            12);
	else
		write_words(
			savefile,
			(uint32_t[]){ 0xa1b2c3d4, 4 << 16 | 2, 0, 0, snaplen, LINKTYPE_ETHERNET },
			6);
}

int savefile_open(struct savefile *savefile, const char *path, uint32_t snaplen)
{
	const char *ending = strrchr(path, '.');

	*savefile = (struct savefile){ .file = fopen(path, "wb"), .snaplen = snaplen };
	if (!savefile->file)
		return -1;
	setvbuf(savefile->file, NULL, _IOFBF, BUFFER);
	savefile->is_pcapng = ending && strcmp(ending, ".pcapng") == 0;
	write_head(savefile);
	return 0;
}

void savefile_add(struct savefile *savefile, int64_t time, const uint8_t *bytes, uint32_t length)
{
	uint32_t captured = length < savefile->snaplen ? length : savefile->snaplen;
	uint64_t micros = (uint64_t)time / 1000;
	uint32_t padded = (captured + 3) / 4 * 4;

	if (savefile->is_pcapng)
		write_words(savefile,
		            (uint32_t[]){ 6, padded + 32, 0, (uint32_t)(micros >> 32),
		                          (uint32_t)micros, captured, length },
		            7);
	else
		write_words(savefile,
		            (uint32_t[]){ (uint32_t)(micros / 1000000),
		                          (uint32_t)(micros % 1000000), captured, length },
		            4);
	savefile->bytes += fwrite(bytes, 1, captured, savefile->file);
	if (savefile->is_pcapng) {
		savefile->bytes += fwrite("\0\0\0", 1, padded - captured, savefile->file);
		write_words(savefile, (uint32_t[]){ padded + 32 }, 1);
	}
	savefile->frames++;
}

int savefile_close(struct savefile *savefile)
{
	int has_failed = ferror(savefile->file);

	return fclose(savefile->file) != 0 || has_failed ? -1 : 0;
}
