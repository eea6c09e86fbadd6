/* samples.h: the same reset behind every link header and inside every tunnel. */
#ifndef TESTS_UNIT_PACKET_SAMPLES_H
#define TESTS_UNIT_PACKET_SAMPLES_H

#include <stddef.h>

#include "unit/packet/wire.h"

struct sample {
	const char *name;
	uint16_t link_type;
	uint8_t family; /* of the reset */
	uint16_t vlan;
	const char *tunnel; /* as tunnel_add writes it, "" for none */
	const char *hex;    /* see samples.c */
};

extern const struct sample samples[];
extern const size_t sample_count;

struct wire sample_wire(const struct sample *sample);

/*
 * Hexadecimal text, in which [n] is a count of two bytes, big-endian: of the bytes
 * from n before itself to the end ([-2]: what comes after itself), and {n} the same, little-endian.
 */
struct wire wire_counted(uint16_t link_type, const char *hex);

/* 192.0.2.1.80 > 192.0.2.2.1234: Flags [R], seq 4294967280, win 0, length 0; checksums are right */
#define RST_TCP "0050 04d2 fffffff0 00000000 5004 0000 "
#define RST_IPV4                                                                                   \
	"4500 0028 0001 0000 40 06 f6cb c0000201 c0000202"                                         \
	"0050 04d2 fffffff0 00000000 5004 0000 26ca 0000"

/* 2001:db8::1.80 > 2001:db8::2.1234: the same */
#define RST_IPV6                                                                                   \
	"6000 0000 0014 06 40 20010db8000000000000000000000001 20010db8000000000000000000000002"   \
	"0050 04d2 fffffff0 00000000 5004 0000 4f59 0000"

#define STATIONS "020000000002 020000000001"
#define ETHERNET_RST STATIONS "0800" RST_IPV4

/* 10.0.0.1 > 10.0.0.2, and 2001:db8::a > 2001:db8::b */
#define OUTER4(protocol) "4500 [2] 0001 0000 40" protocol "0000 0a000001 0a000002"
#define OUTER6(protocol)                                                                           \
	"60000000 [-36]" protocol "40 20010db800000000000000000000000a"                            \
	"20010db800000000000000000000000b"
#define OUTER_UDP(source, destination) OUTER4("11") source destination "[4] 0000"

#endif
