/* log.c: the command that writes one record per connection. */
#include "report/log.h"

#include <assert.h>

#include "app/command.h"
#include "app/session.h"
#include "report/ways.h"

struct log {
	const struct log_format *format;
	struct page page; /* the session's, and what is kept from record to record */
	struct ways ways;
	bool has_head;
};

static void write_head(struct log *log)
{
	if (log->format->head && !log->has_head)
		log->format->head(&log->page);
	log->has_head = true;
}

static void flow_ended(void *context, const struct event *event)
{
	struct log *log = context;

	if (!page_wants(&log->page, event->flow))
		return;
	write_head(log);
	log->format->record(&log->page, event->flow);
}

enum status log_run(const struct settings *settings)
{
	struct session_plan plan = { .streams = true };
	enum status status;
	struct session *session = session_open(settings, &plan, &status);
	struct log log = { .has_head = false };

	if (!session)
		return status;
	log.format = log_format_find(settings->format ? settings->format : "text");
	log.page = *session_page(session);
	log.page.ways = &log.ways;
	assert(log.format);
	if (!log.format->dated)
		write_head(&log);
	session_listen(session, event_bit(EVENT_FLOW_ENDED), flow_ended, &log);
	if (session_read(session)) {
		write_head(&log);
		if (log.format->foot)
			log.format->foot(&log.page);
		session_warn(session);
	}
	return session_end(session);
}
