/* flows_columns.c: the columns of the list of flows, and which of them fit. */

#include <string.h>

#include "base/time.h"
#include "report/column.h"
#include "tui/flows_parts.h"
#include "tui/shorten.h"

enum { CELL_MOST = 160, GUTTER = 3 };

/* ---- what stands in a cell ---- */

static struct page page_of(const struct flows_cell *cell)
{
	struct page page = *cell->tui->scene.page;

	page.ascii = canvas_is_ascii(cell->canvas);
	return page;
}

static void put_words(const struct flows_cell *cell, const struct flows_column *column,
                      enum paint paint, const char *words)
{
	char storage[CELL_MOST];
	struct text text = text_over(storage, sizeof(storage));

	short_words(&text, words, (size_t)cell->room);
	if (column->right)
		canvas_put_right(cell->canvas, cell->row, cell->column, cell->room, look_of(paint),
		                 storage);
	else
		canvas_put(cell->canvas, cell->row, cell->column, cell->room, look_of(paint),
		           storage);
}

/* As every table has it, but without blanks: "4.2 s" is "4.2s". */
static void put_value(const struct flows_cell *cell, const struct flows_column *column)
{
	char value[CELL_MOST], words[CELL_MOST];
	struct text text = text_over(value, sizeof(value));
	struct page page = page_of(cell);
	char *to = words;

	column_show(&text, &page, cell->flow, column_find(column->key));
	for (const char *from = value; *from != '\0'; from++) {
		if (*from != ' ')
			*to++ = *from;
	}
	*to = '\0';
	put_words(cell, column, PAINT_PLAIN, words);
}

static void put_end(const struct flows_cell *cell, const struct flows_column *column,
                    enum side side)
{
	char words[CELL_MOST];
	struct text text = text_over(words, sizeof(words));

	short_end(&text, cell->flow, side, (size_t)cell->room);
	put_words(cell, column, PAINT_PLAIN, words);
}

static void put_client(const struct flows_cell *cell, const struct flows_column *column)
{
	put_end(cell, column, CLIENT);
}

static void put_server(const struct flows_cell *cell, const struct flows_column *column)
{
	put_end(cell, column, SERVER);
}

static void put_open(const struct flows_cell *cell, const struct flows_column *column)
{
	char words[CELL_MOST];
	struct text text = text_over(words, sizeof(words));
	enum opening opening = flow_opening(cell->flow);
	bool is_bad = opening == OPENING_REFUSED || opening == OPENING_UNREACHABLE ||
	              opening == OPENING_UNANSWERED;

	column_open_progress(&text, cell->flow, canvas_is_ascii(cell->canvas));
	put_words(cell, column, is_bad ? PAINT_TROUBLE : PAINT_OPENING, words);
}

static void put_close(const struct flows_cell *cell, const struct flows_column *column)
{
	char words[CELL_MOST];
	struct text text = text_over(words, sizeof(words));
	enum closing closing = flow_closing(cell->flow);
	bool is_bad = closing == CLOSING_RESET_BY_CLIENT || closing == CLOSING_RESET_BY_SERVER;

	column_close_progress(&text, cell->flow, canvas_is_ascii(cell->canvas));
	put_words(cell, column, is_bad ? PAINT_TROUBLE : PAINT_CLOSING, words);
}

static void put_client_state(const struct flows_cell *cell, const struct flows_column *column)
{
	(void)column;
	put_state(cell->canvas, cell->row, cell->column, cell->room, cell->flow, CLIENT);
}

static void put_server_state(const struct flows_cell *cell, const struct flows_column *column)
{
	(void)column;
	put_state(cell->canvas, cell->row, cell->column, cell->room, cell->flow, SERVER);
}

static void put_number(const struct flows_cell *cell, const struct flows_column *column,
                       uint64_t number, const char *unit)
{
	char words[CELL_MOST];
	struct text text = text_over(words, sizeof(words));

	short_number(&text, number);
	if (number < 1000)
		text_add(&text, unit);
	put_words(cell, column, PAINT_PLAIN, words);
}

static void put_sent(const struct flows_cell *cell, const struct flows_column *column)
{
	put_number(cell, column, cell->flow->sent[CLIENT].payload, "B");
}

static void put_received(const struct flows_cell *cell, const struct flows_column *column)
{
	put_number(cell, column, cell->flow->sent[SERVER].payload, "B");
}

static void put_client_packets(const struct flows_cell *cell, const struct flows_column *column)
{
	put_number(cell, column, cell->flow->sent[CLIENT].packets, "");
}

static void put_server_packets(const struct flows_cell *cell, const struct flows_column *column)
{
	put_number(cell, column, cell->flow->sent[SERVER].packets, "");
}

static void put_repeats(const struct flows_cell *cell, const struct flows_column *column)
{
	put_number(cell, column, order_repeats(NULL, cell->flow).parts[0], "");
}

static void put_start(const struct flows_cell *cell, const struct flows_column *column)
{
	enum { TIME_OF_DAY = 11 };
	char words[CELL_MOST];
	struct text text = text_over(words, sizeof(words));

	time_add_date(&text, cell->flow->start, 3);
	put_words(cell, column, PAINT_PLAIN, words + TIME_OF_DAY);
}

/* Two letters of an explanation explain nothing: then its first words stand alone. */
static void leave_out_scraps(char *words, int room)
{
	enum { WORTH_READING = 10 };
	int head = (int)strcspn(words, ":,");

	if ((int)text_columns(words) > room && head <= room && head + WORTH_READING > room)
		words[head] = '\0';
}

static void put_note(const struct flows_cell *cell, const struct flows_column *column)
{
	char words[CELL_MOST];
	struct text text = text_over(words, sizeof(words));
	struct page page = page_of(cell);
	enum paint paint = flows_add_note(&text, &page, cell->flow);

	leave_out_scraps(words, cell->room);
	put_words(cell, column, paint, words);
}

/* ---- the table ---- */

/* clang-format off */
static const struct flows_column columns_table[] = {
	/* key              head            least most imp. right  usual  ages   put                 order */
	{ "id",             "#",               3,   9, 20,  true,  true,  false, put_value,          order_id, NULL },
	{ "client_end",     "CLIENT",         14,  21, 19,  false, true,  false, put_client,         order_client, NULL },
	{ "server_end",     "SERVER",         14,  21, 18,  false, true,  false, put_server,         order_server, NULL },
	{ "proto",          "PRT",             3,   3,  9,  false, false, false, put_value,          order_protocol, NULL },
	{ "open",           "OPEN",            5,   6, 17,  false, true,  false, put_open,           order_opening, NULL },
	{ "close",          "CLOSE",           5,   6, 16,  false, true,  false, put_close,          order_closing, NULL },
	{ "client_state",   "CLIENT STATE",   12,  13, 15,  false, true,  false, put_client_state,   order_client_state, NULL },
	{ "server_state",   "SERVER STATE",   12,  13, 14,  false, true,  false, put_server_state,   order_server_state, NULL },
	{ "irtt",           "iRTT",            6,   7, 10,  true,  true,  false, put_value,          order_irtt,
	  "last SYN to first ACK" },
	{ "syn_rtt",        "SYN-RTT",         7,   7,  4,  true,  false, false, put_value,          order_syn_rtt,
	  "SYN to SYN-ACK" },
	{ "ack_rtt",        "ACK-RTT",         7,   7,  3,  true,  false, false, put_value,          order_ack_rtt,
	  "SYN-ACK to ACK" },
	{ "client_payload", "SENT",            5,   6, 11,  true,  true,  false, put_sent,           order_sent,
	  "payload of the client, repeats included" },
	{ "server_payload", "RCVD",            5,   6, 11,  true,  true,  false, put_received,       order_received,
	  "payload of the server, repeats included" },
	{ "client_packets", "PKTS>",           5,   6,  6,  true,  false, false, put_client_packets, order_client_packets, NULL },
	{ "server_packets", "PKTS<",           5,   6,  5,  true,  false, false, put_server_packets, order_server_packets, NULL },
	{ "retransmissions", "REXM",           4,   5,  8,  true,  false, false, put_repeats,        order_repeats,
	  "retransmissions of both ends" },
	{ "start",          "START",          12,  12,  2,  true,  false, false, put_start,          order_start,
	  "time of day of its first frame, UTC" },
	{ "duration",       "DURATION",        8,   8,  2,  true,  false, false, put_value,          order_duration,
	  "from its first frame to its last" },
	{ "conn_state",     "ZEEK",            6,   6,  7,  false, false, false, put_value,          order_zeek, NULL },
	{ "stream",         "STREAM",          6,   7,  1,  true,  false, false, put_value,          order_stream, NULL },
	{ "age",            "AGE",             6,   7, 12,  true,  true,  true,  put_value,          order_age, NULL },
	{ "outcome",        "NOTE",           11,  60, 13,  false, true,  false, put_note,           order_note, NULL },
};
/* clang-format on */

enum { COLUMNS = sizeof(columns_table) / sizeof(columns_table[0]) };

const char *flows_column_meaning(const struct flows_column *column)
{
	return column->meaning ? column->meaning : column_find(column->key)->meaning;
}

const struct flows_column *flows_columns(size_t *count)
{
	*count = COLUMNS;
	return columns_table;
}
