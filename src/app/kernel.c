/* kernel.c: this host's own sockets beside what the wire showed. */
#include "app/kernel.h"

#include <stdlib.h>
#include <string.h>

#include "host/sockets.h"

struct kernel {
	const struct settings *settings;
	struct sockets sockets;
	struct owners *owners;
};

/* Mini-sockets have numbers of their own. */
enum tcp_state kernel_socket_state(const struct socket_entry *entry)
{
	static const uint8_t states[SOCKET_STATE_COUNT] = {
		[SOCKET_ESTABLISHED] = ST_ESTABLISHED, [SOCKET_SYN_SENT] = ST_SYN_SENT,
		[SOCKET_SYN_RECV] = ST_SYN_RECEIVED,   [SOCKET_NEW_SYN_RECV] = ST_SYN_RECEIVED,
		[SOCKET_FIN_WAIT1] = ST_FIN_WAIT_1,    [SOCKET_FIN_WAIT2] = ST_FIN_WAIT_2,
		[SOCKET_TIME_WAIT] = ST_TIME_WAIT,     [SOCKET_CLOSE] = ST_CLOSED,
		[SOCKET_CLOSE_WAIT] = ST_CLOSE_WAIT,   [SOCKET_LAST_ACK] = ST_LAST_ACK,
		[SOCKET_LISTEN] = ST_LISTEN,           [SOCKET_CLOSING] = ST_CLOSING,
	};

	return entry && entry->state < SOCKET_STATE_COUNT ? (enum tcp_state)states[entry->state]
	                                                  : ST_UNKNOWN;
}

/* A listener on all addresses serves each of them; one on :: serves IPv4 as well. */
static const struct socket_entry *find_listener(const struct sockets *sockets,
                                                const struct stat_end *end)
{
	static const struct address any;
	const struct socket_entry *entry;

	entry = sockets_find(sockets, (uint8_t)end->protocol, (uint8_t)end->family, end->local,
	                     end->local_port, &any, 0);
	if (!entry)
		entry = sockets_find(sockets, (uint8_t)end->protocol, (uint8_t)end->family, &any,
		                     end->local_port, &any, 0);
	if (!entry && end->family == FAMILY_IPV4)
		entry = sockets_find(sockets, (uint8_t)end->protocol, FAMILY_IPV6, &any,
		                     end->local_port, &any, 0);
	return entry;
}

static const struct socket_entry *find(const struct sockets *sockets, const struct stat_end *end)
{
	const struct socket_entry *entry;

	if (!end->remote)
		return find_listener(sockets, end);
	entry = sockets_find(sockets, (uint8_t)end->protocol, (uint8_t)end->family, end->local,
	                     end->local_port, end->remote, end->remote_port);
	/* A datagram socket without a peer serves them all. */
	if (!entry && end->protocol == PROTOCOL_UDP)
		entry = find_listener(sockets, end);
	return entry;
}

static void add_program(struct text *text, void *context, const struct stat_end *end)
{
	const struct kernel *kernel = context;
	const struct socket_entry *entry = find(&kernel->sockets, end);
	struct owner owner = { .pid = 0 };

	if (entry)
		owner = owners_find(kernel->owners, entry->inode);
	if (owner.pid == 0)
		text_add_char(text, '-');
	else
		text_format(text, "%d/%s", owner.pid, owner.name);
}

/* What is known of why the kernel may see it otherwise. */
static const char *reason_of(const struct stat_end *end, const struct socket_entry *entry)
{
	if (!entry)
		return "the kernel has no such socket: another host's, or gone meanwhile";
	if (kernel_socket_state(entry) == ST_SYN_RECEIVED && end->state == ST_ESTABLISHED)
		return "its ACK was dropped: the accept queue is full, or accept is deferred";
	if (entry->state == SOCKET_FIN_WAIT1 && end->state == ST_FIN_WAIT_2)
		return "the ACK of its FIN has not arrived";
	if (entry->inode == 0 && end->state != ST_TIME_WAIT)
		return "orphaned: no program holds it any more";
	return "the wire is not quiet yet";
}

static void add_kernel_state(struct text *text, void *context, const struct stat_end *end)
{
	const struct kernel *kernel = context;
	const struct socket_entry *entry = find(&kernel->sockets, end);
	bool is_same = entry && (end->protocol == PROTOCOL_UDP ||
	                         kernel_socket_state(entry) == end->state);

	text_add(text, is_same ? "  " : "! ");
	text_add(text, entry ? socket_state_name((enum socket_state)entry->state) : "-");
	if (!is_same)
		text_format(text, " (%s)", reason_of(end, entry));
}

struct kernel *kernel_open(const struct settings *settings, struct error *err)
{
	struct kernel *kernel = calloc(1, sizeof *kernel);

	if (!kernel) {
		error_set(err, "out of memory");
		return NULL;
	}
	kernel->settings = settings;
	if (sockets_open(&kernel->sockets, err) == 0)
		return kernel;
	free(kernel);
	return NULL;
}

void kernel_free(struct kernel *kernel)
{
	if (!kernel)
		return;
	sockets_close(&kernel->sockets);
	owners_free(kernel->owners);
	free(kernel);
}

int kernel_look(struct kernel *kernel, struct stat_options *options, struct error *err)
{
	const struct settings *settings = kernel->settings;

	owners_free(kernel->owners);
	kernel->owners = NULL;
	if (sockets_read(&kernel->sockets, true, true, err) < 0)
		return -1;
	if (settings->programs && !(kernel->owners = owners_read(err)))
		return -1;
	options->extra_count = 0;
	if (settings->kernel)
		options->extras[options->extra_count++] = (struct stat_extra){
			.title = "  Kernel",
			.width = 13,
			.cell = add_kernel_state,
			.context = kernel,
		};
	if (settings->programs)
		options->extras[options->extra_count++] = (struct stat_extra){
			.title = "PID/Program name",
			.width = 20,
			.cell = add_program,
			.context = kernel,
		};
	return 0;
}

static bool is_of_flow(const struct socket_entry *entry, const struct flow *flow, enum side side)
{
	enum side peer = side == CLIENT ? SERVER : CLIENT;

	return flow->key.protocol == entry->protocol && flow->key.family == entry->family &&
	       flow->key.port[side] == entry->local_port &&
	       flow->key.port[peer] == entry->remote_port &&
	       address_equal(&flow->key.address[side], &entry->local) &&
	       address_equal(&flow->key.address[peer], &entry->remote);
}

static bool was_seen(const struct page *page, const struct socket_entry *entry)
{
	const struct flow *flow = NULL;

	while ((flow = tracker_next(page->tracker, flow))) {
		if (is_of_flow(entry, flow, CLIENT) || is_of_flow(entry, flow, SERVER))
			return true;
	}
	return false;
}

/* Only connections: that a listener was not heard of is no news. */
static bool is_asked_for(const struct socket_entry *entry, const struct stat_options *options)
{
	bool wants_all = options->tcp == options->udp;

	if (entry->remote_port == 0)
		return false;
	return wants_all || (entry->protocol == PROTOCOL_TCP ? options->tcp : options->udp);
}

static void write_unseen(const struct page *page, const struct socket_entry *entry)
{
	char storage[160];
	struct text text = text_over(storage, sizeof storage);

	address_add_port(&text, (enum family)entry->family, &entry->local, entry->local_port);
	text_add(&text, "  ");
	address_add_port(&text, (enum family)entry->family, &entry->remote, entry->remote_port);
	output_format(page->output, "%s   %s  %s\n",
	              entry->protocol == PROTOCOL_TCP ? "tcp" : "udp", storage,
	              socket_state_name((enum socket_state)entry->state));
}

/* Those in TIME_WAIT only wait; and a filter would have hidden what it did not want. */
void kernel_write_unseen(struct kernel *kernel, const struct page *page,
                         const struct stat_options *options)
{
	bool has_head = false;
	uint64_t waiting = 0;

	if (!kernel->settings->kernel || kernel->settings->filter)
		return;
	for (size_t i = 0; i < kernel->sockets.count; i++) {
		const struct socket_entry *entry = &kernel->sockets.entries[i];

		if (!is_asked_for(entry, options) || was_seen(page, entry))
			continue;
		if (entry->state == SOCKET_TIME_WAIT) {
			waiting++;
			continue;
		}
		if (!has_head)
			output_add(page->output, "The kernel also has, silent on this wire:\n");
		has_head = true;
		write_unseen(page, entry);
	}
	if (waiting > 0)
		output_format(page->output, "The kernel also has %llu in TIME_WAIT\n",
		              (unsigned long long)waiting);
}
