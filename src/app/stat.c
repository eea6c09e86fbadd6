/* stat.c: the command that shows what netstat would have shown. */
#include "report/stat.h"

#include "app/command.h"
#include "app/session.h"

static void stat_show(const struct page *page, const struct settings *settings)
{
	struct stat_options options = {
		.tcp = settings->tcp,
		.udp = settings->udp,
		.ipv4 = settings->ipv4,
		.ipv6 = settings->ipv6,
		.all = settings->all,
		.listening = settings->listening,
		.timers = settings->timers,
	};

	if (settings->statistics)
		stat_statistics(page, &options);
	else if (settings->by == BY_CONNECTION)
		stat_connections(page, &options);
	else
		stat_endpoints(page, &options);
}

enum status stat_run(const struct settings *settings)
{
	struct session_plan plan = { .twice = false };
	enum status status;
	struct session *session = session_open(settings, &plan, &status);

	if (!session)
		return status;
	if (session_read(session))
		stat_show(session_page(session), settings);
	return session_end(session);
}
