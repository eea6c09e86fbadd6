/* foreign.c: what a file that is no capture may be instead. */

#include "capture/foreign.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

struct foreign {
	const char *magic;
	size_t count;
	const char *what;
	const char *remedy;
};

#define CONVERT "to convert it: editcap -F pcap FILE NEW.pcap"
#define UNPACK(program) "to unpack it on the way: " program " FILE | shakedown ... -r -"

/* clang-format off */
static const struct foreign foreigners[] = {
	{ "\x1f\x9d",         2, "is compressed with compress",   UNPACK("zcat")     },
	{ "\x02\x21\x4c\x18", 4, "is compressed with an old lz4", UNPACK("lz4cat")   },
	{ "PK\x03\x04",       4, "is a zip archive",              UNPACK("unzip -p") },
	{ "7z\xbc\xaf",       4, "is a 7-Zip archive",            UNPACK("7z x -so") },
	{ "snoop\0\0\0",      8, "is a snoop capture",            CONVERT            },
	{ "GMBU",             4, "is a Network Monitor capture",  CONVERT            },
	{ "RTSS",             4, "is a Network Monitor capture",  CONVERT            },
};
/* clang-format on */

static bool is_printable(const uint8_t *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (bytes[i] < ' ' || bytes[i] > '~')
			return false;
	return true;
}

static void bytes_show(struct text *text, const uint8_t *bytes, size_t count)
{
	if (is_printable(bytes, count)) {
		text_format(text, "\"%.*s\"", (int)count, (const char *)bytes);
		return;
	}
	for (size_t i = 0; i < count; i++)
		text_format(text, "%s%02x", i ? " " : "", bytes[i]);
}

void foreign_explain(const uint8_t *bytes, size_t count, struct error *err)
{
	char storage[4 * FOREIGN_BYTES];
	struct text shown = text_over(storage, sizeof(storage));

	for (size_t i = 0; i < sizeof(foreigners) / sizeof(foreigners[0]); i++) {
		const struct foreign *row = &foreigners[i];

		if (count < row->count || memcmp(bytes, row->magic, row->count) != 0)
			continue;
		error_set(err, "%s", row->what);
		error_remedy(err, "%s", row->remedy);
		return;
	}
	bytes_show(&shown, bytes, count < FOREIGN_BYTES ? count : FOREIGN_BYTES);
	error_set(err, "is not a capture file: it begins with %s", shown.start);
	error_remedy(err, "pcap and pcapng can be read; others: editcap -F pcap FILE NEW.pcap");
}
