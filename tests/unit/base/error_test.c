/* error_test.c: errors keep their words. */

#include "base/error.h"

#include <criterion/criterion.h>
#include <string.h>

Test(error, keeps_what_and_remedy)
{
	struct error err;

	error_set(&err, "%s: %s", "eth7", "no such device");
	error_remedy(&err, "devices: %s", "lo, eth0");
	cr_assert_str_eq(err.what, "eth7: no such device");
	cr_assert_str_eq(err.remedy, "devices: lo, eth0");
}

Test(error, forgets_the_remedy_of_the_error_before)
{
	struct error err;

	error_set(&err, "first");
	error_remedy(&err, "do this");
	error_set(&err, "second");
	cr_assert_str_eq(err.remedy, "");
}

Test(error, can_be_put_into_more_words)
{
	struct error err;

	error_set(&err, "bad magic");
	error_set(&err, "%s: %s", "a.pcap", err.what);
	cr_assert_str_eq(err.what, "a.pcap: bad magic");
}

Test(error, cuts_what_is_too_long)
{
	struct error err;
	char words[2000];

	memset(words, 'x', sizeof(words) - 1);
	words[sizeof(words) - 1] = '\0';
	error_set(&err, "%s", words);
	error_remedy(&err, "%s", words);
	cr_assert_eq(strlen(err.what), sizeof(err.what) - 1);
	cr_assert_eq(strlen(err.remedy), sizeof(err.remedy) - 1);
}
