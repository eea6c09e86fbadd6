/* filter.c: capture filters in pcap-filter(7) syntax. */

/*
 * A filter is compiled for each link type on which a frame asks for it. The
 * compiler is shown a savefile of that link type that holds no packets: so it
 * is libpcap itself that maps LINKTYPE_ to DLT_, and that knows the several
 * numbers IPv6 has in BSD loopback headers, which it does for savefiles only.
 */

#define _POSIX_C_SOURCE 200809L

#include "capture/filter.h"

#include <pcap/pcap.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "packet/link.h"

#define SNAPLEN 262144

enum understanding {
	REFUSED,
	COMPILED,
	ACCEPTS_NOTHING,
};

struct program {
	uint16_t link_type;
	bool big_endian;
	enum understanding understanding;
	struct bpf_program code;
	char name[32];        /* of the link type, as libpcap spells it */
	struct error refusal; /* where it was not compiled */
};

struct filter {
	char *expression;
	struct program *programs;
	size_t count;
	size_t last; /* the one most recently used, first to be tried */
};

/* An expression must make sense on one of these; the first one's complaint is the one to show. */
static const uint16_t common_link_types[] = {
	LINK_ETHERNET, LINK_LINUX_SLL2, LINK_RAW, LINK_NULL, LINK_LINUX_SLL, 9, /* PPP */
	127, /* 802.11 with radiotap */
	105, /* 802.11 */
	117, /* PFLOG */
	123, /* SunATM */
	141, /* MTP2 with direction */
};

/* The header of a pcap file; NULL and err where libpcap does not know the link type. */
static pcap_t *savefile_imitate(uint16_t link_type, bool big_endian, struct error *err)
{
	/* clang-format off */
	uint8_t little[24] = {
		0xd4, 0xc3, 0xb2, 0xa1,  2, 0, 4, 0,  0, 0, 0, 0,  0, 0, 0, 0,  0, 0, 4, 0,
		(uint8_t)link_type, (uint8_t)(link_type >> 8), 0, 0,
	};
	uint8_t big[24] = {
		0xa1, 0xb2, 0xc3, 0xd4,  0, 2, 0, 4,  0, 0, 0, 0,  0, 0, 0, 0,  0, 4, 0, 0,
		0, 0, (uint8_t)(link_type >> 8), (uint8_t)link_type,
	};
	/* clang-format on */
	char message[PCAP_ERRBUF_SIZE] = "";
	FILE *stream = fmemopen(big_endian ? big : little, sizeof(little), "rb");
	pcap_t *handle = stream ? pcap_fopen_offline(stream, message) : NULL;

	if (handle)
		return handle;
	error_set(err, "%s", stream ? message : "out of memory");
	if (stream)
		fclose(stream);
	return NULL;
}

static void program_name(struct program *program, pcap_t *handle)
{
	const char *name = handle ? pcap_datalink_val_to_name(pcap_datalink(handle)) : NULL;

	if (name)
		snprintf(program->name, sizeof(program->name), "%s", name);
	else
		snprintf(program->name, sizeof(program->name), "%u", program->link_type);
}

static void program_compile(struct program *program, const char *expression)
{
	struct error *refusal = &program->refusal;
	pcap_t *handle = savefile_imitate(program->link_type, program->big_endian, refusal);

	program_name(program, handle);
	if (!handle)
		return;
	if (pcap_compile(handle, &program->code, expression, 1, PCAP_NETMASK_UNKNOWN) == 0)
		program->understanding = COMPILED;
	else
		error_set(refusal, "%s", pcap_geterr(handle));
	/* For libpcap an error, but in a file of several link types a plain no. */
	if (strcmp(refusal->what, "expression rejects all packets") == 0)
		program->understanding = ACCEPTS_NOTHING;
	pcap_close(handle);
}

/* BSD loopback headers are in the byte order of their machine: the family is a small number. */
static bool frame_is_big_endian(const struct frame *frame)
{
	return frame->link_type == LINK_NULL && frame->captured >= 4 && frame->bytes[0] == 0 &&
	       frame->bytes[1] == 0;
}

/* The program, compiled or refused; NULL when memory is short. */
static struct program *program_add(struct filter *filter, uint16_t link_type, bool big_endian)
{
	struct program *more =
		realloc(filter->programs, (filter->count + 1) * sizeof(*filter->programs));
	struct program *program;

	if (!more)
		return NULL;
	filter->programs = more;
	filter->last = filter->count++;
	program = &more[filter->last];
	*program = (struct program){ .link_type = link_type, .big_endian = big_endian };
	program_compile(program, filter->expression);
	return program;
}

static bool program_suits(const struct program *program, uint16_t link_type, bool big_endian)
{
	return program->link_type == link_type && program->big_endian == big_endian;
}

static struct program *program_find(struct filter *filter, const struct frame *frame)
{
	bool big_endian = frame_is_big_endian(frame);

	if (program_suits(&filter->programs[filter->last], frame->link_type, big_endian))
		return &filter->programs[filter->last];
	for (size_t i = 0; i < filter->count; i++) {
		if (!program_suits(&filter->programs[i], frame->link_type, big_endian))
			continue;
		filter->last = i;
		return &filter->programs[i];
	}
	return program_add(filter, frame->link_type, big_endian);
}

/* The first link type that does not refuse the expression decides whether it can match at all. */
static bool is_sensible(struct filter *filter, struct error *err)
{
	const struct program *why;

	for (size_t i = 0; i < sizeof(common_link_types) / sizeof(common_link_types[0]); i++) {
		struct program *program = program_add(filter, common_link_types[i], false);

		if (!program) {
			error_set(err, "filter \"%s\": out of memory", filter->expression);
			return false;
		}
		if (program->understanding == COMPILED)
			return true;
		if (program->understanding == ACCEPTS_NOTHING)
			break;
	}
	why = &filter->programs[filter->last];
	if (why->understanding == REFUSED)
		why = &filter->programs[0];
	error_set(err, "filter \"%s\": %s", filter->expression, why->refusal.what);
	return false;
}

struct filter *filter_new(const char *expression, struct error *err)
{
	struct filter *filter = calloc(1, sizeof(*filter));

	if (filter)
		filter->expression = strdup(expression);
	if (!filter || !filter->expression) {
		error_set(err, "filter: out of memory");
		filter_free(filter);
		return NULL;
	}
	if (is_sensible(filter, err))
		return filter;
	filter_free(filter);
	return NULL;
}

void filter_free(struct filter *filter)
{
	if (!filter)
		return;
	for (size_t i = 0; i < filter->count; i++)
		if (filter->programs[i].understanding == COMPILED)
			pcap_freecode(&filter->programs[i].code);
	free(filter->programs);
	free(filter->expression);
	free(filter);
}

int filter_accepts(struct filter *filter, const struct frame *frame, struct error *err)
{
	struct program *program = program_find(filter, frame);
	struct pcap_pkthdr header = { .caplen = frame->captured, .len = frame->length };

	if (!program) {
		error_set(err, "filter: out of memory");
		return -1;
	}
	if (program->understanding == ACCEPTS_NOTHING)
		return 0;
	if (program->understanding == REFUSED) {
		error_set(err, "filter \"%s\" on link type %s: %s", filter->expression,
		          program->name, program->refusal.what);
		return -1;
	}
	return pcap_offline_filter(&program->code, &header, frame->bytes) != 0;
}
