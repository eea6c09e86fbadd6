/* session_end.c: what a reading came to: the page, and what was wrong. */
#include "app/session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/session_inside.h"
#include "capture/source.h"
#include "packet/link.h"

/* An interface has no other end than to be interrupted. */
static bool was_cut_short(const struct session *session)
{
	return session->was_interrupted && !session->pace.is_live;
}

const struct page *session_page(struct session *session)
{
	struct source_facts facts = source_facts(session->source);

	if (was_cut_short(session) && !session->was_damaged)
		error_set(&session->damage, "interrupted after %llu frames",
		          (unsigned long long)facts.frames);
	session->input = (struct input){
		.name = strcmp(facts.name, "-") == 0 ? "standard input" : facts.name,
		.container = facts.container,
		.is_live = session->pace.is_live,
		.link_type = facts.link_type,
		.frames = facts.frames,
		.bytes = facts.bytes_read,
		.dropped = facts.dropped,
		.damage = session->was_damaged || was_cut_short(session) ? session->damage.what
		                                                           : NULL,
	};
	return &session->page;
}

/* The damage is complained of by itself. */
void session_warn(struct session *session)
{
	struct output *lines = malloc(sizeof *lines);
	struct page page = *session_page(session);
	struct input input = session->input;

	if (!lines)
		return;
	input.damage = NULL;
	output_start(lines, -1);
	page.output = lines;
	page.input = &input;
	page.colour = false;
	page_warnings(&page);
	for (size_t at = 0; at < lines->length;) {
		const char *line = lines->bytes + at;
		const char *end = memchr(line, '\n', lines->length - at);
		size_t length = end ? (size_t)(end - line) : lines->length - at;

		fprintf(stderr, "shakedown: %.*s\n", (int)length, line);
		at += length + 1;
	}
	free(lines);
}

/* Every frame has a link type without a row: there was nothing that we could have shown. */
static bool complain_of_link(const struct session *session)
{
	const struct decoder *decoder = &session->decoder;
	const char *name = link_type_name(decoder->unknown_link);
	struct error err = { .remedy = "" };

	if (decoder->frames == 0 || decoder->verdicts[VERDICT_LINK_UNKNOWN] < decoder->frames)
		return false;
	error_set(&err, "%s: link type %u (%s) cannot be decoded yet; it is that of every frame",
	          session->input.name, decoder->unknown_link, name ? name : "no name");
	complain(&err, STATUS_REFUSED);
	return true;
}

enum status session_end(struct session *session)
{
	struct error err = { .what = "" };
	bool was_written = output_flush(&session->output, &err) == 0;
	enum status status = STATUS_DONE;

	if (session->source)
		session_page(session);
	/* Whoever closed the pipe has seen enough. */
	if (!was_written && session->output.failed != EPIPE)
		status = complain(&err, STATUS_REFUSED);
	if (record_close(&session->record, &err) < 0)
		status = complain(&err, STATUS_REFUSED);
	if (was_written || session->output.failed != EPIPE) {
		if (session->was_damaged)
			status = complain(&session->damage, STATUS_REFUSED);
		else if (was_cut_short(session))
			complain(&session->damage, STATUS_DONE);
		if (session->source && complain_of_link(session))
			status = STATUS_REFUSED;
	}
	session_free(session);
	return status;
}
