// SPDX-License-Identifier: GPL-3.0-or-later
// The device is opened when it is there and closed when it goes; a node of the same name that is
// another one (plugged in again) is noticed before each wait.
#include "yimen/driver/code.h"

#include "line.h"
#include "yimen/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum {
    LOOK_AGAIN_MS = 200, ///< how often a reader that is away is looked for
    IDLE_MS = 100,       ///< a line that is idle for so long has ended, with or without CR or LF
    AT_ONCE = 256,
};

struct reader {
    char *device;
    int file; // -1: not there
    struct stat node;
    struct code_line line;
    int64_t last_byte_ms;
    char ahead[AT_ONCE]; // read with the end of a line, not looked at yet
    size_t ahead_length;
};

static int64_t now_ms(void)
{
    struct timespec at;
    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    return (int64_t)at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

static void forget(struct reader *reader)
{
    code_line_clear(&reader->line);
    memory_wipe(reader->ahead, sizeof reader->ahead);
    reader->ahead_length = 0;
}

static void unplug(struct reader *reader)
{
    if (reader->file >= 0)
        (void)close(reader->file);
    reader->file = -1;
    forget(reader);
}

static bool is_the_same(const struct reader *reader)
{
    struct stat node;
    return stat(reader->device, &node) == 0 && node.st_dev == reader->node.st_dev &&
           node.st_ino == reader->node.st_ino && node.st_rdev == reader->node.st_rdev;
}

// Bytes as they are, whatever the line was set to before; what came while nobody listened is gone.
static void make_raw(int file)
{
    struct termios line;
    if (tcgetattr(file, &line) != 0)
        return;
    cfmakeraw(&line);
    line.c_cflag |= CLOCAL | CREAD;
    (void)tcsetattr(file, TCSANOW, &line);
    (void)tcflush(file, TCIFLUSH);
}

static enum err plug(struct reader *reader, struct fail *why)
{
    struct stat node;
    if (reader->file >= 0 && is_the_same(reader))
        return ERR_OK;
    unplug(reader);
    if (stat(reader->device, &node) != 0)
        return fail_set(why, ERR_RETRY, "the code reader is not there: %s", strerror(errno));
    if (!S_ISCHR(node.st_mode) && !S_ISFIFO(node.st_mode))
        return fail_set(why, ERR_TECHNICIAN, "%s is no device", reader->device);
    // A FIFO that is open for writing here too has no end when a writer leaves.
    int way = S_ISFIFO(node.st_mode) ? O_RDWR : O_RDONLY;
    int file = open(reader->device, way | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (file < 0 || fstat(file, &reader->node) != 0) {
        int code = errno;
        if (file >= 0)
            (void)close(file);
        return fail_set(why, code == EACCES ? ERR_TECHNICIAN : ERR_RETRY, "the code reader: %s",
                        strerror(code));
    }
    if (S_ISCHR(reader->node.st_mode))
        make_raw(file);
    reader->file = file;
    return ERR_OK;
}

// A line from what is ahead, if there is a whole one.
static bool line_is_whole(struct reader *reader)
{
    bool ended = false;
    if (!reader->ahead_length)
        return false;
    reader->last_byte_ms = now_ms();
    size_t took = code_line_take(&reader->line, reader->ahead, reader->ahead_length, &ended);
    memmove(reader->ahead, reader->ahead + took, reader->ahead_length - took);
    reader->ahead_length -= took;
    memory_wipe(reader->ahead + reader->ahead_length, sizeof reader->ahead - reader->ahead_length);
    return ended;
}

static bool is_begun(const struct reader *reader)
{
    return reader->line.length > 0 || reader->line.refused;
}

// Asked only when nothing more is there: a reader that was kept waiting loses nothing.
static bool has_gone_idle(const struct reader *reader)
{
    return is_begun(reader) && now_ms() - reader->last_byte_ms >= IDLE_MS;
}

// The end of the wait, or of the line that is begun.
static int64_t look_until(const struct reader *reader, int64_t until_ms)
{
    int64_t idle_ms = reader->last_byte_ms + IDLE_MS;
    return is_begun(reader) && idle_ms < until_ms ? idle_ms : until_ms;
}

static enum err fill(struct reader *reader, int64_t until_ms, struct fail *why)
{
    struct pollfd wait = {.fd = reader->file, .events = POLLIN};
    int64_t left = until_ms - now_ms();
    int ready = poll(&wait, 1, left > 0 ? (int)left : 0);
    if (ready <= 0)
        return ready < 0 && errno != EINTR ? fail_set(why, ERR_RETRY, "poll: %s", strerror(errno))
                                           : ERR_NOT_FOUND;
    ssize_t got = read(reader->file, reader->ahead, sizeof reader->ahead);
    if (got > 0) {
        reader->ahead_length = (size_t)got;
        return ERR_OK;
    }
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return ERR_NOT_FOUND;
    unplug(reader);
    return fail_set(why, ERR_RETRY, "the code reader has gone");
}

static void pause_until(int64_t until_ms)
{
    int64_t left = until_ms - now_ms();
    if (left > LOOK_AGAIN_MS)
        left = LOOK_AGAIN_MS;
    if (left > 0)
        (void)nanosleep(&(struct timespec){.tv_nsec = left * 1000000}, NULL);
}

static enum err read_code(void *self, int timeout_ms, char out[CODE_TEXT], struct fail *why)
{
    struct reader *reader = self;
    int64_t until = now_ms() + timeout_ms;
    enum err err;
    out[0] = '\0';
    do {
        err = plug(reader, why);
        if (!err && line_is_whole(reader))
            return code_line_finish(&reader->line, out, why);
        if (!err)
            err = fill(reader, look_until(reader, until), why);
        bool ended = !err && line_is_whole(reader);
        if (ended || (err == ERR_NOT_FOUND && has_gone_idle(reader)))
            return code_line_finish(&reader->line, out, why);
        if (err && err != ERR_NOT_FOUND)
            pause_until(until);
    } while (now_ms() < until);
    return err ? err : ERR_NOT_FOUND;
}

static const struct code_reader_ops ops = {.read = read_code};

enum err serial_code_reader_open(const char *device, struct code_reader *out, struct fail *why)
{
    struct reader *reader = calloc(1, sizeof *reader);
    *out = (struct code_reader){0};
    if (!reader)
        return fail_set(why, ERR_RETRY, "no memory");
    reader->device = text_duplicate(device);
    reader->file = -1;
    *out = (struct code_reader){.ops = &ops, .self = reader};
    return ERR_OK;
}

void serial_code_reader_close(struct code_reader *code_reader)
{
    if (!code_reader || !code_reader->self)
        return;
    struct reader *reader = code_reader->self;
    unplug(reader);
    free(reader->device);
    free(reader);
    *code_reader = (struct code_reader){0};
}
