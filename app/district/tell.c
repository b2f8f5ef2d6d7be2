// SPDX-License-Identifier: GPL-3.0-or-later
// How the district tells something: as JSON to a device or to a command of the desk, and a state by
// its name.
#include "district_internal.h"

#include "yimen/base/text.h"

#include <stdio.h>
#include <stdlib.h>

void json_answer(struct http_exchange *exchange, int status, json_t *body)
{
    char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
    json_decref(body);
    exchange->status = text ? status : 503;
    exchange->type = "application/json; charset=utf-8";
    if (text)
        strbuf_adds(&exchange->reply, text);
    free(text);
}

enum err json_tell(json_t *told, struct strbuf *out, struct fail *why)
{
    char *text = told ? json_dumps(told, JSON_INDENT(2) | JSON_REAL_PRECISION(3)) : NULL;
    json_decref(told);
    if (!text)
        return fail_set(why, ERR_RETRY, "out of memory");
    strbuf_adds(out, text);
    free(text);
    return strbuf_result(out, why);
}

const char *status_name(const struct district *district, const char *code)
{
    const struct status *status = status_find(code);
    if (!status || !district->options.texts)
        return "";
    return texts_get(district->options.texts, texts_languages(district->options.texts)[0],
                     status->name_key);
}
