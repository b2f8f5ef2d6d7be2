// SPDX-License-Identifier: GPL-3.0-or-later
// The code reader port, tried alike on the simulator, on a FIFO, and on a serial line (a pseudo
// terminal whose other end is the reader).
#include "yimen/driver/code.h"
#include "yimen/driver/sim_code_reader.h"
#include "yimen/driver/system.h"

#include <fcntl.h>
#include <pty.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum kind { KIND_SIM, KIND_FIFO, KIND_SERIAL };
enum { SOON_MS = 100, IN_TIME_MS = 2000 };

struct subject {
    enum kind kind;
    struct clock clock;
    struct code_reader reader;
    char folder[64], path[96];
    int far_end; ///< where the reader's bytes are written; -1: unplugged
};

static void plug(struct subject *subject)
{
    char line[64];
    int near_end;
    if (subject->kind == KIND_SIM) {
        sim_code_reader_plug(&subject->reader, true);
    } else if (subject->kind == KIND_FIFO) {
        assert_int_equal(mkfifo(subject->path, 0600), 0);
        subject->far_end = open(subject->path, O_RDWR | O_CLOEXEC);
    } else {
        assert_int_equal(openpty(&subject->far_end, &near_end, line, NULL, NULL), 0);
        assert_int_equal(symlink(line, subject->path), 0);
        (void)close(near_end);
    }
}

static void unplug(struct subject *subject)
{
    if (subject->kind == KIND_SIM) {
        sim_code_reader_plug(&subject->reader, false);
        return;
    }
    (void)close(subject->far_end);
    (void)unlink(subject->path);
}

static void hold_up(struct subject *subject, const char *text)
{
    if (subject->kind == KIND_SIM) {
        sim_code_reader_hold(&subject->reader, text);
        return;
    }
    assert_int_equal(write(subject->far_end, text, strlen(text)), (ssize_t)strlen(text));
    assert_int_equal(write(subject->far_end, "\r\n", 2), 2);
}

static int open_kind(void **state, enum kind kind)
{
    struct subject *subject = calloc(1, sizeof *subject);
    *subject = (struct subject){.kind = kind, .far_end = -1};
    assert_int_equal(system_clock_open(&subject->clock, NULL), ERR_OK);
    (void)snprintf(subject->folder, sizeof subject->folder, "/tmp/yimen-code-XXXXXX");
    assert_non_null(mkdtemp(subject->folder));
    (void)snprintf(subject->path, sizeof subject->path, "%s/reader", subject->folder);
    struct sim_code_reader_options options = {.clock = &subject->clock};
    if (kind == KIND_SIM)
        assert_int_equal(sim_code_reader_open(&options, &subject->reader, NULL), ERR_OK);
    else
        assert_int_equal(serial_code_reader_open(subject->path, &subject->reader, NULL), ERR_OK);
    plug(subject);
    char none[CODE_TEXT];
    assert_int_equal(subject->reader.ops->read(subject->reader.self, 0, none, NULL), ERR_NOT_FOUND);
    *state = subject;
    return 0;
}

static int open_sim(void **state)
{
    return open_kind(state, KIND_SIM);
}
static int open_fifo(void **state)
{
    return open_kind(state, KIND_FIFO);
}
static int open_serial(void **state)
{
    return open_kind(state, KIND_SERIAL);
}

static int close_any(void **state)
{
    struct subject *subject = *state;
    unplug(subject);
    if (subject->kind == KIND_SIM)
        sim_code_reader_close(&subject->reader);
    else
        serial_code_reader_close(&subject->reader);
    system_clock_close(&subject->clock);
    (void)rmdir(subject->folder);
    free(subject);
    return 0;
}

static enum err read_for(struct subject *subject, int timeout_ms, char out[CODE_TEXT])
{
    memset(out, '#', CODE_TEXT);
    enum err err = subject->reader.ops->read(subject->reader.self, timeout_ms, out, NULL);
    assert_non_null(memchr(out, '\0', CODE_TEXT));
    assert_true(err == ERR_OK || out[0] == '\0');
    return err;
}

static void reads_what_is_held_up(void **state)
{
    struct subject *subject = *state;
    static const char *const codes[] = {"YT1:abc-_09", "https://district.example/t/x?n=1&s=2",
                                        "张三"};
    char text[CODE_TEXT];
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        hold_up(subject, codes[i]);
        assert_int_equal(read_for(subject, IN_TIME_MS, text), ERR_OK);
        assert_string_equal(text, codes[i]);
    }
    assert_int_equal(read_for(subject, SOON_MS, text), ERR_NOT_FOUND);
}

static void refuses_what_is_no_line_of_plain_text(void **state)
{
    struct subject *subject = *state;
    char text[CODE_TEXT], too_long[CODE_TEXT + 9];
    memset(too_long, 'a', sizeof too_long - 1);
    too_long[sizeof too_long - 1] = '\0';
    const char *const codes[] = {"a\x1b[2Jb", "tab\tin it", "a\x7f",
                                 "\xff\xfe",  "\xc0\x80",   too_long};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        hold_up(subject, codes[i]);
        assert_int_equal(read_for(subject, IN_TIME_MS, text), ERR_INPUT);
    }
    hold_up(subject, "good again");
    assert_int_equal(read_for(subject, IN_TIME_MS, text), ERR_OK);
    assert_string_equal(text, "good again");
}

static void the_longest_code_is_read_whole(void **state)
{
    struct subject *subject = *state;
    char longest[CODE_TEXT], text[CODE_TEXT];
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    hold_up(subject, longest);
    assert_int_equal(read_for(subject, IN_TIME_MS, text), ERR_OK);
    assert_string_equal(text, longest);
}

static int64_t elapsed_ms(const struct subject *subject, int64_t since)
{
    return clock_now(&subject->clock).monotonic_ms - since;
}

static void waits_no_longer_than_asked(void **state)
{
    struct subject *subject = *state;
    char text[CODE_TEXT];
    int64_t since = clock_now(&subject->clock).monotonic_ms;
    assert_int_equal(read_for(subject, SOON_MS, text), ERR_NOT_FOUND);
    assert_true(elapsed_ms(subject, since) >= SOON_MS - 20);
    assert_true(elapsed_ms(subject, since) < IN_TIME_MS);
}

static void comes_back_after_it_was_unplugged(void **state)
{
    struct subject *subject = *state;
    char text[CODE_TEXT];
    for (int i = 0; i < 3; i++) {
        unplug(subject);
        int64_t since = clock_now(&subject->clock).monotonic_ms;
        assert_int_equal(read_for(subject, SOON_MS, text), ERR_RETRY);
        assert_true(elapsed_ms(subject, since) >= SOON_MS - 20); // no busy loop
        plug(subject);
        assert_int_equal(read_for(subject, SOON_MS, text), ERR_NOT_FOUND);
        hold_up(subject, "after");
        assert_int_equal(read_for(subject, IN_TIME_MS, text), ERR_OK);
        assert_string_equal(text, "after");
    }
}

static void two_codes_in_one_go_are_two(void **state)
{
    struct subject *subject = *state;
    char text[CODE_TEXT];
    assert_int_equal(write(subject->far_end, "one\r\ntwo\n\n\nthree\n", 17), 17);
    assert_int_equal(read_for(subject, IN_TIME_MS, text), ERR_OK);
    assert_string_equal(text, "one");
    assert_int_equal(read_for(subject, IN_TIME_MS, text), ERR_OK);
    assert_string_equal(text, "two");
    assert_int_equal(read_for(subject, IN_TIME_MS, text), ERR_OK);
    assert_string_equal(text, "three");
    assert_int_equal(read_for(subject, SOON_MS, text), ERR_NOT_FOUND);
}

static void a_line_that_is_idle_has_ended(void **state)
{
    struct subject *subject = *state;
    char text[CODE_TEXT];
    assert_int_equal(write(subject->far_end, "YT1:abc", 7), 7); // and neither CR nor LF
    assert_int_equal(read_for(subject, IN_TIME_MS, text), ERR_OK);
    assert_string_equal(text, "YT1:abc");
    assert_int_equal(write(subject->far_end, "a\tb", 3), 3);
    assert_int_equal(read_for(subject, IN_TIME_MS, text), ERR_INPUT);
    hold_up(subject, "next");
    assert_int_equal(read_for(subject, IN_TIME_MS, text), ERR_OK);
    assert_string_equal(text, "next");
}

// Waiting in short steps, as a worker does that has other things to look after.
static void what_is_begun_is_kept_from_one_wait_to_the_next(void **state)
{
    struct subject *subject = *state;
    char text[CODE_TEXT];
    enum err err = ERR_NOT_FOUND;
    assert_int_equal(write(subject->far_end, "begun", 5), 5);
    for (int i = 0; i < 2000 && err == ERR_NOT_FOUND; i++)
        err = read_for(subject, 5, text);
    assert_int_equal(err, ERR_OK);
    assert_string_equal(text, "begun");
}

static void what_the_reader_adds_is_cut(void **state)
{
    struct subject *subject = *state;
    static const char *const pairs[][2] = {
        {"]Q1YT1:abc", "YT1:abc"},
        {"  YT1:abc ", "YT1:abc"},
        {" ]Q3 https://a/t/b", "https://a/t/b"},
        {"]d2", NULL},
        {"]Q", "]Q"},
        {"a]Q1b", "a]Q1b"},
        {"]C0123", "123"},
        {"   ", NULL},
    };
    char text[CODE_TEXT];
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        hold_up(subject, pairs[i][0]);
        assert_int_equal(read_for(subject, IN_TIME_MS, text), pairs[i][1] ? ERR_OK : ERR_INPUT);
        assert_string_equal(text, pairs[i][1] ? pairs[i][1] : "");
    }
}

static void a_plain_file_is_no_reader(void **state)
{
    struct code_reader reader;
    char path[] = "/tmp/yimen-code-file-XXXXXX", text[CODE_TEXT];
    int file = mkstemp(path);
    (void)state;
    assert_int_equal(serial_code_reader_open(path, &reader, NULL), ERR_OK);
    assert_int_equal(reader.ops->read(reader.self, 0, text, NULL), ERR_TECHNICIAN);
    serial_code_reader_close(&reader);
    (void)close(file);
    (void)unlink(path);
}

static void the_simulator_follows_its_script(void **state)
{
    struct clock clock;
    struct code_reader reader;
    char text[CODE_TEXT];
    (void)state;
    assert_int_equal(system_clock_open(&clock, NULL), ERR_OK);
    struct sim_code_reader_options good = {&clock, "0 YT1:a, 60 unplug, 150 plug, 200 b"};
    struct sim_code_reader_options bad = {&clock, "soon YT1:a"};
    assert_int_equal(sim_code_reader_open(&bad, &reader, NULL), ERR_INPUT);
    assert_int_equal(sim_code_reader_open(&good, &reader, NULL), ERR_OK);
    assert_int_equal(reader.ops->read(reader.self, IN_TIME_MS, text, NULL), ERR_OK);
    assert_string_equal(text, "YT1:a");
    assert_int_equal(reader.ops->read(reader.self, 80, text, NULL), ERR_RETRY);
    assert_int_equal(reader.ops->read(reader.self, IN_TIME_MS, text, NULL), ERR_OK);
    assert_string_equal(text, "b");
    sim_code_reader_close(&reader);
    system_clock_close(&clock);
}

#define ON(kind, name)                                                                             \
    {                                                                                              \
#name " (" #kind ")", name, open_##kind, close_any, NULL                                   \
    }
#define ON_ALL(name) ON(sim, name), ON(fifo, name), ON(serial, name)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_ALL(reads_what_is_held_up),
        ON_ALL(refuses_what_is_no_line_of_plain_text),
        ON_ALL(the_longest_code_is_read_whole),
        ON_ALL(waits_no_longer_than_asked),
        ON_ALL(comes_back_after_it_was_unplugged),
        ON(fifo, two_codes_in_one_go_are_two),
        ON(serial, two_codes_in_one_go_are_two),
        ON(fifo, a_line_that_is_idle_has_ended),
        ON(serial, a_line_that_is_idle_has_ended),
        ON(fifo, what_is_begun_is_kept_from_one_wait_to_the_next),
        ON(serial, what_is_begun_is_kept_from_one_wait_to_the_next),
        ON(fifo, what_the_reader_adds_is_cut),
        ON(serial, what_the_reader_adds_is_cut),
        cmocka_unit_test(a_plain_file_is_no_reader),
        cmocka_unit_test(the_simulator_follows_its_script),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
