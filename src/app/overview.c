/* overview.c: the command that a bare file name stands for. */
#include "report/overview.h"

#include "app/command.h"
#include "app/session.h"

enum { TOP_USUAL = 20 };

enum status overview_run(const struct settings *settings)
{
	struct session_plan plan = { .twice = false };
	int top = settings->top != UINT64_MAX ? (int)settings->top : TOP_USUAL;
	enum status status;
	struct session *session = session_open(settings, &plan, &status);

	if (!session)
		return status;
	if (session_read(session))
		overview_write(session_page(session), top);
	return session_end(session);
}
