/* table_test.c: the table of sockets, in the order of their ends. */

#include <criterion/criterion.h>
#include <stdlib.h>

#include "host/table.h"

static struct socket_entry *add(struct sockets *sockets, uint16_t local_port, uint16_t remote_port,
                                uint64_t inode)
{
	struct socket_entry *entry = sockets_add(sockets);

	cr_assert_not_null(entry);
	entry->family = FAMILY_IPV4;
	entry->protocol = 6;
	entry->local = (struct address){ { 127, 0, 0, 1 } };
	entry->remote = (struct address){ { 127, 0, 0, 2 } };
	entry->local_port = local_port;
	entry->remote_port = remote_port;
	entry->inode = inode;
	return entry;
}

static const struct socket_entry *find(const struct sockets *sockets, uint16_t local_port,
                                       uint16_t remote_port)
{
	const struct address local = { { 127, 0, 0, 1 } }, remote = { { 127, 0, 0, 2 } };

	return sockets_find(sockets, 6, FAMILY_IPV4, &local, local_port, &remote, remote_port);
}

Test(table, finds_every_entry_and_no_other)
{
	struct sockets sockets = { 0 };

	/* 7919 is a prime: every port below 20011, in no order. */
	for (uint32_t i = 0; i < 20011; i++)
		add(&sockets, (uint16_t)(i * 7919 % 20011), 80, i + 1);
	sockets_sort(&sockets);
	cr_assert_eq(sockets.count, 20011);
	for (uint32_t i = 0; i < 20011; i++) {
		const struct socket_entry *entry = find(&sockets, (uint16_t)(i * 7919 % 20011), 80);

		cr_assert_not_null(entry);
		cr_assert_eq(entry->inode, i + 1);
	}
	cr_expect_null(find(&sockets, 20011, 80));
	cr_expect_null(find(&sockets, 80, 20010));
	cr_expect_null(find(&sockets, 5, 81));
	free(sockets.entries);
}

Test(table, tells_entries_apart_by_each_part_of_their_ends)
{
	struct sockets sockets = { 0 };
	const struct address one = { { 127, 0, 0, 1 } }, two = { { 127, 0, 0, 2 } };

	add(&sockets, 1, 2, 10);
	add(&sockets, 1, 2, 11)->protocol = 17;
	add(&sockets, 1, 2, 12)->family = FAMILY_IPV6;
	add(&sockets, 1, 2, 13)->local = two;
	add(&sockets, 1, 2, 14)->remote = one;
	add(&sockets, 2, 1, 15);
	sockets_sort(&sockets);
	cr_expect_eq(sockets_find(&sockets, 6, FAMILY_IPV4, &one, 1, &two, 2)->inode, 10);
	cr_expect_eq(sockets_find(&sockets, 17, FAMILY_IPV4, &one, 1, &two, 2)->inode, 11);
	cr_expect_eq(sockets_find(&sockets, 6, FAMILY_IPV6, &one, 1, &two, 2)->inode, 12);
	cr_expect_eq(sockets_find(&sockets, 6, FAMILY_IPV4, &two, 1, &two, 2)->inode, 13);
	cr_expect_eq(sockets_find(&sockets, 6, FAMILY_IPV4, &one, 1, &one, 2)->inode, 14);
	cr_expect_eq(sockets_find(&sockets, 6, FAMILY_IPV4, &one, 2, &two, 1)->inode, 15);
	cr_expect_null(sockets_find(&sockets, 17, FAMILY_IPV4, &one, 2, &two, 1));
	free(sockets.entries);
}

Test(table, keeps_once_what_was_told_twice)
{
	struct sockets sockets = { 0 };

	add(&sockets, 80, 0, 5);
	add(&sockets, 81, 0, 7);
	add(&sockets, 80, 0, 6);
	add(&sockets, 80, 0, 5);
	add(&sockets, 82, 0, 0)->state = SOCKET_TIME_WAIT;
	add(&sockets, 82, 0, 0)->state = SOCKET_TIME_WAIT;
	sockets_sort(&sockets);
	cr_assert_eq(sockets.count, 4);
	cr_expect_eq(sockets.entries[0].inode, 5);
	cr_expect_eq(sockets.entries[1].inode, 6);
	cr_expect_eq(sockets.entries[2].inode, 7);
	cr_expect_eq(sockets.entries[3].inode, 0);
	free(sockets.entries);
}

Test(table, may_be_empty)
{
	struct sockets sockets = { 0 };

	sockets_sort(&sockets);
	cr_expect_null(find(&sockets, 1, 2));
}
