/* acts_data.c: acts that send and read. */

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "lab/act.h"
#include "lab/frames.h"

enum { PIECE_MAX = 16384, SEGMENT_SIZE = 100 };

static bool is_not_yet(ssize_t result)
{
	return result < 0 && (errno == EAGAIN || errno == EINTR);
}

/* The bytes of a long answer from `offset` on: lines of the alphabet. */
static void write_alphabet(uint8_t *piece, size_t count, uint64_t offset)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t column = (offset + i) % 64;

		piece[i] = column == 63 ? '\n' : (uint8_t)('a' + column % 26);
	}
}

static uint64_t amount_of(const struct act *act)
{
	return act->text != NULL ? strlen(act->text) : (uint64_t)act->amount;
}

/* Sends all of the act's text, or its amount, in pieces of at most `most` bytes. */
static enum act_outcome send_pieces(struct cue *cue, size_t most, int flags)
{
	uint64_t total = amount_of(cue->act);
	uint64_t *moved = &cue->performance->moved;
	uint8_t piece[PIECE_MAX];

	while (*moved < total) {
		size_t count = total - *moved < most ? (size_t)(total - *moved) : most;
		ssize_t sent;

		if (cue->act->text != NULL)
			memcpy(piece, cue->act->text + *moved, count);
		else
			write_alphabet(piece, count, *moved);
		sent = send(*cue->socket, piece, count, flags | MSG_NOSIGNAL);
		if (is_not_yet(sent))
			return cue_wait(cue, *cue->socket, POLLOUT);
		if (sent < 0)
			return cue_fail(cue, "send");
		*moved += (uint64_t)sent;
	}
	return ACT_DONE;
}

enum act_outcome act_send(struct cue *cue)
{
	return send_pieces(cue, PIECE_MAX, 0);
}

/* The kernel keeps it back for a moment: whatever follows goes into the same segment. */
enum act_outcome act_hold_back(struct cue *cue)
{
	return send_pieces(cue, PIECE_MAX, MSG_MORE);
}

/* Nagle's algorithm (RFC 9293 section 3.7.4) lets the first go and gathers the others. */
enum act_outcome act_send_in_pieces(struct cue *cue)
{
	return send_pieces(cue, 1, 0);
}

enum act_outcome act_send_segments(struct cue *cue)
{
	int on = 1;

	if (setsockopt(*cue->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) < 0)
		return cue_fail(cue, "TCP_NODELAY");
	return send_pieces(cue, SEGMENT_SIZE, 0);
}

static size_t write_message(uint8_t *out, int number)
{
	size_t length = FRAME_HEADER;

	for (const char *word = "message "; *word != '\0'; word++)
		out[length++] = (uint8_t)*word;
	out[length++] = (uint8_t)('0' + number % 10);
	frame_header(out, (uint32_t)length - FRAME_HEADER);
	return length;
}

/* Seven bytes at a time, so that pieces and messages never agree. */
enum act_outcome act_send_frames(struct cue *cue)
{
	uint8_t all[PIECE_MAX];
	size_t total = 0;
	uint64_t *moved = &cue->performance->moved;

	for (int number = 1; number <= cue->act->amount; number++)
		total += write_message(all + total, number);
	while (*moved < total) {
		size_t count = total - *moved < 7 ? (size_t)(total - *moved) : 7;
		ssize_t sent = send(*cue->socket, all + *moved, count, MSG_NOSIGNAL);

		if (is_not_yet(sent))
			return cue_wait(cue, *cue->socket, POLLOUT);
		if (sent < 0)
			return cue_fail(cue, "send");
		*moved += (uint64_t)sent;
	}
	return ACT_DONE;
}

enum act_outcome act_fill_window(struct cue *cue)
{
	uint8_t piece[PIECE_MAX];

	write_alphabet(piece, sizeof(piece), 0);
	for (;;) {
		ssize_t sent = send(*cue->socket, piece, sizeof(piece), MSG_NOSIGNAL);

		if (sent < 0)
			return is_not_yet(sent) ? ACT_DONE : cue_fail(cue, "send");
		cue->party->sent += (uint64_t)sent;
	}
}

/* Reads just `total` bytes. */
static enum act_outcome read_amount(struct cue *cue, uint64_t total)
{
	uint64_t *moved = &cue->performance->moved;
	uint8_t piece[PIECE_MAX];

	while (*moved < total) {
		uint64_t left = total - *moved;
		size_t count = left < sizeof(piece) ? (size_t)left : sizeof(piece);
		ssize_t got = recv(*cue->socket, piece, count, 0);

		if (is_not_yet(got))
			return cue_wait(cue, *cue->socket, POLLIN);
		if (got < 0)
			return cue_fail(cue, "recv");
		if (got == 0) {
			error_set(cue->err, "end of file after %llu bytes",
			          (unsigned long long)*moved);
			return ACT_FAILED;
		}
		*moved += (uint64_t)got;
	}
	return ACT_DONE;
}

enum act_outcome act_read(struct cue *cue)
{
	return read_amount(cue, (uint64_t)cue->act->amount);
}

enum act_outcome act_read_all(struct cue *cue)
{
	return read_amount(cue, cue->performance->parties[CLIENT].sent);
}

/* Poll calls the socket readable only when all of it is there. */
enum act_outcome act_read_at_once(struct cue *cue)
{
	struct pollfd ready = { .fd = *cue->socket, .events = POLLIN };
	uint8_t piece[PIECE_MAX];
	ssize_t got;

	if (setsockopt(*cue->socket, SOL_SOCKET, SO_RCVLOWAT, &cue->act->amount,
	               sizeof(cue->act->amount)) < 0)
		return cue_fail(cue, "SO_RCVLOWAT");
	if (poll(&ready, 1, 0) == 0)
		return cue_wait(cue, *cue->socket, POLLIN);
	got = recv(*cue->socket, piece, sizeof(piece), 0);
	if (got < 0)
		return cue_fail(cue, "recv");
	if (got == cue->act->amount)
		return ACT_DONE;
	error_set(cue->err, "%d bytes came", (int)got);
	return ACT_FAILED;
}

/* What the messages say is known; what is tried is that none is lost in the pieces. */
enum act_outcome act_read_frames(struct cue *cue)
{
	uint8_t expected[64], got[64];
	size_t length;

	for (; cue->performance->moved < (uint64_t)cue->act->amount; cue->performance->moved++) {
		ssize_t count;

		length = write_message(expected, (int)cue->performance->moved + 1);
		count = recv(*cue->socket, got, length, MSG_PEEK);
		if (count == (ssize_t)length)
			count = recv(*cue->socket, got, length, 0);
		else if (count > 0 || is_not_yet(count))
			return cue_wait_until(cue, cue->now + TIME_MILLISECOND);
		if (count <= 0)
			return cue_fail(cue, "recv");
		if (frame_length(got) == length - FRAME_HEADER &&
		    memcmp(got, expected, length) == 0)
			continue;
		error_set(cue->err, "a message was torn");
		return ACT_FAILED;
	}
	return ACT_DONE;
}

enum act_outcome act_notice(struct cue *cue)
{
	struct pollfd ready = { .fd = *cue->socket, .events = POLLIN };

	return poll(&ready, 1, 0) > 0 ? ACT_DONE : cue_wait(cue, *cue->socket, POLLIN);
}

enum act_outcome act_see_eof(struct cue *cue)
{
	uint8_t piece[PIECE_MAX];

	for (;;) {
		ssize_t got = recv(*cue->socket, piece, sizeof(piece), 0);

		if (got == 0)
			return ACT_DONE;
		if (is_not_yet(got))
			return cue_wait(cue, *cue->socket, POLLIN);
		if (got < 0)
			return cue_fail(cue, "recv");
	}
}
