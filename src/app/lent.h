/* lent.h: the memory that decoding works in: waiting fragments, and the tunnels met. */
#ifndef APP_LENT_H
#define APP_LENT_H

#include <stddef.h>

#include "app/options.h"
#include "base/error.h"
#include "base/hash.h"
#include "packet/decode.h"

struct lent {
	void *fragments, *tunnels;
	size_t fragments_size, tunnels_size;
};

/* Reserved, and touched as needed. -1 and err where there is none to have. */
int lent_open(struct lent *lent, struct error *err);
void lent_close(struct lent *lent);

/* A decoder that has seen nothing yet, does what the settings say, and works in this memory. */
struct decoder lent_decoder(const struct lent *lent, const struct settings *settings,
                            const struct hash_key *key);

#endif
