/* address_test.c: addresses compared, written and read. */

#include "packet/address.h"

#include <criterion/criterion.h>
#include <string.h>

static const char *round_trip(const char *string)
{
	static char storage[64];
	struct text text = text_over(storage, sizeof(storage));
	struct address address;
	enum family family = address_parse(string, &address);

	address_add(&text, family, &address);
	return storage;
}

Test(address, reads_and_writes_both_families)
{
	cr_assert_str_eq(round_trip("192.0.2.255"), "192.0.2.255");
	cr_assert_str_eq(round_trip("0.0.0.0"), "0.0.0.0");
	cr_assert_str_eq(round_trip("2001:DB8:0:0:1:0:0:1"), "2001:db8::1:0:0:1");
	cr_assert_str_eq(round_trip("::"), "::");
	cr_assert_str_eq(round_trip("::ffff:192.0.2.1"), "::ffff:192.0.2.1");
}

Test(address, fills_an_ipv4_address_with_zeros)
{
	struct address address;
	static const uint8_t zeros[12];

	memset(&address, 0xff, sizeof(address));
	cr_assert_eq(address_parse("192.0.2.1", &address), FAMILY_IPV4);
	cr_assert_eq(memcmp(address.bytes + 4, zeros, sizeof(zeros)), 0);
}

Test(address, refuses_what_is_no_address_and_leaves_the_output_alone)
{
	static const char *const wrong[] = { "", "1.2.3", "1.2.3.256", "1.2.3.4.5", ":::", "g::" };
	struct address address = { { 7 } };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		cr_assert_eq(address_parse(wrong[i], &address), FAMILY_NONE, "%s", wrong[i]);
	cr_assert_eq(address.bytes[0], 7);
}

Test(address, writes_ports_behind_brackets_for_ipv6)
{
	char storage[64];
	struct text text = text_over(storage, sizeof(storage));
	struct address address;

	address_parse("192.0.2.1", &address);
	address_add_port(&text, FAMILY_IPV4, &address, 80);
	text_add_char(&text, ' ');
	address_parse("2001:db8::1", &address);
	address_add_port(&text, FAMILY_IPV6, &address, 65535);
	cr_assert_str_eq(storage, "192.0.2.1:80 [2001:db8::1]:65535");
}

Test(address, sorts_by_its_bytes)
{
	struct address low, high;

	address_parse("10.0.0.1", &low);
	address_parse("10.0.1.0", &high);
	cr_assert_lt(address_compare(&low, &high), 0);
	cr_assert_gt(address_compare(&high, &low), 0);
	cr_assert_eq(address_compare(&low, &low), 0);
	cr_assert(address_equal(&low, &low));
	cr_assert_not(address_equal(&low, &high));
}
