/* finding.c: the table of findings, and which of them hold for a flow. */

#include "diagnose/finding.h"

#include <string.h>

#include "diagnose/rows.h"

static const struct finding table[] = {
#define X(code, severity, summary)                                                                 \
	{ #code, summary, SEVERITY_##severity, holds_##code, explain_##code },
	FINDINGS(X)
#undef X
};

enum { FINDING_COUNT = sizeof(table) / sizeof(table[0]) };

const struct finding *findings(size_t *count)
{
	*count = FINDING_COUNT;
	return table;
}

const struct finding *finding_find(const char *code)
{
	for (size_t i = 0; i < FINDING_COUNT; i++) {
		if (strcmp(table[i].code, code) == 0)
			return &table[i];
	}
	return NULL;
}

size_t findings_of(const struct flow *flow, const struct finding **found, size_t most)
{
	size_t count = 0;

	for (int severity = SEVERITY_FAILURE; severity > SEVERITY_NONE; severity--) {
		for (size_t i = 0; i < FINDING_COUNT && count < most; i++) {
			if ((int)table[i].severity == severity && table[i].holds(flow))
				found[count++] = &table[i];
		}
	}
	return count;
}

enum severity flow_severity(const struct flow *flow)
{
	const struct finding *worst;

	return findings_of(flow, &worst, 1) > 0 ? worst->severity : SEVERITY_NONE;
}
