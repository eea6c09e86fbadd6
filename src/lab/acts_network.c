/* acts_network.c: acts that make the network worse, or the socket more particular. */

#include <errno.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lab/act.h"
#include "lab/party.h"
#include "packet/encode.h"
#include "packet/link.h"

/* ---- Filters: classic BPF on the receiving socket, no privileges needed ------------------------ */

static int attach(int socket, struct sock_filter *code, unsigned short length)
{
	const struct sock_fprog program = { .len = length, .filter = code };

	return setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}

static int swallow(int socket)
{
	struct sock_filter code[] = { BPF_STMT(BPF_RET | BPF_K, 0) };

	return attach(socket, code, 1);
}

static int lose(int socket, uint32_t percent)
{
	const uint32_t threshold = percent * (UINT32_MAX / 100);
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_RANDOM)),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, threshold, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
	};

	return attach(socket, code, 4);
}

enum act_outcome act_swallow(struct cue *cue)
{
	int socket;

	for (unsigned i = 0; (socket = party_target(cue->party, i)) >= 0; i++)
		if (swallow(socket) < 0)
			return cue_fail(cue, "SO_ATTACH_FILTER");
	return ACT_DONE;
}

enum act_outcome act_lose(struct cue *cue)
{
	int socket;

	for (unsigned i = 0; (socket = party_target(cue->party, i)) >= 0; i++)
		if (lose(socket, (uint32_t)cue->act->amount) < 0)
			return cue_fail(cue, "SO_ATTACH_FILTER");
	return ACT_DONE;
}

enum act_outcome act_hear_again(struct cue *cue)
{
	int socket, nothing = 0;

	for (unsigned i = 0; (socket = party_target(cue->party, i)) >= 0; i++)
		if (setsockopt(socket, SOL_SOCKET, SO_DETACH_FILTER, &nothing, sizeof(nothing)) < 0)
			return cue_fail(cue, "SO_DETACH_FILTER");
	return ACT_DONE;
}

/* ---- Options ---------------------------------------------------------------------------------- */

enum { SMALL_BUFFER = 4096 };

static enum act_outcome set(struct cue *cue, int level, int option, int value)
{
	int socket;

	for (unsigned i = 0; (socket = party_target(cue->party, i)) >= 0; i++)
		if (setsockopt(socket, level, option, &value, sizeof(value)) < 0)
			return cue_fail(cue, "setsockopt");
	return ACT_DONE;
}

enum act_outcome act_keep_alive(struct cue *cue)
{
	if (set(cue, IPPROTO_TCP, TCP_KEEPIDLE, 1) == ACT_FAILED ||
	    set(cue, IPPROTO_TCP, TCP_KEEPINTVL, 1) == ACT_FAILED)
		return ACT_FAILED;
	return set(cue, SOL_SOCKET, SO_KEEPALIVE, 1);
}

enum act_outcome act_delay_acks(struct cue *cue)
{
	return set(cue, IPPROTO_TCP, TCP_QUICKACK, 0);
}

enum act_outcome act_defer_accept(struct cue *cue)
{
	return set(cue, IPPROTO_TCP, TCP_DEFER_ACCEPT, 5);
}

enum act_outcome act_offer_fast_open(struct cue *cue)
{
	return set(cue, IPPROTO_TCP, TCP_FASTOPEN, 16);
}

enum act_outcome act_shrink_room(struct cue *cue)
{
	if (set(cue, SOL_SOCKET, SO_SNDBUF, SMALL_BUFFER) == ACT_FAILED)
		return ACT_FAILED;
	return set(cue, SOL_SOCKET, SO_RCVBUF, SMALL_BUFFER);
}

enum act_outcome act_wait(struct cue *cue)
{
	int64_t due = cue->performance->begun + cue->act->amount * TIME_MILLISECOND;

	return cue->now >= due ? ACT_DONE : cue_wait_until(cue, due);
}

/* ---- A flood, which cannot leave loopback ------------------------------------------------------ */

enum { FLOOD_SLICE = 512, TCP_AND_IP = 64 };

/* Bound to lo: what is listening here, on every address, cannot be reached from elsewhere. */
static int stay_on_loopback(int socket)
{
	return setsockopt(socket, SOL_SOCKET, SO_BINDTODEVICE, "lo", sizeof("lo"));
}

/* The spoofed senders' port must be somebody's, or resets would clear the half-open ones away. */
enum act_outcome act_swallow_everywhere(struct cue *cue)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t length = sizeof(address);
	int socket = party_fresh(cue->party);

	if (stay_on_loopback(socket) < 0 || swallow(socket) < 0 ||
	    bind(socket, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(socket, 1) < 0 || getsockname(socket, (struct sockaddr *)&address, &length) < 0)
		return cue_fail(cue, "listen");
	cue->party->listener = party_take_fresh(cue->party);
	cue->party->port = ntohs(address.sin_port);
	return ACT_DONE;
}

/* 127.1.0.0 and on: every sender another address, all of them this machine. */
static struct lab_end flood_sender(const struct cue *cue, uint64_t number)
{
	struct lab_end end = { .who = actor_words(cue->act->actor),
		               .family = FAMILY_IPV4,
		               .protocol = 6,
		               .port = cue->performance->parties[SECOND_SERVER].port };

	end.address.bytes[0] = 127;
	end.address.bytes[1] = (uint8_t)(1 + (number >> 16));
	end.address.bytes[2] = (uint8_t)(number >> 8);
	end.address.bytes[3] = (uint8_t)number;
	return end;
}

static int send_syn(const struct cue *cue, int socket, uint64_t number)
{
	const struct lab_end sender = flood_sender(cue, number);
	const uint8_t target_bytes[] = { 127, 0, 0, 1 };
	const struct sockaddr_in target = place(0);
	struct segment syn = { .kind = SEGMENT_TCP, .family = FAMILY_IPV4, .flags = TCP_SYN };
	uint8_t packet[TCP_AND_IP];
	uint32_t length;
	size_t count;

	syn.source = sender.address;
	syn.source_port = sender.port;
	memcpy(syn.destination.bytes, target_bytes, sizeof(target_bytes));
	syn.destination_port = cue->performance->parties[SERVER].port;
	syn.seq = UINT32_MAX - (uint32_t)number;
	syn.window = 1024;
	syn.ttl = 64;
	count = encode(&syn, LINK_IPV4, NULL, packet, sizeof(packet), &length);
	return (int)sendto(socket, packet, count, 0, (const struct sockaddr *)&target,
	                   sizeof(target));
}

static int open_raw(struct party *party)
{
	party->fresh = socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_RAW);
	return party->fresh < 0 ? -1 : stay_on_loopback(party->fresh);
}

enum act_outcome act_flood(struct cue *cue)
{
	uint64_t *sent = &cue->performance->moved;
	uint32_t asked = cue->performance->options.flood;
	uint64_t total = asked > 0 ? asked : (uint64_t)cue->act->amount;

	if (cue->is_first) {
		if (open_raw(cue->party) < 0)
			return cue_fail(cue, "raw socket");
		cue->performance->subject = flood_sender(cue, 0);
		cue->performance->is_flooding = true;
	}
	if (total > PERFORMANCE_FLOOD_MAX)
		total = PERFORMANCE_FLOOD_MAX;
	for (int slice = 0; slice < FLOOD_SLICE && *sent < total; slice++, ++*sent)
		if (send_syn(cue, cue->party->fresh, *sent) < 0) {
			if (errno != EAGAIN && errno != ENOBUFS)
				return cue_fail(cue, "send");
			break;
		}
	if (*sent < total)
		return cue_wait_until(cue, cue->now);
	close(party_take_fresh(cue->party));
	return ACT_DONE;
}
