// SPDX-License-Identifier: GPL-3.0-or-later
// The call lamp, and what the service manager hears.
#include "yimen/driver/system.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

static char read_first(const char *path)
{
    char byte = '?';
    int file = open(path, O_RDONLY);
    assert_int_equal(read(file, &byte, 1), 1);
    close(file);
    return byte;
}

// Whether it went well; asserts what it says that it reached.
static enum err set(struct call *call, struct call_wanted wanted, unsigned expected)
{
    unsigned reached = 0;
    enum err err = call->ops->set(call->self, &wanted, &reached, NULL);
    assert_int_equal(reached, expected);
    return err;
}

static void the_lamp_file_says_off_calling_or_urgent(void **state)
{
    (void)state;
    char path[] = "/tmp/yimen-lamp-XXXXXX";
    close(mkstemp(path));
    struct call call;
    assert_int_equal(system_call_open(path, &call, NULL), ERR_OK);
    assert_int_equal(set(&call, (struct call_wanted){.calling = true}, CALL_REACHED_LAMP), ERR_OK);
    assert_int_equal(read_first(path), '1');
    assert_int_equal(
        set(&call, (struct call_wanted){.calling = true, .urgent = true}, CALL_REACHED_LAMP),
        ERR_OK);
    assert_int_equal(read_first(path), '2');
    assert_int_equal(set(&call, (struct call_wanted){.urgent = true}, 0), ERR_OK);
    assert_int_equal(read_first(path), '0');
    system_call_close(&call);
    unlink(path);
}

static void without_a_lamp_calling_is_no_fault_and_with_a_broken_one_it_is(void **state)
{
    (void)state;
    struct call call;
    assert_int_equal(system_call_open(NULL, &call, NULL), ERR_OK);
    assert_int_equal(set(&call, (struct call_wanted){.calling = true}, 0), ERR_OK);
    system_call_close(&call);
    assert_int_equal(system_call_open("/proc/nowhere/lamp", &call, NULL), ERR_OK);
    assert_int_equal(set(&call, (struct call_wanted){.calling = true}, 0), ERR_TECHNICIAN);
    system_call_close(&call);
}

static void the_service_manager_hears_ready_alive_and_stopping(void **state)
{
    (void)state;
    char folder[] = "/tmp/yimen-notify-XXXXXX";
    assert_non_null(mkdtemp(folder));
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s/socket", folder);
    int socket_end = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(socket_end, (struct sockaddr *)&address, sizeof address), 0);
    setenv("NOTIFY_SOCKET", address.sun_path, 1);
    setenv("WATCHDOG_USEC", "6000000", 1);
    static void (*const calls[])(void) = {system_notify_ready, system_notify_alive,
                                          system_notify_stopping};
    static const char *const expected[] = {"READY=1", "WATCHDOG=1", "STOPPING=1"};
    for (int at = 0; at < 3; at++) {
        char text[64] = "";
        calls[at]();
        assert_true(recv(socket_end, text, sizeof text - 1, MSG_DONTWAIT) > 0);
        assert_string_equal(text, expected[at]);
    }
    assert_int_equal(system_watchdog_ms(), 3000);
    unsetenv("WATCHDOG_USEC");
    unsetenv("NOTIFY_SOCKET");
    assert_int_equal(system_watchdog_ms(), -1);
    close(socket_end);
    unlink(address.sun_path);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_lamp_file_says_off_calling_or_urgent),
        cmocka_unit_test(without_a_lamp_calling_is_no_fault_and_with_a_broken_one_it_is),
        cmocka_unit_test(the_service_manager_hears_ready_alive_and_stopping),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
