/* records.h: the JSON records of the program, made comparable. */
#ifndef TESTS_RECORDS_H
#define TESTS_RECORDS_H

/* `shakedown log --format json` of these files and folders; the caller frees it. It must go well. */
char *records_of(const char *const *paths, unsigned long count);

/* Takes the value of every such key out of the text. */
void records_without(char *records, const char *key);

/*
 * The sum of the counts of both ends under a key that has an object of them, where it is
 * known; -1 where it nowhere is.
 */
long records_sum(const char *records, const char *key);

/* Fails the test at the first record that differs. Criterion itself cannot report texts of this size. */
void records_expect_same(const char *records, const char *expected, const char *what);

#endif
