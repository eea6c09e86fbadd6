/* digest.h: SHA-1 of what fits into one of its blocks. */
#ifndef REPORT_DIGEST_H
#define REPORT_DIGEST_H

#include <stddef.h>
#include <stdint.h>

enum { DIGEST_WORDS = 5, DIGEST_INPUT_MAX = 13 };

/* Of words whose first byte is their highest, and so is the digest. */
void digest_take(const uint32_t *words, size_t count, uint32_t digest[DIGEST_WORDS]);

#endif
