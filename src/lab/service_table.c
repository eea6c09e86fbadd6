/* service_table.c: the table of services. */

#include <netinet/in.h>
#include <string.h>

#include "lab/service.h"
#include "lab/visitor.h"

/* clang-format off */
static const struct service_row rows[] = {
	{ "echo",     "says everything back",                                        IPPROTO_TCP, 7007, SPEECH_BYTES,  false, &echo_ops },
	{ "chat",     "passes each line on to all the others, until you say bye",    IPPROTO_TCP, 7008, SPEECH_LINES,  false, &chat_ops },
	{ "exec",     "runs harmless commands from its own list, in framed messages", IPPROTO_TCP, 7009, SPEECH_FRAMES, false, &exec_ops },
	{ "files",    "lists one folder and sends files from it: list, get NAME",    IPPROTO_TCP, 7010, SPEECH_LINES,  true,  &files_ops },
	{ "udp-echo", "sends every datagram back",                                   IPPROTO_UDP, 7007, SPEECH_LINES,  false, &udp_echo_ops },
	{ "udp-chat", "passes each datagram on to all the others, until you say bye", IPPROTO_UDP, 7008, SPEECH_LINES,  false, &udp_chat_ops },
};
/* clang-format on */

const struct service_row *service_rows(size_t *count)
{
	*count = sizeof(rows) / sizeof(rows[0]);
	return rows;
}

const struct service_row *service_find(const char *name)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}
