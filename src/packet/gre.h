/* gre.h: a GRE header, which IP carries, or UDP. */
#ifndef PACKET_GRE_H
#define PACKET_GRE_H

#include <stdbool.h>
#include <stdint.h>

#include "layer.h"

struct gre {
	uint32_t key;
	uint16_t flags;
	uint16_t type; /* an Ethernet type, mostly */
};

enum gre_reading { GRE_IS_READ, GRE_IS_CUT, GRE_IS_STRANGE };

/* Eats the header as far as it is understood. */
enum gre_reading gre_read(struct cursor *cursor, struct gre *gre);

/* Whether a header that nothing but a port announced is one. */
bool gre_is_plausible(const struct gre *gre);

/* Goes on inside the tunnel, when the header was read. */
struct next gre_next(struct packet *packet, const struct gre *gre);

#endif
