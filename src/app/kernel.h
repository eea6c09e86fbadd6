/* kernel.h: this host's own sockets beside what the wire showed. */
#ifndef APP_KERNEL_H
#define APP_KERNEL_H

#include "app/options.h"
#include "base/error.h"
#include "report/page.h"
#include "report/stat.h"
#include "track/state.h"

struct kernel;
struct socket_entry;

/* The kernel's state as RFC 9293 has it; ST_UNKNOWN where there is no socket (NULL). */
enum tcp_state kernel_socket_state(const struct socket_entry *entry);

/* NULL and err where the kernel does not tell. */
struct kernel *kernel_open(const struct settings *settings, struct error *err);
void kernel_free(struct kernel *kernel);

/* Asks the kernel again, and adds the columns that the settings want. */
int kernel_look(struct kernel *kernel, struct stat_options *options, struct error *err);

/* After the table: with --kernel, the sockets that nothing was heard of. */
void kernel_write_unseen(struct kernel *kernel, const struct page *page,
                         const struct stat_options *options);

#endif
