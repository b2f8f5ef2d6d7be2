// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/base/strbuf.h"

#include "yimen/base/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void strbuf_init(struct strbuf *buffer, size_t maximum)
{
    assert(maximum < SIZE_MAX / 2);
    *buffer = (struct strbuf){.maximum = maximum};
}

void strbuf_free(struct strbuf *buffer)
{
    if (buffer->data) {
        memory_wipe(buffer->data, buffer->capacity);
        free(buffer->data);
    }
    *buffer = (struct strbuf){.maximum = buffer->maximum};
}

void strbuf_clear(struct strbuf *buffer)
{
    if (buffer->data)
        memory_wipe(buffer->data, buffer->capacity);
    buffer->length = 0;
    buffer->failed = false;
}

// Not realloc: it may leave a copy of the old bytes behind on the heap.
static bool grow(struct strbuf *buffer, size_t needed)
{
    size_t capacity = buffer->capacity ? buffer->capacity : 64;
    while (capacity < needed)
        capacity *= 2;
    char *data = malloc(capacity);
    if (!data)
        return false;
    if (buffer->data) {
        memcpy(data, buffer->data, buffer->length + 1);
        memory_wipe(buffer->data, buffer->capacity);
        free(buffer->data);
    }
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
}

static bool reserve(struct strbuf *buffer, size_t more)
{
    if (buffer->failed)
        return false;
    if (more > buffer->maximum - buffer->length) {
        buffer->failed = true;
        return false;
    }
    size_t needed = buffer->length + more + 1;
    if (needed > buffer->capacity && !grow(buffer, needed)) {
        buffer->failed = true;
        return false;
    }
    return true;
}

void strbuf_add(struct strbuf *buffer, const void *bytes, size_t length)
{
    if (!reserve(buffer, length))
        return;
    if (length > 0)
        memcpy(buffer->data + buffer->length, bytes, length);
    buffer->length += length;
    buffer->data[buffer->length] = '\0';
}

void strbuf_adds(struct strbuf *buffer, const char *text)
{
    strbuf_add(buffer, text, strlen(text));
}

void strbuf_addc(struct strbuf *buffer, char byte)
{
    strbuf_add(buffer, &byte, 1);
}

void strbuf_addf(struct strbuf *buffer, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0) {
        buffer->failed = true;
    } else if (reserve(buffer, (size_t)length)) {
        vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, again);
        buffer->length += (size_t)length;
    }
    va_end(again);
}

void strbuf_add_xml(struct strbuf *buffer, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '&': strbuf_adds(buffer, "&amp;"); break;
        case '<': strbuf_adds(buffer, "&lt;"); break;
        case '>': strbuf_adds(buffer, "&gt;"); break;
        case '"': strbuf_adds(buffer, "&quot;"); break;
        case '\'': strbuf_adds(buffer, "&#39;"); break;
        default: strbuf_addc(buffer, *text); break;
        }
    }
}

const char *strbuf_text(const struct strbuf *buffer)
{
    return buffer->data ? buffer->data : "";
}

char *strbuf_take(struct strbuf *buffer)
{
    if (!buffer->failed)
        strbuf_add(buffer, "", 0);
    if (buffer->failed) {
        strbuf_free(buffer);
        return NULL;
    }
    char *data = buffer->data;
    *buffer = (struct strbuf){.maximum = buffer->maximum};
    return data;
}

enum err strbuf_result(const struct strbuf *buffer, struct fail *why)
{
    if (buffer->failed)
        return fail_set(why, ERR_FULL, "longer than %zu bytes", buffer->maximum);
    return ERR_OK;
}
