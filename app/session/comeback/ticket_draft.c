// SPDX-License-Identifier: GPL-3.0-or-later
// A visit as JSON, to be sealed: everything the resident gave, and where the screen stood. The
// signature is not in it: it is given once, at the end, by the person who is there then.
#include "../session_internal.h"
#include "yimen/base/text.h"
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static json_t *when_json(const struct when *when)
{
    return json_pack("{s:I, s:I, s:s, s:i}", "utc_ms", (json_int_t)when->utc_ms, "monotonic_ms",
                     (json_int_t)when->monotonic_ms, "boot_id", when->boot_id, "quality",
                     (int)when->quality);
}

static json_t *opened_json(const struct visit *visit)
{
    json_t *list = json_array();
    for (size_t i = 0; i < visit->opened_count; i++)
        json_array_append_new(list, json_pack("[s, s, b]", visit->opened[i].range,
                                              visit->opened[i].instance, visit->opened[i].is_new));
    return list;
}

// Of several services in one visit; empty where it is one.
static json_t *items_json(const struct session *session, const struct visit *visit)
{
    const struct one_visit *items = items_of(session, visit);
    json_t *list = json_array();
    for (size_t i = 0; items && i < items->count; i++)
        json_array_append_new(list, json_string(items->items[i]->id));
    return list;
}

static json_t *papers_json(const struct visit *visit)
{
    json_t *papers = json_object();
    for (size_t i = 0; i < visit->service->paper_count; i++)
        json_object_set_new(papers, visit->service->papers[i].id,
                            json_integer((json_int_t)visit->papers[i]));
    return papers;
}

static json_t *consents_json(const struct visit *visit)
{
    json_t *consents = json_object();
    for (size_t i = 0; i < visit->service->consent_count; i++)
        json_object_set_new(consents, visit->service->consents[i],
                            json_integer((json_int_t)visit->consents[i]));
    return consents;
}

static json_t *draft_json(const struct session *session, const struct visit *visit,
                          const char *record)
{
    const struct form *form = record_form(visit->record);
    const struct comfort *comfort = &session->comfort;
    const char *pack = visit->service == &session->earlier.service ? session->earlier.version
                       : session->options.pack_version             ? session->options.pack_version
                                                                   : "";
    return json_pack("{s:i, s:s, s:o, s:s, s:s, s:s, s:s, s:o, s:s, s:s, s:s, s:i, s:s, s:o, s:o, "
                     "s:o, s:i, s:i, "
                     "s:b, s:s, s:i, s:i, s:s, s:s, s:s, s:b, s:o}",
                     "draft", 1, "service", visit->service->id, "items", items_json(session, visit),
                     "pack", pack, "form", form_id(form), "version", form_version(form), "instance",
                     visit->instance, "first_touch", when_json(&visit->first_touch), "who",
                     visit->who, "name", visit->name, "id_number", visit->id_number, "step",
                     (int)visit->step, "screen", visit->screen, "opened", opened_json(visit),
                     "papers", papers_json(visit), "consents", consents_json(visit), "consent",
                     (int)visit->consent, "commitment", (int)visit->commitment, "from_review",
                     visit->from_review, "language", comfort->language, "size", (int)comfort->size,
                     "contrast", (int)comfort->contrast, "record", record, "document",
                     document_name(visit->document), "chosen_code", visit->chosen_code,
                     "code_declined", visit->code_declined, "characters", characters_json(visit));
}

enum err draft_write(const struct session *session, struct visit *visit, struct strbuf *out,
                     struct fail *why)
{
    struct strbuf record;
    strbuf_init(&record, LIMIT_DRAFT_BYTES);
    enum err err = record_draft(visit->record, &record, why);
    json_t *draft = err ? NULL : draft_json(session, visit, strbuf_text(&record));
    strbuf_free(&record);
    char *text = draft ? json_dumps(draft, JSON_COMPACT) : NULL;
    json_decref(draft);
    if (!err && !text)
        err = fail_set(why, ERR_RETRY, "no memory for a draft");
    if (text) {
        strbuf_adds(out, text);
        err = strbuf_result(out, why);
        memory_wipe(text, strlen(text));
        free(text);
    }
    return err ? fail_prefix(why, err, "writing a draft") : ERR_OK;
}
