/* loop.c: the empty loop: libpcap reads a savefile, and nothing is done with it. */

#include <pcap/pcap.h>
#include <stdio.h>

static void count(u_char *frames, const struct pcap_pkthdr *header, const u_char *bytes)
{
	(void)header;
	(void)bytes;
	++*(unsigned long long *)(void *)frames;
}

int main(int argc, char **argv)
{
	char why[PCAP_ERRBUF_SIZE] = "no file";
	pcap_t *pcap = argc == 2 ? pcap_open_offline(argv[1], why) : NULL;
	unsigned long long frames = 0;

	if (!pcap || pcap_loop(pcap, -1, count, (u_char *)&frames) < 0) {
		fprintf(stderr, "loop: %s\n", pcap ? pcap_geterr(pcap) : why);
		return 1;
	}
	printf("%llu frames\n", frames);
	pcap_close(pcap);
	return 0;
}
