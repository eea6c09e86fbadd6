/* bindings.c: which key does what, and where. */

/*
 * Keys, the bottom line's hints, the help page and the man page all come from
 * here. The first row that fits wins: so the rows of one view stand before
 * those of all views, and the replay's come last. Within one place no key has
 * two meanings. Capitals change the view, or are the stronger brother of a
 * small letter.
 */

#include "tui/key.h"

#define CTRL(letter) ((letter)&0x1f)
#define F(number) (KEY_CODE_F1 + (number)-1)

enum {
	IN_TABLES = IN_FLOWS | IN_FLOW | IN_PLOTS, /* where a flow is selected, or shown */
	IN_LADDERS = IN_FLOW | IN_PLOTS,
};

/* clang-format off */
static const struct binding rows[] = {
	/* ---- the quiz: before the lab, beside which it stands ---- */
	{ IN_QUIZ, { '1', '2', '3' }, ACTION_ANSWER, "to 4 answer",
	  "Answer with the choice of this number." },
	{ IN_QUIZ, { '4' }, ACTION_ANSWER, NULL, NULL },

	/* ---- flows ---- */
	{ IN_FLOWS, { KEY_CODE_ENTER, KEY_CODE_DOUBLE_CLICK }, ACTION_OPEN, "ladder",
	  "Show this connection: every step of its life, as a ladder." },
	{ IN_FLOWS, { '/' }, ACTION_FILTER, "filter",
	  "Show only some connections, in the words of --where (state:time_wait port:443)." },
	{ IN_FLOWS, { 's' }, ACTION_SORT, "sort",
	  "Choose the column to sort by." },
	{ IN_FLOWS, { 'i' }, ACTION_SORT_BACKWARDS, NULL,
	  "Turn the order around." },
	{ IN_FLOWS, { 'f' }, ACTION_FREEZE, "freeze",
	  "Hold the rows where they are, or let them go on; nothing is missed meanwhile." },
	{ IN_FLOWS, { 'c' }, ACTION_COLUMNS, NULL,
	  "Choose the columns." },
	{ IN_FLOWS, { 'm' }, ACTION_MARK, NULL,
	  "Mark this connection, so that it is easy to find again." },
	{ IN_FLOWS, { 'H' }, ACTION_HIDE_CLOSED, NULL,
	  "Hide connections some seconds after they have closed." },
	{ IN_FLOWS, { 'B' }, ACTION_CAPTURE_FILTER, NULL,
	  "Change the capture filter (pcap-filter syntax), without leaving." },

	/* ---- one connection ---- */
	{ IN_FLOW, { ' ', 'm' }, ACTION_MARK, "mark",
	  "Mark this segment: two marks tell the time and the bytes between them." },
	{ IN_FLOW, { 'u', KEY_CODE_ENTER, KEY_CODE_DOUBLE_CLICK }, ACTION_UNFOLD, "unfold",
	  "Show the data segments that were folded into one line, or fold them again." },
	{ IN_FLOW, { 'd' }, ACTION_DETAIL, "detail",
	  "Show or hide everything about the selected segment." },
	{ IN_LADDERS, { KEY_CODE_TAB, KEY_CODE_BACK_TAB }, ACTION_PAGE, "page",
	  "Turn to the other page: the ladder, or counters and plots." },
	{ IN_FLOW, { 't' }, ACTION_TIMES, "times",
	  "Count times from the first segment, from the one before, or as the clock had them." },
	{ IN_FLOW, { 'a' }, ACTION_NUMBERS, "numbers",
	  "Count sequence numbers from the start, or as they were sent." },

	/* ---- the lab ---- */
	{ IN_LAB, { KEY_CODE_ENTER, KEY_CODE_DOUBLE_CLICK }, ACTION_RUN, "run",
	  "Run this scenario, or start this service." },
	{ IN_LAB, { 's' }, ACTION_RUN_STEPWISE, "stepwise",
	  "Run this scenario one act per key press." },
	{ IN_LAB, { ' ' }, ACTION_NEXT_ACT, "next act",
	  "Do the next act." },
	{ IN_LAB, { 'x' }, ACTION_STOP, "stop",
	  "Stop this service or scenario." },
	{ IN_LAB, { 'z' }, ACTION_QUIZ, "quiz",
	  "Be asked which state each end is in, before it is shown." },
	{ IN_LAB, { KEY_CODE_TAB, KEY_CODE_BACK_TAB }, ACTION_PAGE, "group",
	  "Go to the services, or back to the scenarios." },

	/* ---- a list to choose from ---- */
	{ IN_CHOOSER, { KEY_CODE_ENTER, KEY_CODE_DOUBLE_CLICK }, ACTION_OPEN, "done",
	  "Sort by this; or show the columns that are on." },
	{ IN_CHOOSER, { ' ' }, ACTION_MARK, "on, off",
	  "Show this column, or do not; or sort by it." },

	/* ---- many views ---- */
	{ IN_FLOWS | IN_FLOW, { 'o' }, ACTION_FOLLOW, NULL,
	  "Stay with the newest." },
	{ IN_LAB | IN_HELP, { '/', '\\', F(3) }, ACTION_SEARCH, NULL, "Search for words." },
	{ IN_FLOWS | IN_FLOW, { '\\', F(3) }, ACTION_SEARCH, NULL,
	  "Search for words." },
	{ IN_FLOWS | IN_FLOW | IN_LAB | IN_HELP, { 'n', 'N' }, ACTION_SEARCH_NEXT, NULL,
	  "Go to the next place that has these words; N to the one before." },
	{ IN_VIEWS, { 'F', F(2) }, ACTION_FLOWS, NULL,
	  "All connections." },
	{ IN_VIEWS, { 'L' }, ACTION_LAB, "lab",
	  "The lab: scenarios and services to try." },
	{ IN_VIEWS, { 'S' }, ACTION_STATES, "states",
	  "The diagram of states, with how many ends are in each." },
	{ IN_TABLES, { 'w' }, ACTION_SAVE_PACKETS, "save",
	  "Save the packets of this connection to a file." },
	{ IN_TABLES, { 'W' }, ACTION_SAVE_LADDER, NULL,
	  "Save its ladder to a file, as text." },
	{ IN_ALL & ~IN_HELP, { '?', F(1) }, ACTION_HELP, "help",
	  "Keys and signs, explained." },
	{ IN_HELP, { '?', F(1) }, ACTION_BACK, NULL, NULL },
	{ IN_ALL, { KEY_CODE_ESCAPE, 'q' }, ACTION_BACK, "back",
	  "Go back; from the first view, q leaves." },
	{ IN_ALL, { 'Q', F(10), CTRL('D') }, ACTION_QUIT, NULL,
	  "Leave at once." },
	{ IN_ALL, { CTRL('L') }, ACTION_REDRAW, NULL,
	  "Draw the screen anew." },

	/* ---- moving ---- */
	{ IN_LISTS, { KEY_CODE_UP, 'k', KEY_CODE_WHEEL_UP }, ACTION_UP, NULL,
	  "One line up." },
	{ IN_LISTS, { KEY_CODE_DOWN, 'j', KEY_CODE_WHEEL_DOWN }, ACTION_DOWN, NULL,
	  "One line down." },
	{ IN_LISTS, { KEY_CODE_PAGE_UP, CTRL('B') }, ACTION_PAGE_UP, NULL,
	  "One screen up." },
	{ IN_LISTS, { KEY_CODE_PAGE_DOWN, CTRL('F') }, ACTION_PAGE_DOWN, NULL,
	  "One screen down." },
	{ IN_LISTS, { KEY_CODE_HOME, 'g' }, ACTION_FIRST, NULL,
	  "To the first line." },
	{ IN_LISTS, { KEY_CODE_END, 'G' }, ACTION_LAST, NULL,
	  "To the last line." },
	{ IN_VIEWS | IN_CHOOSER, { KEY_CODE_LEFT, 'h' }, ACTION_LEFT, NULL,
	  "To the left." },
	{ IN_VIEWS | IN_CHOOSER, { KEY_CODE_RIGHT, 'l' }, ACTION_RIGHT, NULL,
	  "To the right." },

	/* ---- a capture that is played, in any view: last ---- */
	{ IN_REPLAY, { 'p', ' ' }, ACTION_PAUSE, "pause",
	  "Stop the clock of the capture, or let it go on." },
	{ IN_REPLAY, { ']', '.' }, ACTION_STEP, "step",
	  "One segment on." },
	{ IN_REPLAY, { '[', ',' }, ACTION_STEP_BACK, "step back",
	  "One segment back." },
	{ IN_REPLAY, { '+', '=' }, ACTION_FASTER, "faster",
	  "Play faster." },
	{ IN_REPLAY, { '-' }, ACTION_SLOWER, "slower",
	  "Play slower." },
	{ IN_REPLAY, { 'T' }, ACTION_GO_TO_TIME, "time",
	  "Go to a time: 12:00:04, or 4.2s from the start." },
	{ IN_REPLAY, { 'r' }, ACTION_NEXT_RESET, "reset",
	  "Go to the next reset." },
	{ IN_REPLAY, { 'e' }, ACTION_NEXT_FAILURE, "failure",
	  "Go to the next handshake that failed." },
	{ IN_REPLAY, { '<' }, ACTION_TO_START, NULL,
	  "To the start of the capture." },
	{ IN_REPLAY, { '>' }, ACTION_TO_END, NULL,
	  "To the end of the capture." },
};
/* clang-format on */

const struct binding *bindings(size_t *count)
{
	*count = sizeof(rows) / sizeof(rows[0]);
	return rows;
}
