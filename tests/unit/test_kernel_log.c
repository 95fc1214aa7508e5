/* Reading the kernel's messages about a USB port. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/log/kernel_log.h"

static const char log_text[] =
	"6,100,1000000,-;usb 1-2.3: USB disconnect, device number 5\n"
	"6,101,9000000,-;usb 1-2.3: new full-speed USB device number 6 using xhci_hcd\n"
	" SUBSYSTEM=usb\n"
	" DEVICE=c189:5\n"
	"3,102,9100000,-;usb 1-2.3: device descriptor read/64, error -71\n"
	"3,103,9200000,-;usb 1-2-port3: cannot enable. Maybe the USB cable is bad?\n"
	"6,104,9300000,-;usb 1-2.3: reset full-speed USB device number 6 using xhci_hcd\n"
	"6,105,9400000,-;usb 1-2.3: USB disconnect, device number 6\n"
	"3,106,9500000,-;usb 1-2.31: device descriptor read/64, error -71\n"
	"3,107,9600000,-;usb 2-1: device not accepting address 7, error -71\n"
	"3,108,9700000,-;usb usb2-port1: unable to enumerate USB device\n"
	"6,109,9800000,-;usb 3-1: USB disconnect\x1b[31m, device number 9\n"
	"nonsense\n"
	"1,2;usb 1-2.3: USB disconnect\n"
	"6,110,9900000,-;EXT4-fs (sda1): error -5 on usb\n";

static struct kernel_log_seen look(const char *text, const char *place, uint64_t since_us)
{
	struct kernel_log_seen seen;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], text, strlen(text)), strlen(text));
	close(ends[1]);
	kernel_log_look(ends[0], place, since_us, &seen);
	close(ends[0]);
	return seen;
}

static void what_concerns_the_device_and_its_port_is_counted(void **state)
{
	struct kernel_log_seen seen = look(log_text, "1-2.3", 0);

	(void)state;
	assert_int_equal(seen.errors, 2);
	assert_int_equal(seen.resets, 1);
	assert_int_equal(seen.disconnects, 2);
	assert_string_equal(seen.last, "usb 1-2.3: USB disconnect, device number 6");
}

static void what_was_long_ago_is_not(void **state)
{
	struct kernel_log_seen seen = look(log_text, "1-2.3", 9350000);

	(void)state;
	assert_int_equal(seen.errors, 0);
	assert_int_equal(seen.resets, 0);
	assert_int_equal(seen.disconnects, 1);
}

static void a_device_on_a_root_port_has_the_root_hubs_messages(void **state)
{
	(void)state;
	assert_int_equal(look(log_text, "2-1", 0).errors, 2);
}

static void without_a_place_every_device_counts_and_nothing_else(void **state)
{
	(void)state;
	assert_int_equal(look(log_text, NULL, 0).errors, 5);
}

static void a_port_of_which_nothing_is_said_is_quiet(void **state)
{
	struct kernel_log_seen seen = look(log_text, "4-1", 0);

	(void)state;
	assert_int_equal(seen.errors + seen.resets + seen.disconnects, 0);
	assert_string_equal(seen.last, "");
}

static void nothing_that_could_steer_a_terminal_is_passed_on(void **state)
{
	(void)state;
	assert_string_equal(look(log_text, "3-1", 0).last,
			    "usb 3-1: USB disconnect?[31m, device number 9");
}

static void a_log_that_cannot_be_read_says_nothing(void **state)
{
	struct kernel_log_seen seen;

	(void)state;
	kernel_log_look(-1, "1-2", 0, &seen);
	assert_int_equal(seen.errors, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_concerns_the_device_and_its_port_is_counted),
		cmocka_unit_test(what_was_long_ago_is_not),
		cmocka_unit_test(a_device_on_a_root_port_has_the_root_hubs_messages),
		cmocka_unit_test(without_a_place_every_device_counts_and_nothing_else),
		cmocka_unit_test(a_port_of_which_nothing_is_said_is_quiet),
		cmocka_unit_test(nothing_that_could_steer_a_terminal_is_passed_on),
		cmocka_unit_test(a_log_that_cannot_be_read_says_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
