/* live.h: frames from an interface, as they pass. */
#ifndef CAPTURE_LIVE_H
#define CAPTURE_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/time.h"
#include "packet/address.h"

struct source;

/*
 * The kernel gathers frames before it hands them over: each comes at most this long after it
 * passed. Whoever must have all that passed until now visits that much longer, or until a frame
 * of its own comes by.
 */
#define LIVE_DELAY (200 * TIME_MILLISECOND)

#define LIVE_SNAPLEN_HEADERS 256  /* all headers, even with tags, tunnels and options */
#define LIVE_SNAPLEN_WHOLE 262144 /* more than any frame has */
#define LIVE_BUFFER (UINT32_C(64) << 20)

/* The strings are lent until the source is open. */
struct live_options {
	const char *device; /* "lo", "eth0", or "any" */
	const char *netns;  /* a network namespace, as `ip netns` names it, or a path; NULL: ours */
	const char *filter; /* in pcap-filter(7) syntax; NULL or "": every frame */
	uint32_t snaplen;   /* 0: whole frames */
	uint32_t buffer;    /* bytes, in the kernel */
	bool promiscuous;   /* also what is addressed to others */
};

struct live_options live_defaults(const char *device);

/*
 * A source that never blocks: wait for its descriptor, then visit. It has no end of its own; when
 * the interface goes down or away, visiting gives what is still there and then SOURCE_FAILED.
 * Visiting needs no privileges, so they can be dropped once this has returned.
 */
struct source *source_open_live(const struct live_options *options, struct error *err);

/*
 * Another filter for a source that source_open_live gave, from the next frame on; "" lets every
 * frame through. Needs no privileges. -1 and err when it makes no sense: the one before stays.
 */
int live_set_filter(struct source *source, const char *expression, struct error *err);

struct live_address {
	enum family family;
	struct address address;
};

struct live_device {
	const char *name;
	const char *description; /* NULL: none */
	const struct live_address *addresses;
	size_t address_count;
	bool is_up;
	bool is_loopback;
};

/* What is visited is lent until the visit is over. */
typedef void device_visitor(void *context, const struct live_device *device);

/* Visits every interface on which IP can be seen, "any" included. `netns` as above. */
int live_devices(const char *netns, device_visitor *visit, void *context, struct error *err);

#endif
