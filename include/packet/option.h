/* option.h: the options of a TCP header, parsed on demand from a segment's raw bytes. */
#ifndef PACKET_OPTION_H
#define PACKET_OPTION_H

#include <stdbool.h>
#include <stdint.h>

#include "packet/segment.h"

/* IANA "TCP Option Kind Numbers". */
enum tcp_option {
	OPTION_END = 0,
	OPTION_NOP = 1,
	OPTION_MSS = 2,             /* RFC 9293 section 3.7.1 */
	OPTION_WINDOW_SCALE = 3,    /* RFC 7323 section 2 */
	OPTION_SACK_PERMITTED = 4,  /* RFC 2018 section 2 */
	OPTION_SACK = 5,            /* RFC 2018 section 3 */
	OPTION_TIMESTAMPS = 8,      /* RFC 7323 section 3 */
	OPTION_MD5 = 19,            /* RFC 2385 */
	OPTION_USER_TIMEOUT = 28,   /* RFC 5482 */
	OPTION_AO = 29,             /* RFC 5925 */
	OPTION_MPTCP = 30,          /* RFC 8684 */
	OPTION_FAST_OPEN = 34,      /* RFC 7413 */
	OPTION_ACCECN_0 = 172,      /* RFC 9768 */
	OPTION_ACCECN_1 = 174,
	OPTION_EXPERIMENT_1 = 253,  /* RFC 6994; Fast Open with the id 0xF989 */
	OPTION_EXPERIMENT_2 = 254,
};

enum { SACK_BLOCKS_MAX = 4, WINDOW_SCALE_MAX = 14 };

struct sack_block {
	uint32_t left;  /* first byte received */
	uint32_t right; /* one past the last */
};

/* What a header's options say. A member counts only where its `has_` is true. */
struct tcp_options {
	bool has_mss, has_window_scale, sack_permitted, has_timestamps, has_fast_open,
		has_mptcp, has_md5, has_ao, has_user_timeout;
	bool fast_open_experimental; /* carried in option 253 or 254 */
	bool malformed;              /* a length that is 0, 1, too long, or wrong for its kind */
	uint16_t mss;
	uint8_t window_scale;        /* shift as sent; over WINDOW_SCALE_MAX counts as that (RFC 7323) */
	uint8_t mptcp_subtype;       /* of the first MPTCP option */
	uint8_t fast_open_cookie;    /* bytes of cookie; 0 asks for one */
	uint8_t sack_count;
	uint16_t user_timeout;       /* raw: the granularity bit and 15 bits */
	uint32_t timestamp;
	uint32_t timestamp_echo;
	struct sack_block sack[SACK_BLOCKS_MAX];
};

/*
 * Stops at END, at the end of what was captured, or at a length that leads
 * nowhere (0, 1 or too long). An option whose length is wrong for its kind is
 * skipped.
 */
void options_parse(const struct segment *segment, struct tcp_options *options);

/* "mss", "ws", "sack"... or NULL for a kind without a name. */
const char *option_name(uint8_t kind);

/*
 * The inverse, for encode, stories and tests: appends one option, in network
 * order, to the segment's raw options. False when the 40 bytes are used up.
 * options_pad fills with NOP to a multiple of four bytes.
 */
bool options_append(struct segment *segment, uint8_t kind, const void *value, uint8_t length);
void options_pad(struct segment *segment);

#endif
