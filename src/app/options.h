/* options.h: the one table of options, and what a command line says. */
#ifndef APP_OPTIONS_H
#define APP_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "packet/decode.h"

enum command_bit {
	FOR_OVERVIEW = 1 << 0,
	FOR_STAT = 1 << 1,
	FOR_LOG = 1 << 2,
	FOR_LADDER = 1 << 3,
	FOR_HELP = 1 << 4,
	FOR_VERSION = 1 << 5,
	FOR_DEMO = 1 << 6,
	FOR_LAB = 1 << 7,
	FOR_WATCH = 1 << 8,
	FOR_REPORTS = FOR_OVERVIEW | FOR_STAT | FOR_LOG | FOR_LADDER,
	FOR_READERS = FOR_REPORTS | FOR_WATCH,
	FOR_LIVE = FOR_STAT | FOR_LOG | FOR_LADDER | FOR_WATCH,
	FOR_ALL = (1 << 9) - 1,
};

/* The order of the choices in the table. */
enum colour { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER };
enum stat_by { BY_ENDPOINT, BY_CONNECTION };

enum { IDS_MOST = 64 };

/* "1,4,7-9". */
struct id_list {
	struct {
		uint64_t first, last;
	} ranges[IDS_MOST];
	int count;
};

struct tunnel_port_list {
	struct tunnel_port ports[TUNNEL_PORTS_MAX];
	uint32_t count;
};

/* All strings are lent from argv, except `filter`. */
struct settings {
	const char **files; /* from -r, or the words of the overview */
	size_t file_count;
	char *filter;     /* the trailing words; NULL if there are none */
	const char *const *words; /* of help, demo and lab: what they are about */
	size_t word_count;

	bool help, version, list_options, list_commands, list_keys;
	bool quiet, numeric, ascii;
	bool sandbox, recursive, follow, by_vlan, keep_duplicates, list_interfaces, programs, kernel;
	bool ignore_checksums;
	bool tcp, udp, all, listening, statistics, timers, ipv4, ipv6;
	bool absolute_numbers, samples;
	int colour;         /* enum colour */
	int by;             /* enum stat_by */
	const char *format; /* NULL: text */
	const char *where;
	const char *since, *until; /* time_parse accepts them */
	int64_t linger, time_wait; /* spans; negative: as usual */
	uint64_t max_flows, keep;  /* UINT64_MAX: as usual */
	uint64_t top;              /* the same */
	uint64_t width;            /* columns; UINT64_MAX: find out */
	uint64_t link_type;        /* UINT64_MAX: as the capture says */
	const char *interface;     /* NULL: files */
	const char *netns;
	const char *write;         /* NULL: nothing is recorded */
	uint64_t snaplen, buffer;  /* bytes, KiB; UINT64_MAX: as usual */
	uint64_t count;            /* frames, or a flood's SYNs; UINT64_MAX: no limit, as usual */
	uint64_t copies;           /* UINT64_MAX: one */
	const char *record;        /* of a scenario; NULL: nothing */
	const char *listen, *folder;
	const char *speed;         /* of a replay; NULL: as it was */
	const char *print, *keys;  /* a size, a script; NULL: none */
	uint64_t file_size;        /* -C, in bytes; 0: no limit */
	uint64_t files_most;       /* -W; UINT64_MAX: no limit */
	int64_t file_seconds;      /* -G, a span; negative: for ever */
	int64_t duration, every;   /* spans; negative: none */
	struct tunnel_port_list tunnel_ports;
	struct id_list ids;
};

/* What an option takes, and so how it is read. */
enum takes {
	TAKES_NOTHING,
	TAKES_TEXT,
	TAKES_CHOICE,
	TAKES_FORMAT, /* a choice, kept as text */
	TAKES_COUNT,
	TAKES_SECONDS,
	TAKES_TIME,
	TAKES_IDS,
	TAKES_FILE,
	TAKES_TUNNEL_PORT,
	TAKES_SIZE,
};

struct option_row {
	const char *name;
	char letter;          /* 0: only the long name */
	const char *argument; /* as help shows it; a choice's words are divided by '|' */
	unsigned commands;    /* enum command_bit */
	enum takes takes;
	size_t member;    /* offset in struct settings */
	const char *help; /* NULL: not for people */
};

enum { OPTION_ROWS_MAX = 64 };

const struct option_row *option_rows(size_t *count);

struct command;

/*
 * Reads the arguments after the command word (argv[0] is skipped). Returns -1
 * and err for wrong usage; settings_free is due either way.
 */
int settings_read(struct settings *settings, const struct command *command, int argc, char **argv,
                  struct error *err);
void settings_free(struct settings *settings);

#endif
