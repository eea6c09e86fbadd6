/* pcap.c: classic savefiles, in either byte order. */

/*
 * A header of 24 bytes, then records: seconds, fraction, captured, length,
 * data. See pcap-savefile(5); what is let pass is what libpcap lets pass.
 */

#include "capture/parser_state.h"

#include <stddef.h>

#include "base/time.h"
#include "capture/grouped.h"

#define HEADER 24
#define RECORD_MOST 262144u

struct dialect {
	uint32_t magic;
	uint32_t fraction;
	uint32_t header;
};

struct version {
	uint16_t major;
	uint16_t minor;
	enum pcap_lengths lengths;
};

struct giant {
	uint16_t link_type;
	uint32_t most;
};

/* clang-format off */
static const struct dialect dialects[] = {
	/* magic      fraction  record header */
	{ 0xa1b2c3d4, 1000,     16 },
	{ 0xa1b23c4d, 1,        16 },
	{ 0xa1b2cd34, 1000,     24 }, /* Kuznetzov's: interface, protocol and packet type follow */
};

static const struct version versions[] = {
	{ 2,   4, LENGTHS_CAPTURED_FIRST   },
	{ 2,   3, LENGTHS_CAPTURED_IS_LESS },
	{ 2,   2, LENGTHS_CAPTURED_LAST    },
	{ 2,   1, LENGTHS_CAPTURED_LAST    },
	{ 2,   0, LENGTHS_CAPTURED_LAST    },
	{ 543, 0, LENGTHS_CAPTURED_LAST    }, /* DG/UX */
};

/* Buses whose messages outgrow any network's frames. */
static const struct giant giants[] = {
	{ 231, 128u << 20 }, /* D-Bus */
	{ 249, 128u << 20 }, /* USBPcap */
	{ 279,   8u << 20 }, /* EBHSCR */
};
/* clang-format on */

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct dialect *dialect_find(const uint8_t *magic, bool swapped)
{
	uint32_t value = load32(magic, swapped);

	for (size_t i = 0; i < COUNT(dialects); i++)
		if (dialects[i].magic == value)
			return &dialects[i];
	return NULL;
}

static const struct version *version_find(uint16_t major, uint16_t minor)
{
	for (size_t i = 0; i < COUNT(versions); i++)
		if (versions[i].major == major && versions[i].minor == minor)
			return &versions[i];
	return NULL;
}

static uint32_t record_most(uint16_t link_type)
{
	for (size_t i = 0; i < COUNT(giants); i++)
		if (giants[i].link_type == link_type)
			return giants[i].most;
	return RECORD_MOST;
}

static void lengths_settle(enum pcap_lengths lengths, uint32_t *captured, uint32_t *length)
{
	uint32_t first = *captured;

	if (lengths == LENGTHS_CAPTURED_IS_LESS && first <= *length)
		return;
	*captured = *length;
	*length = first;
}

/* A fraction beyond a second is simply added, as a signed number: so do all other readers. */
static inline int64_t record_time(const uint8_t *record, uint32_t fraction, bool swapped)
{
	return load32(record, swapped) * TIME_SECOND +
	       (int32_t)load32(record + 4, swapped) * (int64_t)fraction;
}

/* What the file's header settles once is not asked again for each record. */
static inline size_t records_take(struct parser *parser, struct frame *frames, size_t most,
                                  bool swapped)
{
	const struct pcap_reader file = parser->pcap;
	const uint8_t *record = parser->buffer + parser->start;
	const uint8_t *end = parser->buffer + parser->end;
	uint64_t number = parser->frames;
	size_t count = 0;

	while (count < most && (size_t)(end - record) >= file.header) {
		const uint8_t *data = record + file.header;
		uint32_t captured = load32(record + 8, swapped);

		if (captured > file.most || captured > (size_t)(end - data))
			break;
		frames[count++] = (struct frame){
			.bytes = data,
			.number = ++number,
			.time = record_time(record, file.fraction, swapped),
			.captured = captured,
			.length = load32(record + 12, swapped),
			.link_type = parser->link_type,
		};
		record = data + captured;
	}
	parser->start = (size_t)(record - parser->buffer);
	parser->frames = number;
	return count;
}

static size_t native_records(struct parser *parser, struct frame *frames, size_t most)
{
	return records_take(parser, frames, most, false);
}

static size_t swapped_records(struct parser *parser, struct frame *frames, size_t most)
{
	return records_take(parser, frames, most, true);
}

static enum parser_outcome record_next(struct parser *parser, struct frame *frame,
                                       struct error *err)
{
	const struct pcap_reader *file = &parser->pcap;
	const uint8_t *record = parser_look(parser, file->header);
	uint32_t captured, length;

	if (!record)
		return parser_starved(parser, "a record", parser_position(parser), err);
	captured = load32(record + 8, file->swapped);
	length = load32(record + 12, file->swapped);
	if (file->lengths != LENGTHS_CAPTURED_FIRST)
		lengths_settle(file->lengths, &captured, &length);
	if (captured > file->most)
		return parser_damaged(parser, err, parser_position(parser),
		                      "a record claims %s bytes", grouped(captured).text);
	if (!parser_look(parser, file->header + captured))
		return parser_starved(parser, "a record", parser_position(parser), err);
	*frame = (struct frame){
		.bytes = record + file->header,
		.number = ++parser->frames,
		.time = record_time(record, file->fraction, file->swapped),
		.captured = captured,
		.length = length,
		.link_type = parser->link_type,
	};
	parser->start += file->header + captured;
	return PARSER_FRAME;
}

static enum parser_outcome header_next(struct parser *parser, struct frame *frame,
                                       struct error *err)
{
	const uint8_t *header = parser_look(parser, HEADER);
	const struct dialect *dialect;
	const struct version *version;
	uint16_t major, minor, link_type;
	bool swapped;

	if (!header)
		return parser_starved(parser, "its header", parser_position(parser), err);
	swapped = !dialect_find(header, false);
	dialect = dialect_find(header, swapped);
	major = load16(header + 4, swapped);
	minor = load16(header + 6, swapped);
	version = version_find(major, minor);
	if (!version) {
		error_set(err, "is a pcap file of version %u.%u; 2.0 to 2.4 can be read", major,
		          minor);
		return parser_stopped(parser);
	}
	/* The upper half says whether frames end in a checksum, and how long that is. */
	link_type = (uint16_t)load32(header + 20, swapped);
	parser->link_type = parser_registered_link_type(link_type);
	parser->snaplen = load32(header + 16, swapped);
	parser->pcap = (struct pcap_reader){
		.header = dialect->header,
		.fraction = dialect->fraction,
		.most = record_most(link_type),
		.lengths = version->lengths,
		.swapped = swapped,
	};
	parser->start += HEADER;
	parser->next = record_next;
	if (version->lengths == LENGTHS_CAPTURED_FIRST)
		parser->many = swapped ? swapped_records : native_records;
	return record_next(parser, frame, err);
}

static bool pcap_begins(const uint8_t magic[4])
{
	return dialect_find(magic, false) || dialect_find(magic, true);
}

const struct format format_pcap = { "pcap", pcap_begins, header_next };
