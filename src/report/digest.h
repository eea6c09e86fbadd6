/* digest.h: SHA-1 of what fits into one of its blocks. */
#ifndef REPORT_DIGEST_H
#define REPORT_DIGEST_H

#include <stddef.h>
#include <stdint.h>

enum { DIGEST_BYTES = 20, DIGEST_INPUT_MAX = 55 };

void digest_take(const uint8_t *bytes, size_t count, uint8_t digest[DIGEST_BYTES]);

#endif
