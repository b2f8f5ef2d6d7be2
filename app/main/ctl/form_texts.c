// SPDX-License-Identifier: GPL-3.0-or-later
// yimenctl form texts: a translator's way in and out, and what is missing between the languages.
#include "options.h"
#include "commands.h"
#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include "yimen/driver/system.h"
#include "yimen/weave/sentences.h"
#include <stdio.h>
#include <string.h>

enum { USAGE = 2, PATH = 192 };

static const char source_language[] = "zh";

static enum err read_table(const struct files *forms, const char *language, const char *name,
                           struct sentences **out, struct fail *why)
{
    char path[PATH];
    struct strbuf text;
    (void)snprintf(path, sizeof path, "texts/%.40s/%.80s.csv", language, name);
    strbuf_init(&text, LIMIT_FORM_BYTES);
    enum err err = forms->ops->read(forms->self, path, &text, why);
    if (!err)
        err = sentences_read(strbuf_text(&text), text.length, out, why);
    strbuf_free(&text);
    return err ? fail_prefix(why, err, "%s", path) : ERR_OK;
}

// A language that has no table yet begins with an empty one.
static enum err open_exchange(const struct files *forms, struct sentences_exchange *exchange,
                              struct sentences **source, struct sentences **target,
                              struct fail *why)
{
    enum err err = read_table(forms, exchange->from, exchange->name, source, why);
    if (!err) {
        err = read_table(forms, exchange->to, exchange->name, target, why);
        err = err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    exchange->source = *source;
    exchange->target = *target;
    return err;
}

static enum err export(const struct files *forms, const struct sentences_exchange *exchange,
                       struct fail *why) {
    struct strbuf out; (void)forms; strbuf_init(&out, LIMIT_FORM_BYTES);
    enum err err = sentences_export(exchange, &out, why);
    if (!err && fwrite(strbuf_text(&out), 1, out.length, stdout) != out.length)
        err = fail_set(why, ERR_TECHNICIAN, "cannot write it out");
    strbuf_free(&out);
    return err;
}

static enum err read_all(FILE *file, struct strbuf *out, struct fail *why)
{
    char piece[4096];
    for (size_t length; (length = fread(piece, 1, sizeof piece, file)) > 0;)
        strbuf_add(out, piece, length);
    return ferror(file) ? fail_set(why, ERR_TECHNICIAN, "standard input cannot be read")
                        : strbuf_result(out, why);
}

static enum err import(const struct files *forms, const struct sentences_exchange *exchange,
                       struct fail *why)
{
    char path[PATH];
    struct strbuf xliff, table;
    strbuf_init(&xliff, LIMIT_FORM_BYTES);
    strbuf_init(&table, LIMIT_FORM_BYTES);
    (void)snprintf(path, sizeof path, "texts/%.40s/%.80s.csv", exchange->to, exchange->name);
    enum err err = read_all(stdin, &xliff, why);
    if (!err)
        err = sentences_import(exchange, strbuf_text(&xliff), xliff.length, &table, why);
    if (!err)
        err = forms->ops->write(forms->self, path, strbuf_text(&table), table.length, false, why);
    strbuf_free(&table);
    strbuf_free(&xliff);
    return err;
}

static enum err exchange_table(const struct files *forms, bool in, const char *language,
                               const char *name, struct fail *why)
{
    struct sentences *source = NULL, *target = NULL;
    struct sentences_exchange exchange = {.name = name, .from = source_language, .to = language};
    enum err err = open_exchange(forms, &exchange, &source, &target, why);
    if (!err)
        err = in ? import(forms, &exchange, why) : export(forms, &exchange, why);
    sentences_free(source);
    sentences_free(target);
    return err;
}

static void print_finding(void *context, const struct form_finding *finding)
{
    size_t *count = context;
    ++*count;
    (void)printf("%s:%d: %s. %s\n", finding->file, finding->line, finding->text, finding->advice);
}

static enum err check(const struct files *forms, struct fail *why)
{
    size_t count = 0;
    enum err err = sentences_check(forms, source_language, print_finding, &count, why);
    return !err && count > 0
               ? fail_set(why, ERR_INPUT, "%zu sentences are missing or unused", count)
               : err;
}

int ctl_form_texts(const struct ctl *ctl, int argc, char **argv)
{
    struct files forms;
    struct fail why = {0};
    bool checks = argc == 3 && text_equal(argv[1], "check");
    bool in = argc == 5 && text_equal(argv[1], "import");
    bool out = argc == 5 && text_equal(argv[1], "export");
    if (!checks && !in && !out)
        return ctl_misused(ctl);
    if (!checks && (strchr(argv[3], '/') || strchr(argv[4], '/')))
        return ctl_misused(ctl);
    enum err err = system_files_open(argv[2], &forms, &why);
    if (!err) {
        err = checks ? check(&forms, &why) : exchange_table(&forms, in, argv[3], argv[4], &why);
        system_files_close(&forms);
    }
    if (err)
        (void)fprintf(stderr, "yimenctl: %s\n", why.text);
    return err ? 1 : 0;
}
