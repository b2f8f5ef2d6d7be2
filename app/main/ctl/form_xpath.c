// SPDX-License-Identifier: GPL-3.0-or-later
// yimenctl form xpath: expressions against documents, for form authors' own tests. In: {id, xml,
// xforms, root, ctx, ns, lang, tz, kind, expr}; out: {id, value} or {id, error}. A job that cannot
// be understood is an answer with an error, not an end.
#include "commands.h"
#include "form_lines.h"
#include "yimen/base/text.h"
#include "yimen/xpath/job.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWER_BYTES = 64 << 20 };

static enum xpath_answer_kind kind_of(const char *kind)
{
    if (text_equal(kind, "boolean"))
        return XPATH_ANSWER_BOOLEAN;
    if (text_equal(kind, "nodeset"))
        return XPATH_ANSWER_NODES;
    return text_starts(kind, "number") ? XPATH_ANSWER_NUMBER : XPATH_ANSWER_STRING;
}

/// Prefix, URI, ..., NULL; the texts stay the job's own.
static const char **namespaces_of(json_t *map)
{
    const char **pairs = calloc(json_object_size(map) * 2 + 1, sizeof *pairs), *prefix;
    if (pairs == NULL)
        abort();
    size_t count = 0;
    json_t *uri;
    json_object_foreach(map, prefix, uri)
    {
        if (!json_is_string(uri))
            continue;
        pairs[count++] = prefix;
        pairs[count++] = json_string_value(uri);
    }
    return pairs;
}

static const char *text_of(json_t *job, const char *key)
{
    return json_string_value(json_object_get(job, key));
}

static json_t *list_of_lines(const char *text)
{
    json_t *list = json_array();
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        (void)json_array_append_new(list, json_stringn(text, length));
        text += length + (text[length] == '\n' ? 1 : 0);
    }
    return list;
}

static json_t *value_of(enum xpath_answer_kind want, const struct strbuf *answer)
{
    if (want == XPATH_ANSWER_BOOLEAN)
        return json_boolean(text_equal(strbuf_text(answer), "true"));
    if (want == XPATH_ANSWER_NODES)
        return list_of_lines(strbuf_text(answer));
    return json_stringn(strbuf_text(answer), answer->length);
}

static enum err evaluate(const struct ctl *ctl, json_t *job, json_t **value, struct fail *why)
{
    const char *xml = text_of(job, "xml"), *expression = text_of(job, "expr"),
               *kind = text_of(job, "kind");
    if (xml == NULL || expression == NULL || kind == NULL)
        return fail_set(why, ERR_INPUT, "a job needs xml, expr and kind");
    const char **namespaces = namespaces_of(json_object_get(job, "ns"));
    const struct xpath_job request = {
        .xml = xml,
        .xforms = json_is_true(json_object_get(job, "xforms")),
        .root = text_of(job, "root"),
        .context = text_of(job, "ctx"),
        .namespaces = namespaces,
        .language = text_of(job, "lang"),
        .time_zone = text_of(job, "tz"),
        .expression = expression,
        .want = kind_of(kind),
        .crypto = ctl->crypto,
        .now_utc_ms = clock_now(ctl->clock).utc_ms,
    };
    struct strbuf answer;
    strbuf_init(&answer, ANSWER_BYTES);
    enum err err = xpath_job_run(&request, &answer, why);
    if (err == ERR_OK && (*value = value_of(request.want, &answer)) == NULL)
        err = fail_set(why, ERR_INPUT, "the answer is not UTF-8 text");
    strbuf_free(&answer);
    free(namespaces);
    return err;
}

static void answer_line(const struct ctl *ctl, const char *line, size_t length)
{
    struct fail why = {ERR_OK, ""};
    json_error_t error;
    json_t *job = json_loadb(line, length, 0, &error), *answer = json_object(), *value = NULL;
    json_t *id = json_object_get(job, "id");
    (void)json_object_set_new(answer, "id", id != NULL ? json_incref(id) : json_null());
    if (!json_is_object(job))
        (void)json_object_set_new(answer, "error",
                                  json_sprintf("not a JSON object: %s", error.text));
    else if (evaluate(ctl, job, &value, &why) == ERR_OK)
        (void)json_object_set_new(answer, "value", value);
    else
        (void)json_object_set_new(answer, "error", json_string(why.text));
    (void)json_dumpf(answer, stdout, JSON_COMPACT | JSON_ENCODE_ANY);
    (void)putchar('\n');
    json_decref(answer);
    json_decref(job);
}

int ctl_form_xpath(const struct ctl *ctl, int argc, char **argv)
{
    return ctl_form_lines(ctl, argc, argv, answer_line);
}
