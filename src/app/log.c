/* log.c: the command that writes one record per connection. */
#include "report/log.h"

#include <assert.h>

#include "app/command.h"
#include "app/session.h"

struct log {
	const struct log_format *format;
	const struct page *page;
};

static void flow_ended(void *context, const struct event *event)
{
	const struct log *log = context;

	if (page_wants(log->page, event->flow))
		log->format->record(log->page, event->flow);
}

enum status log_run(const struct settings *settings)
{
	struct session_plan plan = { .streams = true };
	enum status status;
	struct session *session = session_open(settings, &plan, &status);
	struct log log;

	if (!session)
		return status;
	log.format = log_format_find(settings->format ? settings->format : "text");
	log.page = session_page(session);
	assert(log.format);
	if (log.format->head)
		log.format->head(log.page);
	session_listen(session, event_bit(EVENT_FLOW_ENDED), flow_ended, &log);
	if (session_read(session))
		session_warn(session);
	return session_end(session);
}
