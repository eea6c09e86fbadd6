/* stat.c: the command that shows what netstat would have shown. */
#include "report/stat.h"

#include "app/command.h"
#include "app/intake.h"
#include "app/kernel.h"
#include "app/session.h"

struct stat {
	const struct settings *settings;
	struct kernel *kernel; /* NULL: it is not asked */
};

static struct stat_options options_of(const struct settings *settings)
{
	return (struct stat_options){
		.tcp = settings->tcp,
		.udp = settings->udp,
		.ipv4 = settings->ipv4,
		.ipv6 = settings->ipv6,
		.all = settings->all,
		.listening = settings->listening,
		.timers = settings->timers,
	};
}

static void endpoints_show(const struct page *page, struct stat *stat,
                           struct stat_options *options)
{
	struct error err;

	if (stat->kernel && kernel_look(stat->kernel, options, &err) < 0)
		complain(&err, STATUS_REFUSED);
	stat_endpoints(page, options);
	if (stat->kernel)
		kernel_write_unseen(stat->kernel, page, options);
}

static void stat_show(void *context, struct session *session)
{
	struct stat *stat = context;
	struct stat_options options = options_of(stat->settings);
	const struct page *page = session_page(session);

	if (stat->settings->statistics)
		stat_statistics(page, &options);
	else if (stat->settings->by == BY_CONNECTION)
		stat_connections(page, &options);
	else
		endpoints_show(page, stat, &options);
}

/* The same table again, a line apart. */
static void stat_again(void *context, struct session *session)
{
	struct error err;

	stat_show(context, session);
	output_add_char(session_page(session)->output, '\n');
	output_flush(session_page(session)->output, &err);
}

static enum status usage_check(const struct settings *settings)
{
	bool asks_kernel = settings->programs || settings->kernel;
	struct error err = { .remedy = "" };

	if (settings->every >= 0 && !intake_is_live(settings))
		error_set(&err, "--every: only with -i");
	else if (settings->every == 0)
		error_set(&err, "--every: more than 0 seconds");
	else if (asks_kernel && !intake_is_live(settings))
		error_set(&err, "-p and --kernel: only with -i: the sockets of a capture are "
		                "not this host's");
	else if (asks_kernel && settings->netns)
		error_set(&err, "-p and --kernel: not with --netns: they show this namespace");
	else
		return STATUS_DONE;
	return complain(&err, STATUS_USAGE);
}

enum status stat_run(const struct settings *settings)
{
	struct session_plan plan = { .twice = false };
	struct stat stat = { .settings = settings };
	enum status status = usage_check(settings);
	struct session *session;
	struct error err;

	if (status != STATUS_DONE)
		return status;
	if ((settings->programs || settings->kernel) &&
	    !(stat.kernel = kernel_open(settings, &err)))
		return complain(&err, STATUS_REFUSED);
	session = session_open(settings, &plan, &status);
	if (session) {
		if (settings->every >= 0)
			session_every(session, settings->every, stat_again, &stat);
		if (session_read(session))
			stat_show(&stat, session);
		status = session_end(session);
	}
	kernel_free(stat.kernel);
	return status;
}
