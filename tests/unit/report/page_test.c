/* page_test.c: tones, and the warnings that keep a reader from wrong conclusions. */

#include "report/page.h"

#include "unit/report/paper.h"

static struct paper paper;

Test(page, has_nothing_to_say_about_a_sound_capture)
{
	paper_start(&paper);
	shake_hands(&paper.talk);
	paper_count(&paper);
	paper.decoder.verdicts[VERDICT_NOT_IP] = 5;
	paper.decoder.verdicts[VERDICT_ICMP_OTHER] = 5;
	page_warnings(&paper.page);
	paper_expect(&paper, "");
	paper_end(&paper);
}

Test(page, names_an_unknown_link_type)
{
	paper_start(&paper);
	paper.decoder.verdicts[VERDICT_LINK_UNKNOWN] = 4;
	paper.decoder.unknown_link = 9999;
	page_warnings(&paper.page);
	paper_expect(&paper,
	             "4 frames not wholly decoded: link type not known (4) (link type 9999)\n");
	paper_end(&paper);
}

Test(page, warns_of_losses_damage_and_time_that_runs_backwards)
{
	paper_start(&paper);
	shake_hands(&paper.talk);
	say(&paper.talk, CLIENT, -5 * MS, TCP_ACK, 1, 1, 0);
	paper.input.dropped = 1234;
	paper.input.damage = "talk.pcap: cut short in the record of frame 5";
	page_warnings(&paper.page);
	paper_expect(
		&paper,
		"reading stopped early: talk.pcap: cut short in the record of frame 5\n"
		"1,234 frames lost while capturing: gaps here may not be gaps on the wire\n"
		"time ran backwards before 1 segment, by up to 5 ms: their order may not be that "
		"of the wire\n");
	paper_end(&paper);
}

Test(page, paints_only_when_it_has_colours)
{
	paper_start(&paper);
	page_tone(&paper.page, TONE_TROUBLE);
	paper_expect(&paper, "");
	paper.page.colour = true;
	page_tone(&paper.page, TONE_TROUBLE);
	page_tone(&paper.page, TONE_PLAIN);
	paper_expect(&paper, "\033[31m\033[0m");
	paper_end(&paper);
}

Test(page, wants_every_flow_unless_it_is_told_which)
{
	paper_start(&paper);
	shake_hands(&paper.talk);
	cr_expect(page_wants(&paper.page, talk_flow(&paper.talk, 1)));
	paper_end(&paper);
}
