/* tunnel.h: the tunnels that packets were found in, and the storage that remembers them. */
#ifndef PACKET_TUNNEL_H
#define PACKET_TUNNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "base/text.h"
#include "packet/address.h"

/* name, as written, what its key is called, what its ids are called (one per direction). */
#define TUNNELS(X)                                                                                 \
	X(NONE, "none", NULL, NULL)                                                                \
	X(OTHER, "other", NULL, NULL) /* met when the storage was full */                         \
	X(IPIP, "ipip", NULL, NULL)                                                                \
	X(SIX_IN_FOUR, "6in4", NULL, NULL)                                                         \
	X(SIX_TO_FOUR, "6to4", NULL, NULL)                                                         \
	X(FOUR_IN_SIX, "4in6", NULL, NULL)                                                         \
	X(SIX_IN_SIX, "6in6", NULL, NULL)                                                          \
	X(ETHERIP, "etherip", NULL, NULL)                                                          \
	X(MPLS, "mpls", NULL, "label")                                                             \
	X(GRE, "gre", "key", NULL)                                                                 \
	X(NVGRE, "nvgre", "vsid", NULL)                                                            \
	X(PPTP, "pptp", NULL, "call")                                                              \
	X(ERSPAN, "erspan", NULL, "session")                                                       \
	X(VXLAN, "vxlan", "vni", NULL)                                                             \
	X(VXLAN_GPE, "vxlan-gpe", "vni", NULL)                                                     \
	X(GENEVE, "geneve", "vni", NULL)                                                           \
	X(GTP, "gtp", NULL, "teid")                                                                \
	X(TEREDO, "teredo", NULL, NULL)                                                            \
	X(L2TP, "l2tp", NULL, "session")                                                           \
	X(AYIYA, "ayiya", NULL, NULL)                                                              \
	X(CAPWAP, "capwap", NULL, NULL)                                                            \
	X(ESP, "esp", NULL, "spi")

enum tunnel_kind {
#define X(name, written, key, id) TUNNEL_##name,
	TUNNELS(X)
#undef X
	TUNNEL_KIND_COUNT
};

enum { TUNNEL_IDS = 2, TUNNEL_FLOWS = 8 };

/*
 * Both directions of a connection are in the same tunnel, so what differs
 * between them is no part of what a tunnel is: the addresses are sorted (those of a
 * relayed kind, 6to4 or Teredo, are only the first met; ERSPAN copies to one place from
 * many), and ids are those that were met first. A key that each direction has its own of
 * is recognised by the connections: `other_key`.
 */
struct tunnel {
	struct address address[2]; /* outer */
	uint64_t frames;
	uint32_t parent;           /* the tunnel around this one, or 0 */
	uint32_t key;              /* where has_key */
	uint32_t other_key;        /* where has_other_key */
	uint32_t id[TUNNEL_IDS];
	uint8_t id_count;
	uint8_t kind;              /* enum tunnel_kind */
	uint8_t family;            /* of the outer addresses */
	bool has_key, has_other_key;
	uint32_t next, head;       /* of the hash: private, as is what follows */
	uint32_t same_as;          /* the row that this turned out to be the other direction of, or 0 */
	uint32_t flows[TUNNEL_FLOWS]; /* hashes of the last connections inside */
	uint8_t flow_count;
	uint8_t ways;              /* which directions were seen */
};

/*
 * The table of tunnels, in storage that the caller lends for as long as it is
 * used, aligned as malloc's is. segment.tunnel is a row's number. Row 1 is shared by
 * all tunnels that found no room; `crowded` counts the frames that went there.
 */
struct tunnels;

size_t tunnels_size(uint32_t rows);
struct tunnels *tunnels_start(void *storage, size_t size, const struct hash_key *key);

/* Rows are numbered from 1 to the count. Lent until the next frame is decoded; NULL for no such row. */
uint32_t tunnels_count(const struct tunnels *tunnels);
const struct tunnel *tunnels_row(const struct tunnels *tunnels, uint32_t number);
uint64_t tunnels_crowded(const struct tunnels *tunnels);

/* "vxlan", or "none". */
const char *tunnel_name(enum tunnel_kind kind);

/* The kind with that name; TUNNEL_NONE if there is none. */
enum tunnel_kind tunnel_find(const char *name);

/* Whether it is carried in UDP, so that a port can be said to hold it. */
bool tunnel_takes_port(enum tunnel_kind kind);

/* "gre 192.0.2.1-192.0.2.2, vxlan vni 7 10.0.0.1-10.0.0.2": the way in, from the outside; nothing for 0. */
void tunnel_add(struct text *text, const struct tunnels *tunnels, uint32_t number);

#endif
