/* output_test.c: bytes reach the descriptor, and a failure is kept. */

#include "report/output.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static struct output output;

Test(output, keeps_bytes_until_it_is_flushed)
{
	int ends[2];
	struct error err;
	char bytes[64];

	cr_assert_eq(pipe(ends), 0);
	output_start(&output, ends[1]);
	output_add(&output, "id ");
	output_add_unsigned(&output, UINT64_MAX);
	output_spaces(&output, 2);
	output_format(&output, "%s=%d", "x", -7);
	output_add_char(&output, '\n');
	cr_assert_eq(output_flush(&output, &err), 0);
	cr_assert_eq(read(ends[0], bytes, sizeof(bytes)), 30);
	cr_expect_arr_eq(bytes, "id 18446744073709551615  x=-7\n", 30);
}

Test(output, writes_by_itself_what_does_not_fit)
{
	static char large[200000];
	char name[] = "/tmp/output-test-XXXXXX";
	int descriptor = mkstemp(name);
	struct error err;

	cr_assert_geq(descriptor, 0);
	unlink(name);
	memset(large, 'x', sizeof(large));
	output_start(&output, descriptor);
	output_add(&output, "first");
	output_add_bytes(&output, large, sizeof(large));
	output_add(&output, "last");
	cr_assert_eq(output_flush(&output, &err), 0);
	cr_expect_eq(lseek(descriptor, 0, SEEK_END), 5 + 200000 + 4);
	cr_assert_eq(pread(descriptor, large, 9, 200000), 9);
	cr_expect_arr_eq(large, "xxxxxlast", 9);
}

Test(output, fills_its_buffer_to_the_last_byte)
{
	int null = open("/dev/null", O_WRONLY);
	struct error err;

	output_start(&output, null);
	for (size_t i = 0; i < 3 * sizeof(output.bytes) + 1; i++)
		output_add_char(&output, 'x');
	cr_expect_eq(output.length, 1);
	cr_expect_eq(output_flush(&output, &err), 0);
}

Test(output, keeps_the_first_failure_and_drops_the_rest)
{
	int full = open("/dev/full", O_WRONLY);
	struct error err;

	cr_assert_geq(full, 0);
	output_start(&output, full);
	output_add(&output, "lost");
	cr_assert_eq(output_flush(&output, &err), -1);
	cr_expect_eq(output.failed, ENOSPC);
	cr_expect_str_eq(err.what, "standard output: No space left on device");
	for (int i = 0; i < 100000; i++)
		output_add(&output, "dropped in silence");
	cr_expect_eq(output_flush(&output, &err), -1);
}
