/* community.h: Community ID v1, the name that other tools give a connection, too. */
#ifndef REPORT_COMMUNITY_H
#define REPORT_COMMUNITY_H

#include <stdint.h>

#include "report/digest.h"
#include "track/flow.h"

/* SHA-1 over seed 0, both addresses and ports (the lower end first) and the protocol. */
void community_digest(const struct flow *flow, uint32_t digest[DIGEST_WORDS]);

/* Puts "1:" and the digest in base64; returns where that ends. */
char *community_put(char *at, const uint32_t digest[DIGEST_WORDS]);

#endif
