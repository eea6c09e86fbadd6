/* checksum_test.c: the Internet checksum against the plain way to compute it. */

#include "packet/checksum.h"

#include <criterion/criterion.h>

/* RFC 1071 section 4.1, a word at a time. */
static uint16_t plain_sum(const uint8_t *bytes, size_t count)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += i % 2 == 0 ? (uint32_t)bytes[i] << 8 : bytes[i];
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

/* RFC 1071 section 3: 00 01 f2 03 f4 f5 f6 f7 sums to ddf2. */
Test(checksum, gives_the_example_of_its_rfc)
{
	static const uint8_t bytes[] = { 0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7 };

	cr_assert_eq(checksum_fold(checksum_add(0, bytes, sizeof(bytes))), 0xddf2);
}

Test(checksum, agrees_with_the_plain_sum_at_every_length_and_alignment)
{
	uint8_t bytes[200];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(251 * i + 17);
	for (size_t start = 0; start < 8; start++)
		for (size_t count = 0; count + start <= sizeof(bytes); count++)
			cr_assert_eq(checksum_fold(checksum_add(0, bytes + start, count)),
			             plain_sum(bytes + start, count));
}

Test(checksum, does_not_lose_carries)
{
	static uint8_t bytes[65536];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = 0xff;
	cr_assert_eq(checksum_fold(checksum_add(0, bytes, sizeof(bytes))), 0xffff);
	bytes[40000] = 0xfe;
	cr_assert_eq(checksum_fold(checksum_add(0, bytes, sizeof(bytes))), 0xfeff);
}

Test(checksum, can_be_taken_in_even_parts)
{
	static const uint8_t bytes[] = "an even part, then whatever is left";
	uint64_t sum = checksum_add(0, bytes, 14);

	cr_assert_eq(checksum_fold(checksum_add(sum, bytes + 14, sizeof(bytes) - 14)),
	             plain_sum(bytes, sizeof(bytes)));
}
