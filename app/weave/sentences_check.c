// SPDX-License-Identifier: GPL-3.0-or-later
// All tables of a folder of forms beside each other: what one lacks, what nobody says.
#include "yimen/weave/sentences.h"

#include "yimen/base/limits.h"
#include "yimen/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXTS "texts/"
#define COMMON "common.csv"

enum { NAMES = 256, NAME = 64, PATH = 192 };

struct names {
    size_t count;
    char at[NAMES][NAME];
};

struct check {
    const struct files *forms;
    form_report *report;
    void *context;
    const char *source;                      ///< language
    struct names languages, tables, sources; ///< tables: of `source`; sources: forms and blocks
};

static void keep_name(void *context, const char *name)
{
    struct names *names = context;
    if (names->count < NAMES && strlen(name) < NAME)
        (void)text_copy(names->at[names->count++], NAME, name);
}

static void tell(const struct check *check, const char *path, int line, const char *id,
                 const char *text, const char *advice)
{
    struct form_finding finding = {.severity = FORM_WARNING, .line = line};
    (void)text_copy(finding.file, sizeof finding.file, path);
    (void)snprintf(finding.text, sizeof finding.text, "%s: \"%.120s\"", text, id);
    (void)text_copy(finding.advice, sizeof finding.advice, advice);
    check->report(check->context, &finding);
}

static enum err read_table(const struct check *check, const char *language, const char *name,
                           char path[PATH], struct sentences **out, struct fail *why)
{
    struct strbuf text;
    *out = NULL;
    (void)snprintf(path, PATH, TEXTS "%s/%s", language, name);
    strbuf_init(&text, LIMIT_FORM_BYTES);
    enum err err = check->forms->ops->read(check->forms->self, path, &text, why);
    if (err == ERR_OK)
        err = sentences_read(strbuf_text(&text), text.length, out, why);
    strbuf_free(&text);
    return err ? fail_prefix(why, err, "%s", path) : ERR_OK;
}

static void compare(const struct check *check, const struct sentences *source,
                    const struct sentences *target, const char *path)
{
    for (size_t i = 0; i < sentences_count(source); i++) {
        const char *id = sentences_at(source, i)->id;
        if (sentences_find(target, id) == NULL)
            tell(check, path, 0, id, "the translation has no sentence", "Translate it.");
    }
    for (size_t i = 0; i < sentences_count(target); i++) {
        const struct sentence *row = sentences_at(target, i);
        if (sentences_find(source, row->id) == NULL)
            tell(check, path, row->line, row->id, "nothing is translated by", "Take it out.");
    }
}

static enum err check_table(const struct check *check, const char *name, struct fail *why)
{
    char path[PATH];
    struct sentences *source = NULL;
    enum err err = read_table(check, check->source, name, path, &source, why);
    for (size_t i = 0; err == ERR_OK && i < check->languages.count; i++) {
        struct sentences *target = NULL;
        if (text_equal(check->languages.at[i], check->source))
            continue;
        err = read_table(check, check->languages.at[i], name, path, &target, why);
        if (err == ERR_OK) {
            compare(check, source, target, path);
        } else if (err == ERR_NOT_FOUND) {
            tell(check, path, 0, name, "the language has no table", "Translate it.");
            err = ERR_OK;
        }
        sentences_free(target);
    }
    sentences_free(source);
    return err;
}

// ------------------------------------------------------------------ common sentences

static enum err read_sources(const struct check *check, struct strbuf *out, struct fail *why)
{
    enum err err = ERR_OK;
    for (size_t i = 0; i < check->sources.count && err == ERR_OK; i++)
        err = check->forms->ops->read(check->forms->self, check->sources.at[i], out, why);
    return err;
}

static enum err check_common(const struct check *check, struct fail *why)
{
    char path[PATH], call[SENTENCE_ID + 16];
    struct sentences *common = NULL;
    struct strbuf all;
    strbuf_init(&all, (size_t)NAMES * LIMIT_FORM_BYTES);
    enum err err = read_sources(check, &all, why);
    if (err == ERR_OK)
        err = read_table(check, check->source, COMMON, path, &common, why);
    for (size_t i = 0; err == ERR_OK && i < sentences_count(common); i++) {
        const struct sentence *row = sentences_at(common, i);
        (void)snprintf(call, sizeof call, "jr:itext('%.*s')", (int)strcspn(row->id, "#"), row->id);
        if (strstr(strbuf_text(&all), call) == NULL)
            tell(check, path, row->line, row->id, "no form and no block says", "Take it out.");
    }
    sentences_free(common);
    strbuf_free(&all);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

// ------------------------------------------------------------------ all of them

static void keep_source(void *context, const char *name)
{
    if (text_ends(name, ".xml"))
        keep_name(context, name);
}

static void keep_block(void *context, const char *name)
{
    char path[NAME];
    if (text_ends(name, ".xml") && snprintf(path, sizeof path, "blocks/%s", name) < NAME)
        keep_name(context, path);
}

static enum err list_all(struct check *check, struct fail *why)
{
    const struct files *forms = check->forms;
    char folder[PATH];
    (void)snprintf(folder, sizeof folder, TEXTS "%s", check->source);
    enum err err = forms->ops->list(forms->self, folder, keep_name, &check->tables, why);
    if (err == ERR_OK && check->tables.count == 0)
        err = fail_set(why, ERR_INPUT, "%s has no tables", folder);
    if (err == ERR_OK)
        err = forms->ops->list(forms->self, "texts", keep_name, &check->languages, why);
    if (err == ERR_OK)
        err = forms->ops->list(forms->self, "", keep_source, &check->sources, why);
    if (err == ERR_OK) // a folder may have no blocks
        (void)!forms->ops->list(forms->self, "blocks", keep_block, &check->sources, NULL);
    return err;
}

enum err sentences_check(const struct files *forms, const char *source, form_report *report,
                         void *context, struct fail *why)
{
    struct check *check = calloc(1, sizeof *check);
    if (check == NULL)
        abort();
    *check = (struct check){.forms = forms, .report = report, .context = context, .source = source};
    enum err err = list_all(check, why);
    for (size_t i = 0; err == ERR_OK && i < check->tables.count; i++)
        err = check_table(check, check->tables.at[i], why);
    if (err == ERR_OK)
        err = check_common(check, why);
    free(check);
    return err;
}
