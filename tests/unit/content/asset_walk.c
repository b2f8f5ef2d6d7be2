// SPDX-License-Identifier: GPL-3.0-or-later
#include "asset_walk.h"

#include "asset_form.h"
#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include "yimen/driver/crypto.h"
#include "yimen/driver/system.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static struct when on_23_november(void *self)
{
    (void)self;
    return (struct when){.utc_ms = 1795413600000, .quality = TIME_DISTRICT}; // 14:00 in Qingdao
}
static const struct clock_ops clock_ops = {.now = on_23_november};
static const struct clock the_clock = {.ops = &clock_ops};

static enum err list(void *context, const char *uri, struct strbuf *out, struct fail *why)
{
    static const char lists[] = "jr://file-csv/";
    struct asset_walk *walk = context;
    char path[128];
    if (!text_starts(uri, lists))
        return fail_set(why, ERR_NOT_FOUND, "%s", uri);
    const char *name = uri + strlen(lists);
    const char *instead = json_string_value(json_object_get(walk->lists, name));
    if (instead) {
        strbuf_adds(out, instead);
        return strbuf_result(out, why);
    }
    snprintf(path, sizeof path, "divisions/%s", name);
    return walk->assets.ops->read(walk->assets.self, path, out, why);
}

static void no_finding_is_expected(void *context, const struct form_finding *finding)
{
    (void)context;
    if (finding->severity != FORM_NOTE)
        fail_msg("%s:%d: %s: %s", finding->file, finding->line, finding->element, finding->text);
}

static void open_form(struct asset_walk *walk, const char *path)
{
    struct strbuf text;
    struct fail why = {0};
    strbuf_init(&text, LIMIT_FORM_BYTES);
    asset_form(&walk->assets, path, &text);
    const struct form_source source = {
        .name = path,
        .text = strbuf_text(&text),
        .length = text.length,
        .resource = list,
        .context = walk,
        .crypto = &walk->crypto,
        .strict = true,
    };
    if (form_load(&source, no_finding_is_expected, NULL, &walk->form, &why) != ERR_OK)
        fail_msg("%s", why.text);
    strbuf_free(&text);
    const struct record_options options = {.clock = &the_clock,
                                           .crypto = &walk->crypto,
                                           .time_zone = "Asia/Shanghai",
                                           .language = "zh"};
    if (record_new(walk->form, &options, &walk->record, &why) != ERR_OK)
        fail_msg("%s", why.text);
}

void asset_walk_open(struct asset_walk *walk, const char *path, json_t *lists)
{
    struct fail why = {0};
    *walk = (struct asset_walk){.lists = lists};
    if (system_files_open("assets", &walk->assets, &why) != ERR_OK ||
        sodium_crypto_open(&walk->crypto, &why) != ERR_OK)
        fail_msg("%s", why.text);
    open_form(walk, path);
}

void asset_walk_close(struct asset_walk *walk)
{
    record_free(walk->record);
    form_free(walk->form);
    system_files_close(&walk->assets);
}

json_t *asset_json(const char *file)
{
    json_error_t error;
    json_t *root = json_load_file(file, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        fail_msg("%s:%d: %s", file, error.line, error.text);
    return root;
}
