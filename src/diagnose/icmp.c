/* icmp.c: ICMP errors in words (RFC 792, RFC 1812 section 5.2.7, RFC 4443). */

#include "diagnose/icmp.h"

#include <stddef.h>

enum { ANY_CODE = 256 };

struct icmp_row {
	enum family family;
	int type;
	int code;
	const char *words;
};

/* clang-format off */
static const struct icmp_row rows[] = {
	{ FAMILY_IPV4,  3,  0,       "network unreachable" },
	{ FAMILY_IPV4,  3,  1,       "host unreachable" },
	{ FAMILY_IPV4,  3,  2,       "protocol unreachable" },
	{ FAMILY_IPV4,  3,  3,       "port unreachable" },
	{ FAMILY_IPV4,  3,  4,       "packet too big, and not to be fragmented" },
	{ FAMILY_IPV4,  3,  5,       "source route failed" },
	{ FAMILY_IPV4,  3,  6,       "network unknown" },
	{ FAMILY_IPV4,  3,  7,       "host unknown" },
	{ FAMILY_IPV4,  3,  9,       "network prohibited" },
	{ FAMILY_IPV4,  3, 10,       "host prohibited" },
	{ FAMILY_IPV4,  3, 11,       "network unreachable for this type of service" },
	{ FAMILY_IPV4,  3, 12,       "host unreachable for this type of service" },
	{ FAMILY_IPV4,  3, 13,       "prohibited by a filter" },
	{ FAMILY_IPV4,  3, ANY_CODE, "destination unreachable" },
	{ FAMILY_IPV4,  4, ANY_CODE, "slow down (source quench)" },
	{ FAMILY_IPV4,  5, ANY_CODE, "use another router (redirect)" },
	{ FAMILY_IPV4, 11,  0,       "too many hops" },
	{ FAMILY_IPV4, 11,  1,       "fragments missing" },
	{ FAMILY_IPV4, 12, ANY_CODE, "header not understood" },
	{ FAMILY_IPV6,  1,  0,       "no route" },
	{ FAMILY_IPV6,  1,  1,       "prohibited by a filter" },
	{ FAMILY_IPV6,  1,  2,       "beyond the scope of the source address" },
	{ FAMILY_IPV6,  1,  3,       "address unreachable" },
	{ FAMILY_IPV6,  1,  4,       "port unreachable" },
	{ FAMILY_IPV6,  1,  5,       "source address refused" },
	{ FAMILY_IPV6,  1,  6,       "route rejected" },
	{ FAMILY_IPV6,  1, ANY_CODE, "destination unreachable" },
	{ FAMILY_IPV6,  2, ANY_CODE, "packet too big" },
	{ FAMILY_IPV6,  3,  0,       "too many hops" },
	{ FAMILY_IPV6,  3,  1,       "fragments missing" },
	{ FAMILY_IPV6,  4, ANY_CODE, "header not understood" },
};
/* clang-format on */

const char *icmp_error_words(enum family family, uint8_t type, uint8_t code)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct icmp_row *row = &rows[i];

		if (row->family == family && row->type == type &&
		    (row->code == code || row->code == ANY_CODE))
			return row->words;
	}
	return "an error";
}
