/* picture_test.c: the screen as SVG: XML that any reader takes, the same each time. */

#include <criterion/criterion.h>
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "program/program.h"

enum { DEPTH_MOST = 32, NAME_MOST = 16 };

/* ---- As much of XML as a picture needs --------------------------------------------------------- */

struct reading {
	const char *at;
	char open[DEPTH_MOST][NAME_MOST];
	int depth;
	size_t elements;
};

static bool is_name(int c)
{
	return isalnum((unsigned char)c) || c == '-' || c == ':';
}

/* "&lt;"; a bare & is none. */
static bool entity_read(struct reading *reading)
{
	static const char *const names[] = { "&amp;", "&lt;", "&gt;", "&quot;", "&apos;" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (strncmp(reading->at, names[i], strlen(names[i])) == 0) {
			reading->at += strlen(names[i]);
			return true;
		}
	}
	return false;
}

/* Until one of `ends`, which is not taken. */
static bool words_read(struct reading *reading, const char *ends)
{
	while (*reading->at != '\0' && !strchr(ends, *reading->at)) {
		unsigned char c = (unsigned char)*reading->at;

		if (c == '&' ? !entity_read(reading) : c < ' ' && c != '\n' && c != '\t')
			return false;
		reading->at += c != '&';
	}
	return *reading->at != '\0';
}

static bool name_read(struct reading *reading, char name[NAME_MOST])
{
	size_t length = 0;

	while (is_name(*reading->at) && length + 1 < NAME_MOST)
		name[length++] = *reading->at++;
	name[length] = '\0';
	return length > 0 && !is_name(*reading->at);
}

static bool attributes_read(struct reading *reading)
{
	char name[NAME_MOST];

	while (*reading->at == ' ' || *reading->at == '\n') {
		reading->at += strspn(reading->at, " \n");
		if (!name_read(reading, name) || strncmp(reading->at, "=\"", 2) != 0)
			return false;
		reading->at += 2;
		if (!words_read(reading, "\"<") || *reading->at++ != '"')
			return false;
	}
	return true;
}

static bool end_read(struct reading *reading)
{
	char name[NAME_MOST];

	reading->at += 2;
	return name_read(reading, name) && reading->depth > 0 &&
	       strcmp(name, reading->open[--reading->depth]) == 0 && *reading->at++ == '>';
}

static bool element_read(struct reading *reading)
{
	if (reading->at[1] == '/')
		return end_read(reading);
	reading->at++;
	reading->elements++;
	if (reading->depth == DEPTH_MOST || !name_read(reading, reading->open[reading->depth]) ||
	    !attributes_read(reading))
		return false;
	if (strncmp(reading->at, "/>", 2) == 0) {
		reading->at += 2;
		return true;
	}
	reading->depth++;
	return *reading->at++ == '>';
}

/* One element, which holds all the others. */
static bool is_well_formed(const char *text, struct reading *reading)
{
	*reading = (struct reading){ .at = text };
	if (*text != '<')
		return false;
	do {
		if (*reading->at == '<' ? !element_read(reading) : !words_read(reading, "<"))
			return false;
	} while (reading->depth > 0);
	return reading->at[strspn(reading->at, "\n")] == '\0';
}

/* ---- Pictures ---------------------------------------------------------------------------------- */

static struct outcome picture(const char *capture, const char *size, const char *keys)
{
	char path[64];
	const char *words[] = { "watch",  "-r", path,       "--print", size,
		                "--keys", keys, "--format", "svg",     NULL };

	snprintf(path, sizeof path, "captures/%s.pcap", capture);
	return program_run(words);
}

static const struct {
	const char *capture, *size, *keys;
} rows[] = {
	{ "mixed", "80x24", "" },
	{ "mixed", "160x50", "{Enter}" },
	{ "mixed", "60x15", "S" },
	{ "mixed", "80x24", "?" },
	{ "mixed", "80x24", "c" },
	{ "lossy", "80x24", "{Enter}{Tab}" },
	{ "mixed", "80x24", "/<&\">'{Enter}" },
	{ "mixed", "80x24", "\\a]]>b&amp;" },
	{ "mixed", "1x1", "" },
};

Test(picture, is_well_formed_and_the_same_each_time)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct outcome one = picture(rows[i].capture, rows[i].size, rows[i].keys);
		struct outcome other = picture(rows[i].capture, rows[i].size, rows[i].keys);
		struct reading reading;

		cr_expect_eq(one.status, 0, "%s", one.err);
		cr_expect(is_well_formed(one.out, &reading), "row %zu, before: %.80s", i,
		          reading.at);
		cr_expect_gt(reading.elements, 1);
		cr_expect_str_eq(one.out, other.out);
		outcome_free(&one);
		outcome_free(&other);
	}
}

Test(picture, of_what_is_no_xml_would_be_noticed)
{
	static const char *const wrong[] = {
		"",           "<svg>",          "<svg></text>",     "<svg>&</svg>",  "<svg a=1/>",
		"<svg/><g/>", "<svg a=\"<\"/>", "<svg a=\"&x;\"/>", "<svg>\1</svg>", "words",
	};
	struct reading reading;

	cr_expect(is_well_formed("<svg a=\"b &amp; c\"><g/>x &lt; y</svg>\n", &reading));
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		cr_expect_not(is_well_formed(wrong[i], &reading), "%s", wrong[i]);
}
