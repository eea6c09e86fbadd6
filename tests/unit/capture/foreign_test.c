/* foreign_test.c: what is no capture is named, and what to do about it is said. */

#include "capture/foreign.h"

#include <criterion/criterion.h>
#include <string.h>

struct row {
	const char *bytes;
	size_t count;
	const char *what;
	const char *remedy;
};

/* clang-format off */
static const struct row rows[] = {
	{ "\x1f\x9d\x90\0\0\0\0\0",     8, "is compressed with compress",   "zcat FILE | shakedown ... -r -"      },
	{ "\x02\x21\x4c\x18\x64\0\0\0", 8, "is compressed with an old lz4", "lz4cat FILE | shakedown ... -r -"    },
	{ "7z\xbc\xaf\x27\x1c\0\4",    8, "is a 7-Zip archive",            "7z x -so FILE | shakedown ... -r -"  },
	{ "PK\3\4\x14\0\0\0",         8, "is a zip archive",              "unzip -p FILE | shakedown ... -r -"  },
	{ "snoop\0\0\0",                8, "is a snoop capture",       "editcap -F pcap FILE NEW.pcap"     },
	{ "<html><b",  8, "is not a capture file: it begins with \"<html><b\"",              "editcap"    },
	{ "\x7f" "ELF\2\1\1\0", 8, "is not a capture file: it begins with 7f 45 4c 46 02 01 01 00", "editcap" },
	{ "hi\n",      3, "is not a capture file: it begins with 68 69 0a",                  "editcap"    },
	{ "\x1f\x8b",  1, "is not a capture file: it begins with 1f",                        "editcap"    },
};
/* clang-format on */

Test(foreign, names_what_it_knows_and_shows_the_rest)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct error err = { 0 };

		foreign_explain((const uint8_t *)rows[i].bytes, rows[i].count, &err);
		cr_expect_str_eq(err.what, rows[i].what);
		cr_expect_not_null(strstr(err.remedy, rows[i].remedy), "%s", err.remedy);
	}
}
