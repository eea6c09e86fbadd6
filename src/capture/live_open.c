/* live_open.c: from options to a libpcap handle that captures. */

/*
 * TPACKET_V3 is what libpcap takes unless it is asked for immediate mode, which loses most
 * frames when they are many. Nothing is filtered unless the user says so: a filter for TCP that
 * the kernel could run would lose tagged frames, or IPv6 with extension headers.
 */

#define _POSIX_C_SOURCE 200809L /* fmemopen */

#include "capture/live_open.h"

#include <limits.h>
#include <linux/if_packet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "capture/netns.h"

#define ANY "any"

/* Where a savefile's header says its link type. */
#define SAVEFILE_HEADER 24
#define SAVEFILE_LINK_TYPE 20

typedef void advise_function(const char *device, struct error *err);

static advise_function advise_list, advise_permission, advise_up;

struct refusal {
	int code;
	const char *why;
	advise_function *advise;
};

/* clang-format off */
static const struct refusal refusals[] = {
	{ PCAP_ERROR_NO_SUCH_DEVICE,      "no such interface",       advise_list       },
	{ PCAP_ERROR_PERM_DENIED,         "Operation not permitted", advise_permission },
	{ PCAP_ERROR_PROMISC_PERM_DENIED, "Operation not permitted", advise_permission },
	{ PCAP_ERROR_IFACE_NOT_UP,        "the interface is down",   advise_up         },
};
/* clang-format on */

static void advise_list(const char *device, struct error *err)
{
	(void)device;
	error_remedy(err, "list the interfaces with -D");
}

static void advise_up(const char *device, struct error *err)
{
	error_remedy(err, "to bring it up: sudo ip link set %s up", device);
}

static void advise_permission(const char *device, struct error *err)
{
	char program[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program));

	(void)device;
	if (geteuid() == 0)
		error_remedy(err, "root has no CAP_NET_RAW here: the container must be given it");
	else if (length <= 0)
		error_remedy(err, "run it as root");
	else
		error_remedy(err, "run it as root, or once: sudo setcap cap_net_raw+ep %.*s",
		             (int)length, program);
}

static void refusal_set(const char *device, int code, const char *message, struct error *err)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		if (refusals[i].code != code)
			continue;
		error_set(err, "cannot capture on %s: %s", device, refusals[i].why);
		refusals[i].advise(device, err);
		return;
	}
	error_set(err, "cannot capture on %s: %s", device,
	          *message ? message : pcap_statustostr(code));
}

static void handle_prepare(pcap_t *handle, const struct live_options *options)
{
	uint32_t snaplen = options->snaplen;

	if (snaplen == 0 || snaplen > LIVE_SNAPLEN_WHOLE)
		snaplen = LIVE_SNAPLEN_WHOLE;
	pcap_set_snaplen(handle, (int)snaplen);
	pcap_set_buffer_size(handle, options->buffer < INT_MAX ? (int)options->buffer : INT_MAX);
	pcap_set_promisc(handle, options->promiscuous);
	pcap_set_timeout(handle, LIVE_TIMEOUT_MILLISECONDS);
	pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO);
}

/*
 * A frame on loopback passes twice, going out and coming in. libpcap leaves the first out, but
 * only after it has taken room in the buffer; better not to be given it at all (since Linux 4.20).
 */
static void loopback_halve(pcap_t *handle, const char *device)
{
	const int yes = 1;

	if (strcmp(device, "lo") == 0)
		setsockopt(pcap_fileno(handle), SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes,
		           sizeof(yes));
}

int live_handle_filter(pcap_t *handle, const char *expression, struct error *err)
{
	struct bpf_program code;
	int outcome;

	if (pcap_compile(handle, &code, expression, 1, PCAP_NETMASK_UNKNOWN) < 0) {
		error_set(err, "filter \"%s\": %s", expression, pcap_geterr(handle));
		return -1;
	}
	outcome = pcap_setfilter(handle, &code);
	pcap_freecode(&code);
	if (outcome < 0)
		error_set(err, "filter \"%s\": %s", expression, pcap_geterr(handle));
	return outcome;
}

/*
 * The kernel learns the snaplen from its filter; without one it copies whole frames into the
 * buffer, which libpcap then cuts. Where it has no filters that is how it stays.
 */
static void frames_cut(pcap_t *handle)
{
	struct error ignored;

	live_handle_filter(handle, "", &ignored);
}

static int handle_activate(pcap_t *handle, const struct live_options *options, struct error *err)
{
	const char *device = options->device;
	char message[PCAP_ERRBUF_SIZE] = "";
	int code;

	handle_prepare(handle, options);
	code = pcap_activate(handle);
	/* Above 0 are warnings: "any" cannot be promiscuous, and the like. */
	if (code < 0) {
		refusal_set(device, code, code == PCAP_ERROR ? pcap_geterr(handle) : "", err);
		return -1;
	}
	/* Version 2 says the interface; where it is not to be had, version 1 will do. */
	if (strcmp(device, ANY) == 0)
		pcap_set_datalink(handle, DLT_LINUX_SLL2);
	loopback_halve(handle, device);
	if (!options->filter || !*options->filter)
		frames_cut(handle);
	else if (live_handle_filter(handle, options->filter, err) < 0)
		return -1;
	if (pcap_setnonblock(handle, 1, message) < 0 || pcap_get_selectable_fd(handle) < 0) {
		error_set(err, "cannot capture on %s: %s", device,
		          *message ? message : "it cannot be waited for");
		return -1;
	}
	return 0;
}

static pcap_t *handle_open(const struct live_options *options, struct error *err)
{
	char message[PCAP_ERRBUF_SIZE] = "";
	pcap_t *handle = pcap_create(options->device, message);

	if (!handle) {
		error_set(err, "cannot capture on %s: %s", options->device, message);
		return NULL;
	}
	if (handle_activate(handle, options, err) == 0)
		return handle;
	pcap_close(handle);
	return NULL;
}

pcap_t *live_handle_open(const struct live_options *options, struct error *err)
{
	int before = netns_enter(options->netns, err);
	pcap_t *handle;

	if (before < 0)
		return NULL;
	handle = handle_open(options, err);
	if (netns_leave(options->netns, before, err) == 0)
		return handle;
	if (handle)
		pcap_close(handle);
	return NULL;
}

/* libpcap itself maps DLT_ to LINKTYPE_, but only when it writes a savefile. */
int32_t live_handle_link_type(pcap_t *handle)
{
	uint8_t header[SAVEFILE_HEADER + 1] = { 0 }; /* and the NUL of fmemopen */
	FILE *stream = fmemopen(header, sizeof(header), "wb");
	pcap_dumper_t *dumper = stream ? pcap_dump_fopen(handle, stream) : NULL;
	uint32_t link_type;

	if (!dumper) {
		if (stream)
			fclose(stream);
		return -1;
	}
	pcap_dump_close(dumper);
	memcpy(&link_type, header + SAVEFILE_LINK_TYPE, sizeof(link_type));
	return (uint16_t)link_type;
}
