/* Planted secrets: none of them comes through, the same one gets the same token, and the rest
 * stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analyzer/report/redact.h"

/* What text becomes; `learn` (or NULL) was shown before. */
static void becomes(const char *learn, const char *text, const char *wanted)
{
	struct redact *r = redact_new();
	struct buf out;

	buf_init(&out);
	if (learn)
		redact_learn(r, learn, strlen(learn));
	redact_add(r, &out, text, strlen(text));
	assert_string_equal(buf_str(&out), wanted);
	buf_done(&out);
	redact_free(r);
}

static void serial_numbers_become_tokens(void **state)
{
	(void)state;
	becomes(NULL, "ST-LINK SN  : 0123456789ABCDEF01234567", "ST-LINK SN  : [serial-1]");
	becomes(NULL, "probe 0483:374b:0123456789abcdef01234567 twice 0123456789ABCDEF01234567",
		"probe 0483:374b:[serial-1] twice [serial-1]");
	becomes(NULL, "  serial:     303030303030303030303031", "  serial:     [serial-1]");
	becomes(NULL, "hla_serial \"\\x48\\xff\\x6c\\x06\\x50\"", "hla_serial \"[serial-1]\"");
	becomes(NULL, "USB\\VID_0483&PID_374B\\0123456789ABCDEF01234567",
		"USB\\VID_0483&PID_374B\\[serial-1]");
}

static void unique_ids_become_tokens(void **state)
{
	(void)state;
	becomes(NULL, "UID: 0x00390038 0x34385114 0x35363532", "UID: [uid-1] [uid-2] [uid-3]");
	becomes(NULL, "word 0x1fff7a14 = 0x34385114, 0x1fff7a20 = 0x0400ffff",
		"word 0x1fff7a14 = [uid-1], 0x1fff7a20 = 0x0400ffff");
	becomes(NULL, "Unique ID = 00390038-34385114-35363532", "Unique ID = [uid-1]");
}

static void homes_and_their_owners_become_tokens(void **state)
{
	(void)state;
	becomes(NULL, "open /home/alice/secret/fw.elf and /home/alice/secret/fw.bin",
		"open [path-1]/fw.elf and [path-1]/fw.bin");
	becomes(NULL, "C:\\Users\\Bob Smith\\My Work\\acme\\fw.hex: failed",
		"[path-1]\\fw.hex: failed");
	becomes(NULL, "file:///Users/carol/x/fw.bin", "file://[path-1]/fw.bin");
	becomes(NULL, "alice@bench:~/rocket$ make ~/rocket/fw.bin",
		"[user-1]@[host-1]:[path-1]$ make [path-1]/fw.bin");
	becomes(NULL, "cd /home/alice; ls", "cd [path-1]; ls");
	becomes("/home/alice/x", "hello Alice, malice, alice-pc",
		"hello [user-1], malice, [user-1]-pc");
	becomes(NULL, "(D:/acme/rocket/main.c:12)", "([path-1]/main.c:12)");
	becomes(NULL, "\"/mnt/acme/rocket/fw.bin\"", "\"[path-1]/fw.bin\"");
}

static void hosts_and_addresses_become_tokens(void **state)
{
	(void)state;
	becomes(NULL, "alice@bench:~$ st-info on bench",
		"[user-1]@[host-1]:~$ st-info on [host-1]");
	becomes(NULL, "write to alice.b@example.org.", "write to [user-1]@[host-1].");
	becomes(NULL, "connected to 192.168.17.4:4444", "connected to [address-1]:4444");
	becomes("hostname: bench7", "on BENCH7", "on [host-1]");
}

static void what_is_no_secret_stays(void **state)
{
	static const char *const texts[] = {
		"Info : STLINK V2J37S7 (API v2) VID:PID 0483:3748",
		"/usr/share/openocd/scripts/interface/stlink.cfg",
		"C:\\Program Files\\STMicroelectronics\\bin\\x.exe",
		"http://openocd.org/doc/doxygen/bugs.html",
		"https://github.com/stlink-org/stlink/issues/1260",
		"Open On-Chip Debugger 0.12.0 (2023-01-14-23:38)",
		"Listening on port 3333, 127.0.0.1:4444",
		"device id = 0x10016413, 64 KiB/s, 3/4 done, and/or",
		"Error: jtag status contains invalid mode value",
		"serial wire debug, serial port ttyACM0",
		"st-flash 1.7.0 write /dev/ttyACM0 0x8000000",
		"0x08000000 00112233 44556677",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		becomes(NULL, texts[i], texts[i]);
	becomes("/home/root/x /home/user/x", "root user", "root user");
}

static void without_redaction_text_stays(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out);
	redact_add(NULL, &out, "/home/alice/x", 13);
	assert_string_equal(out.at, "/home/alice/x");
	buf_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(serial_numbers_become_tokens),
		cmocka_unit_test(unique_ids_become_tokens),
		cmocka_unit_test(homes_and_their_owners_become_tokens),
		cmocka_unit_test(hosts_and_addresses_become_tokens),
		cmocka_unit_test(what_is_no_secret_stays),
		cmocka_unit_test(without_redaction_text_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
