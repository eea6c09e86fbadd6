/* words.h: what the sentences of findings are put together from. */
#ifndef DIAGNOSE_WORDS_H
#define DIAGNOSE_WORDS_H

#include "base/time.h"
#include "diagnose/finding.h"

/* An answer to a FIN that takes longer is more than a slow reply. */
#define HALF_CLOSE_LONG TIME_SECOND

bool is_tcp(const struct flow *flow);
bool has_oddity(const struct flow *flow, uint16_t oddities);

/* A reset was accepted, and nothing that came later spoke against it. */
bool died_by_reset(const struct flow *flow);

/* Both FINs were sent and acknowledged. */
bool closed_in_order(const struct flow *flow);

/* The handshake was completed, or there was none to see. */
bool was_open(const struct flow *flow);

/* First FIN to the other end's, to the reset, or to the last segment; TIME_NONE without a FIN. */
int64_t half_close_span(const struct flow *flow);

/* The end whose FIN came first; counts only where there is one. */
enum side first_to_close(const struct flow *flow);

const char *side_name(enum side side);

/* Keeps frames in their order, each once; frame 0 is none. */
void evidence_add(struct evidence *evidence, uint64_t frame);

void add_end(struct text *text, const struct flow *flow, enum side side);
/* Where time ran backwards the span is 0. */
void add_span(struct text *text, int64_t earlier, int64_t later);

/* "1 SYN", "3 SYNs". */
void add_count(struct text *text, uint64_t count, const char *noun);

#endif
