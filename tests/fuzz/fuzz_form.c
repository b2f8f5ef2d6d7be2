// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a form: it is refused with a finding, or it loads, a record begins, every screen can
// be read, the record can be sent and begun again from its draft.
#include "yimen/base/limits.h"
#include "yimen/record/record.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SCREENS = 200 };

static struct when fixed_now(void *self)
{
    (void)self;
    return (struct when){.utc_ms = 1795398000000, .quality = TIME_RTC};
}
static const struct clock_ops clock_ops = {fixed_now};
static const struct clock fixed_clock = {&clock_ops, NULL};

static enum err any_resource(void *context, const char *uri, struct strbuf *out, struct fail *why)
{
    (void)context;
    (void)why;
    const char *end = strrchr(uri, '.');
    if (end != NULL && strcmp(end, ".csv") == 0)
        strbuf_adds(out, "name,label\na,A\nb,\"B \"\"b\"\"\"\n");
    else if (end != NULL && strcmp(end, ".xml") == 0)
        strbuf_adds(out, "<root><item><name>a</name><label>A</label></item></root>");
    else
        return ERR_NOT_FOUND;
    return ERR_OK;
}

static void count_finding(void *context, const struct form_finding *finding)
{
    if (finding->text[0] == '\0' || finding->advice[0] == '\0')
        abort();
    (*(size_t *)context)++;
}

static void count_node(void *context, const struct record_node *node)
{
    const char *value = NULL, *label = NULL;
    for (size_t i = 0; i < node->choice_count; i++)
        record_choice(node, i, &value, &label);
    (*(size_t *)context)++;
}

static void count_question(void *context, const char *screen, const struct question *question)
{
    if (screen == NULL || question->shown == NULL)
        abort();
    (*(size_t *)context)++;
}

static void read_screens(struct record *record)
{
    struct form_screen screen;
    size_t count = 0;
    for (const char *ref = record_first_screen(record); ref != NULL && count < SCREENS; count++) {
        if (record_screen(record, ref, &screen, NULL) != ERR_OK)
            abort();
        ref = record_next_screen(record, ref);
    }
}

static void use(const struct form *form, const char *edit, struct strbuf *draft)
{
    const struct record_options options = {
        .clock = &fixed_clock, .time_zone = "Asia/Shanghai", .edit = edit};
    struct record *record = NULL;
    if (record_new(form, &options, &record, NULL) != ERR_OK)
        return;
    size_t nodes = 0;
    record_visit(record, count_node, &nodes);
    read_screens(record);
    record_review(record, count_question, &nodes);
    const char *screen = NULL;
    (void)record_first_violation(record, &screen);
    struct strbuf out;
    strbuf_init(&out, LIMIT_SUBMISSION_XML);
    (void)!record_submission(record, true, &out, NULL);
    strbuf_free(&out);
    (void)!record_draft(record, draft, NULL);
    record_free(record);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t findings = 0;
    const struct form_source source = {.name = "form",
                                       .text = (const char *)data,
                                       .length = size,
                                       .resource = any_resource,
                                       .strict = size % 2 == 1};
    struct form *form = NULL;
    if (form_load(&source, count_finding, &findings, &form, NULL) != ERR_OK) {
        if (findings == 0)
            abort();
        return 0;
    }
    struct strbuf draft, ignored;
    strbuf_init(&draft, LIMIT_SUBMISSION_XML);
    strbuf_init(&ignored, LIMIT_SUBMISSION_XML);
    use(form, NULL, &draft);
    use(form, strbuf_text(&draft), &ignored);
    strbuf_free(&draft);
    strbuf_free(&ignored);
    form_free(form);
    return 0;
}
