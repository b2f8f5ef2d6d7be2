// SPDX-License-Identifier: GPL-3.0-or-later
// The one module beside main with state of its own: the level, and the lock inside stdio.
#include "yimen/base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LINE_BYTES = 1024 };

static atomic_int highest_level = LOG_INFO;

static const char *const level_names[] = {"error", "warning", "info", "debug"};

void log_set_level(enum log_level level)
{
    atomic_store(&highest_level, (int)level);
}

// The log is where time is read directly: it must work before any port is open.
static size_t put_head(char *line, size_t room, enum log_level level, const char *module,
                       const char *event)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    struct tm utc;
    gmtime_r(&now.tv_sec, &utc);
    int length = snprintf(line, room, "%04d-%02d-%02dT%02d:%02d:%02d.%03ldZ %s %s %s",
                          utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min,
                          utc.tm_sec, now.tv_nsec / 1000000, level_names[level], module, event);
    return length < 0 ? 0 : (size_t)length < room ? (size_t)length : room - 1;
}

// Control bytes could forge a line or drive a terminal.
static void make_inert(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7F)
            *text = ' ';
}

void log_event(enum log_level level, const char *module, const char *event, const char *format, ...)
{
    if ((int)level > atomic_load(&highest_level))
        return;
    char line[LINE_BYTES];
    size_t length = put_head(line, sizeof line - 1, level, module, event);
    if (*format && length + 1 < sizeof line - 1) {
        line[length++] = ' ';
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(line + length, sizeof line - 1 - length, format, arguments);
        va_end(arguments);
    }
    make_inert(line);
    length = strlen(line);
    line[length] = '\n';
    if (write(STDERR_FILENO, line, length + 1) < 0)
        return; // nowhere left to say it
}

void log_fail(enum log_level level, const char *module, const char *event, const struct fail *why)
{
    char text[sizeof why->text];
    memcpy(text, why->text, sizeof text);
    for (char *at = text; *at; at++)
        if (*at == '"')
            *at = '\'';
    log_event(level, module, event, "err=%s why=\"%s\"", err_name(why->err), text);
}
