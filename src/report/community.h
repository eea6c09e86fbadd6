/* community.h: Community ID v1, the name that other tools give a connection, too. */
#ifndef REPORT_COMMUNITY_H
#define REPORT_COMMUNITY_H

#include <stdint.h>

#include "base/text.h"
#include "track/flow.h"

enum { COMMUNITY_DIGEST = 20 };

/* SHA-1 over seed 0, both addresses and ports (the lower end first) and the protocol. */
void community_digest(const struct flow *flow, uint8_t digest[COMMUNITY_DIGEST]);

/* "1:" and the digest in base64. */
void community_add(struct text *text, const struct flow *flow);

#endif
