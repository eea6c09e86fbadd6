/* column_test.c: the contract of a record: its keys and their order. */

#include "report/column.h"

#include <criterion/criterion.h>
#include <string.h>

static const char contract[] =
	"id proto client client_port server server_port start duration client_state "
	"server_state client_path server_path opening closing conn_state history completeness "
	"client_packets server_packets client_bytes server_bytes client_payload "
	"server_payload stream irtt syn_rtt ack_rtt syn_count synack_count retransmissions "
	"fast_retransmissions spurious_retransmissions out_of_order duplicate_acks "
	"lost_segments zero_windows window_full keep_alives resets duplicates findings "
	"community_id client_state_presumed server_state_presumed outcome first_frame "
	"last_frame tunnel acked_unseen zero_window_probes zero_window_probe_acks "
	"keep_alive_acks window_updates reused_ports tfo_syns tfo_acks tfo_ignored dsacks "
	"unique_bytes repeated_packets repeated_bytes missed_bytes data_packets pure_acks mss "
	"max_segment window_scale max_window initial_window max_in_flight rtt_samples rtt_min "
	"rtt_median rtt_p99 bad_checksums offloaded_checksums super_segments cut_segments "
	"backwards one_sided analysis_complete";

Test(column, keeps_its_keys_and_their_order)
{
	char storage[4096];
	struct text keys = text_over(storage, sizeof(storage));
	size_t count;
	const struct column *column = columns(&count);

	for (size_t i = 0; i < count; i++) {
		text_add(&keys, i > 0 ? " " : "");
		text_add(&keys, column[i].key);
	}
	cr_expect_str_eq(storage, contract);
}

Test(column, is_found_by_its_key_and_says_what_it_means)
{
	size_t count;
	const struct column *column = columns(&count);

	for (size_t i = 0; i < count; i++) {
		cr_expect_eq(column_find(column[i].key), &column[i], "%s", column[i].key);
		cr_expect_gt(strlen(column[i].meaning), 0, "%s", column[i].key);
	}
	cr_expect_not_null(column_find("open"));
	cr_expect_null(column_find("no_such_column"));
}
