/* put_test.c: numbers, spans, addresses and digests, beside the slower ways to write them. */

#include "report/put.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <inttypes.h>
#include <sha1.h>
#include <stdio.h>

#include "base/time.h"
#include "report/digest.h"

static void expect_number(uint64_t number)
{
	char put[PUT_NUMBER_MAX + 1], expected[PUT_NUMBER_MAX + 1];

	*put_unsigned(put, number) = '\0';
	snprintf(expected, sizeof(expected), "%" PRIu64, number);
	cr_expect_str_eq(put, expected);
}

Test(put, writes_numbers_of_every_length)
{
	expect_number(UINT64_MAX);
	for (uint64_t power = 1; power < UINT64_MAX / 10; power *= 10) {
		expect_number(power - 1);
		expect_number(power);
		expect_number(power + 1);
		expect_number(power / 9 * 7);
	}
}

static void expect_span(int64_t span)
{
	char put[PUT_SECONDS_MAX + 1], storage[PUT_SECONDS_MAX + 1];
	struct text expected = text_over(storage, sizeof(storage));

	time_add_seconds(&expected, span, 9);
	*put_nanoseconds(put, span) = '\0';
	cr_expect_str_eq(put, storage);
	text_clear(&expected);
	time_add_seconds(&expected, span, 6);
	*put_microseconds(put, span) = '\0';
	cr_expect_str_eq(put, storage);
}

Test(put, writes_spans_as_seconds)
{
	static const int64_t spans[] = {
		0, 1, 999, 1000, 1001, 999999999, 1000000000, 1234567890, 10020030040, 100000001,
		9999999999, 10000000000, 9090909090,
	};

	for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++) {
		expect_span(spans[i]);
		expect_span(-spans[i]);
		expect_span(INT64_C(1700000000) * TIME_SECOND + spans[i]);
	}
	expect_span(INT64_MAX);
	expect_span(-INT64_MAX);
}

static void expect_address(enum family family, const struct address *address)
{
	char put[PUT_ADDRESS_MAX + 1], expected[INET6_ADDRSTRLEN];

	*put_address(put, family, address) = '\0';
	cr_assert_not_null(inet_ntop(family == FAMILY_IPV4 ? AF_INET : AF_INET6, address->bytes,
	                             expected, sizeof(expected)));
	cr_expect_str_eq(put, expected);
}

Test(put, writes_ipv4_addresses)
{
	for (int i = 0; i < 256; i++) {
		struct address address = { { (uint8_t)i, (uint8_t)(255 - i), 0, (uint8_t)i } };

		expect_address(FAMILY_IPV4, &address);
	}
}

/* Each of the eight words is zero or not, and the last ones may be those of an IPv4 address. */
Test(put, writes_ipv6_addresses_with_every_pattern_of_zeros)
{
	static const uint16_t words[] = { 0x1, 0x20, 0xabc, 0xffff };

	for (unsigned pattern = 0; pattern < 256; pattern++) {
		for (unsigned shift = 0; shift < 4; shift++) {
			struct address address = { { 0 } };

			for (unsigned i = 0; i < 8; i++) {
				uint16_t word = pattern >> i & 1 ? words[(i + shift) % 4] : 0;

				address.bytes[2 * i] = (uint8_t)(word >> 8);
				address.bytes[2 * i + 1] = (uint8_t)word;
			}
			expect_address(FAMILY_IPV6, &address);
		}
	}
}

Test(put, leaves_out_the_address_of_no_family)
{
	struct address address = { { 0 } };
	char at[PUT_ADDRESS_MAX];

	cr_expect_eq(put_address(at, FAMILY_NONE, &address), at);
}

static void expect_ends(uint64_t client, uint64_t server)
{
	char put[80], expected[80];

	*put_ends(put, client, server) = '\0';
	snprintf(expected, sizeof(expected), "{\"client\":%" PRIu64 ",\"server\":%" PRIu64 "}",
	         client, server);
	cr_expect_str_eq(put, expected);
}

/* One digit, up to four, or more: whatever the other end has. */
Test(put, writes_counts_of_both_ends)
{
	static const uint64_t counts[] = {
		0, 1, 9, 10, 11, 99, 100, 101, 999, 1000, 5070, 9999, 10000, 10001, 99999999,
		100000000, UINT32_MAX, UINT64_C(1) << 32, UINT64_MAX,
	};
	enum { COUNTS = sizeof(counts) / sizeof(counts[0]) };

	for (size_t i = 0; i < COUNTS * COUNTS; i++)
		expect_ends(counts[i / COUNTS], counts[i % COUNTS]);
	for (uint64_t count = 0; count <= 10000; count++)
		expect_ends(count, 10000 - count);
}

Test(digest, is_sha_1_of_every_length_that_fits)
{
	uint8_t bytes[4 * DIGEST_INPUT_MAX];
	uint32_t words[DIGEST_INPUT_MAX] = { 0 };

	for (size_t i = 0; i < sizeof(bytes); i++) {
		bytes[i] = (uint8_t)(i * 37 + 129);
		words[i / 4] = words[i / 4] << 8 | bytes[i];
	}
	for (size_t count = 0; count <= DIGEST_INPUT_MAX; count++) {
		uint8_t expected[SHA1_DIGEST_LENGTH];
		uint32_t digest[DIGEST_WORDS];
		SHA1_CTX context;

		SHA1Init(&context);
		SHA1Update(&context, bytes, 4 * count);
		SHA1Final(expected, &context);
		digest_take(words, count, digest);
		for (size_t i = 0; i < sizeof(expected); i++)
			cr_expect_eq(digest[i / 4] >> (24 - 8 * (i % 4)) & 255, expected[i]);
	}
}
