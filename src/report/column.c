/* column.c: the table of columns. The record's part is a contract: keys stay, more may follow. */

#include "report/column.h"

#include <string.h>

#include "report/values.h"

/* clang-format off */

/* S a string, N a number, R raw JSON: key and value, title and show in tables, meaning. */
#define S(key, title, show, meaning)                                                               \
	{ #key, title, meaning, FORM_STRING, false, value_##key, value_##show }
#define N(key, title, show, meaning)                                                               \
	{ #key, title, meaning, FORM_NUMBER, true, value_##key, value_##show }
#define R(key, meaning) { #key, NULL, meaning, FORM_RAW, false, value_##key, NULL }

/* In the record, but nobody works it out yet. */
#define LATER(form, key, meaning) { #key, NULL, meaning, form, false, value_nothing, NULL }

static const struct column record[] = {
	N(id,             "#",            id,                "number, in the order of opening"),
	S(proto,          "Prt",          proto,             "tcp or udp"),
	S(client,         "Client",       client,            "address of the client"),
	N(client_port,    "Port",         client_port,       "port of the client"),
	S(server,         "Server",       server,            "address of the server"),
	N(server_port,    "Port",         server_port,       "port of the server"),
	N(start,          "Start",        start_date,        "first frame, seconds since 1970"),
	N(duration,       "Duration",     duration_span,     "first to last frame, seconds"),
	S(client_state,   "Client state", client_state_mark, "the client's TCP state (RFC 9293)"),
	S(server_state,   "Server state", server_state_mark, "the server's TCP state (RFC 9293)"),
	R(client_path,                    "states that the client went through"),
	R(server_path,                    "states that the server went through"),
	S(opening,        "Opening",      opening,           "how it began"),
	S(closing,        "Closing",      closing,           "how it ended, or did not"),
	LATER(FORM_STRING, conn_state,    "conn_state of Zeek's conn.log"),
	LATER(FORM_STRING, history,       "history of Zeek's conn.log"),
	N(completeness,   "Compl",        completeness,      "Wireshark's tcp.completeness"),
	N(client_packets, "Sent",         client_packets,    "packets from the client"),
	N(server_packets, "Rcvd",         server_packets,    "packets from the server"),
	LATER(FORM_NUMBER, client_bytes,  "the client's sequence span, Zeek's orig_bytes"),
	LATER(FORM_NUMBER, server_bytes,  "the server's sequence span, Zeek's resp_bytes"),
	N(client_payload, "Sent",         client_size,       "payload bytes, repeats included"),
	N(server_payload, "Rcvd",         server_size,       "payload bytes, repeats included"),
	N(stream,         "Stream",       stream,            "Wireshark's tcp.stream"),
	N(irtt,           "iRTT",         irtt_span,         "last SYN to first ACK, seconds"),
	N(syn_rtt,        "SYN RTT",      syn_rtt_span,      "SYN to SYN-ACK, seconds"),
	N(ack_rtt,        "ACK RTT",      ack_rtt_span,      "SYN-ACK to ACK, seconds"),
	N(syn_count,      "SYNs",         syn_count,         "SYNs from the client"),
	N(synack_count,   "SYN-ACKs",     synack_count,      "SYN-ACKs from the server"),
	LATER(FORM_RAW, retransmissions,          "retransmissions of each end"),
	LATER(FORM_RAW, fast_retransmissions,     "fast retransmissions of each end"),
	LATER(FORM_RAW, spurious_retransmissions, "retransmissions of what was acknowledged"),
	LATER(FORM_RAW, out_of_order,             "segments out of order of each end"),
	LATER(FORM_RAW, duplicate_acks,           "duplicate ACKs of each end"),
	LATER(FORM_RAW, lost_segments,            "gaps in what was captured of each end"),
	LATER(FORM_RAW, zero_windows,             "windows closed by each end"),
	LATER(FORM_RAW, window_full,              "times that each end filled the peer's window"),
	LATER(FORM_RAW, keep_alives,              "keep-alives of each end"),
	R(resets,                                 "resets of each end"),
	LATER(FORM_RAW, duplicates,               "packets of each end that were captured twice"),
	R(findings,                               "what went wrong, and the frames that show it"),
	LATER(FORM_STRING, community_id,          "Community ID v1"),
	R(client_state_presumed,  "whether the client's state is not proven by what it sent"),
	R(server_state_presumed,  "whether the server's state is not proven by what it sent"),
	S(outcome,        "Outcome",      outcome,           "what became of it, in a word or two"),
	N(first_frame,    "First",        first_frame,       "its first frame"),
	N(last_frame,     "Last",         last_frame,        "its last frame"),
	S(tunnel,         "Tunnel",       tunnel,            "the tunnels it was found in, outermost first"),
};

/* Only for tables that people read. */
static const struct column drawn[] = {
	S(client_end,     "Client",       client_end,        "address and port of the client"),
	S(server_end,     "Server",       server_end,        "address and port of the server"),
	S(open,           "Open",         open,              "the handshake, an arrow per segment"),
	S(close,          "Close",        close,             "the goodbye, an arrow per segment"),
	S(finding,        "Finding",      finding,           "the worst that was found, in few words"),
	N(age,            "Age",          age,               "from its first frame to its end or now"),
};
/* clang-format on */

#undef S
#undef N
#undef R
#undef LATER

enum {
	RECORD_COLUMNS = sizeof(record) / sizeof(record[0]),
	DRAWN_COLUMNS = sizeof(drawn) / sizeof(drawn[0]),
};

const struct column *columns(size_t *count)
{
	*count = RECORD_COLUMNS;
	return record;
}

const struct column *column_find(const char *key)
{
	for (size_t i = 0; i < RECORD_COLUMNS; i++) {
		if (strcmp(record[i].key, key) == 0)
			return &record[i];
	}
	for (size_t i = 0; i < DRAWN_COLUMNS; i++) {
		if (strcmp(drawn[i].key, key) == 0)
			return &drawn[i];
	}
	return NULL;
}

void column_show(struct text *text, const struct page *page, const struct flow *flow,
                 const struct column *column)
{
	size_t before = text->length;

	(column->show != NULL ? column->show : column->value)(text, page, flow);
	if (text->length == before && column->form == FORM_NUMBER)
		text_add_char(text, '-');
}
