// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/base/error.h"
#undef fail_set // the analyser's
#undef fail_prefix

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const error_names[] = {
    [ERR_OK] = "ok",
    [ERR_RETRY] = "retry",
    [ERR_INPUT] = "input",
    [ERR_DENIED] = "denied",
    [ERR_FULL] = "full",
    [ERR_NOT_FOUND] = "not-found",
    [ERR_CONFLICT] = "conflict",
    [ERR_UNKNOWN] = "unknown",
    [ERR_TECHNICIAN] = "technician",
    [ERR_CORRUPT] = "corrupt",
    [ERR_UNSUPPORTED] = "unsupported",
    [ERR_BUG] = "bug",
};

const char *err_name(enum err err)
{
    if ((size_t)err >= sizeof error_names / sizeof error_names[0])
        return "bug";
    return error_names[err];
}

enum err fail_set(struct fail *why, enum err err, const char *format, ...)
{
    if (why) {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(why->text, sizeof why->text, format, arguments);
        va_end(arguments);
        why->err = err;
    }
    return err;
}

enum err fail_prefix(struct fail *why, enum err err, const char *format, ...)
{
    if (!why)
        return err;
    char cause[sizeof why->text];
    memcpy(cause, why->text, sizeof cause);
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(why->text, sizeof why->text, format, arguments);
    va_end(arguments);
    if (length >= 0 && (size_t)length + 3 < sizeof why->text)
        snprintf(why->text + length, sizeof why->text - (size_t)length, ": %.*s",
                 (int)(sizeof why->text - (size_t)length) - 3, cause);
    why->err = err;
    return err;
}
