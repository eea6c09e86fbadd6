/* finding.h: what went wrong with a connection, in words, with the frames that show it. */
#ifndef DIAGNOSE_FINDING_H
#define DIAGNOSE_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "track/flow.h"

/* How bad it is for the person whose connection it was; orders the overview, worst first. */
enum severity { SEVERITY_NONE, SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_FAILURE };

enum { EVIDENCE_MAX = 6 };

struct evidence {
	uint64_t frames[EVIDENCE_MAX];
	int count;
};

/* One row of the table of findings. */
struct finding {
	const char *code;      /* "refused": a contract, for --where finding:refused and JSON */
	const char *summary;   /* "nobody listens, or a firewall rejects" */
	enum severity severity;
	bool (*holds)(const struct flow *flow);
	void (*explain)(struct text *text, const struct flow *flow, struct evidence *evidence);
};

const struct finding *findings(size_t *count);
const struct finding *finding_find(const char *code);

/* The findings that hold for the flow, worst first; returns how many, at most `most`. */
size_t findings_of(const struct flow *flow, const struct finding **found, size_t most);

/* One or two words for tables: "refused", "no answer", "half-closed", "closed", "open"... */
const char *flow_outcome(const struct flow *flow);
/* The handshake succeeded, but not with the first SYN. */
bool flow_was_retried(const struct flow *flow);

enum severity flow_severity(const struct flow *flow);

#endif
