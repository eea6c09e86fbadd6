/* session_end.c: what a reading came to: the page, and what was wrong. */
#include "app/session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/selection.h"
#include "app/session_inside.h"
#include "capture/source.h"
#include "packet/link.h"

enum { NOTES_SHOWN = 8 };

/* An interface, and a file that is followed, have no other end than to be interrupted. */
static bool was_cut_short(const struct session *session)
{
	bool has_no_end =
		session->pace.is_live || (session->settings->follow && session->was_quiet);

	return session->was_interrupted && !has_no_end;
}

static enum remark_about about(enum comment_about about)
{
	return about == COMMENT_FRAME       ? REMARK_FRAME
	       : about == COMMENT_INTERFACE ? REMARK_INTERFACE
	                                    : REMARK_CAPTURE;
}

static void remarks_gather(struct session *session)
{
	struct source_comment comment;
	int count = 0;

	while (count < REMARKS_SHOWN && source_comment(session->source, (size_t)count, &comment))
		session->remarks[count++] = (struct remark){
			.text = comment.text,
			.about = about(comment.about),
			.number = comment.number,
		};
	session->input.remarks = session->remarks;
	session->input.remark_count = count;
	session->input.remark_total = source_comments(session->source);
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
	remarks_gather(session);
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

/* The damage that is complained of anyway begins with the note of its file. */
static bool is_said_anyway(const struct session *session, const char *note)
{
	return session->was_damaged && strncmp(session->damage.what, note, strlen(note)) == 0;
}

/* What is to be said about single files; where it is too much for a page, how much it is. */
static void complain_of_files(const struct session *session)
{
	struct source_facts facts = source_facts(session->source);
	const char *note;
	size_t count = 0;

	for (; count < NOTES_SHOWN && (note = source_note(session->source, count)); count++)
		if (!is_said_anyway(session, note))
			fprintf(stderr, "shakedown: %s\n", note);
	if (!source_note(session->source, count))
		return;
	if (facts.skipped > 0)
		fprintf(stderr, "shakedown: in all, not captures and left out: %u\n",
		        facts.skipped);
	if (facts.damaged > 0)
		fprintf(stderr, "shakedown: in all, damaged: %u\n", facts.damaged);
	if (facts.backwards > 0)
		fprintf(stderr, "shakedown: %llu frames in all are earlier than a frame before\n",
		        (unsigned long long)facts.backwards);
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
	if (session_selects(session) && session->source && !session->record.has_failed &&
	    !selection_write(session)) {
		error_set(&err, "%s: not written: out of memory", session->settings->write);
		status = complain(&err, STATUS_REFUSED);
	}
	if (record_close(&session->record, &err) < 0)
		status = complain(&err, STATUS_REFUSED);
	if (was_written || session->output.failed != EPIPE) {
		if (session->source && !session->settings->quiet)
			complain_of_files(session);
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
