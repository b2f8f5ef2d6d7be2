// SPDX-License-Identifier: GPL-3.0-or-later
// yimenctl form check FILE...: what a form author should know, and what the form is.
// yimenctl form expand FILE: the form with everything it includes.
#include "options.h"
#include "commands.h"
#include "form_files.h"
#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include "yimen/form/form.h"
#include "yimen/weave/include.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tally {
    size_t errors, warnings, notes;
};

static void print_finding(void *context, const struct form_finding *finding)
{
    static const char *const names[] = {
        [FORM_NOTE] = "note", [FORM_WARNING] = "warning", [FORM_ERROR] = "error"};
    struct tally *tally = context;
    tally->errors += finding->severity == FORM_ERROR ? 1U : 0U;
    tally->warnings += finding->severity == FORM_WARNING ? 1U : 0U;
    tally->notes += finding->severity == FORM_NOTE ? 1U : 0U;
    (void)printf("%s:%d: %s: ", finding->file, finding->line, names[finding->severity]);
    if (finding->element[0] != '\0')
        (void)printf("%s: ", finding->element);
    (void)printf("%s. %s\n", finding->text, finding->advice);
}

static void print_summary(const char *file, const struct form *form, const struct tally *tally)
{
    (void)printf("%s: \"%s\" id %s version %s: %zu questions", file, form_title(form),
                 form_id(form), form_version(form)[0] != '\0' ? form_version(form) : "-",
                 form_question_count(form));
    const char *const *languages = form_languages(form);
    for (size_t i = 0; languages != NULL && languages[i] != NULL; i++)
        (void)printf("%s%s", i == 0 ? "; languages " : ", ", languages[i]);
    (void)printf("%s; %zu warnings, %zu notes\n",
                 form_public_key(form)[0] != '\0' ? "; encrypted" : "", tally->warnings,
                 tally->notes);
}

/// A form with everything it includes, and where that stands.
struct whole {
    struct strbuf text;
    struct xml_origins *origins;
};

/// What the command line says.
enum { FILES = 256 };
struct wanted {
    const char *lists;
    const char *files[FILES];
    size_t count;
};

static bool take(void *context, const char *name, const char *value)
{
    struct wanted *wanted = context;
    if (name)
        wanted->lists = value;
    else if (wanted->count < FILES)
        wanted->files[wanted->count++] = value;
    else
        return false;
    return true;
}

static enum err check_text(const struct ctl *ctl, const char *file, const struct whole *whole,
                           struct form_files *files, struct fail *why)
{
    struct tally tally = {0, 0, 0};
    const struct form_source source = {.name = file,
                                       .text = strbuf_text(&whole->text),
                                       .length = whole->text.length,
                                       .origins = whole->origins,
                                       .resource = form_files_read,
                                       .context = files,
                                       .crypto = ctl->crypto,
                                       .strict = true};
    struct form *form = NULL;
    enum err err = form_load(&source, print_finding, &tally, &form, why);
    if (err == ERR_OK)
        print_summary(file, form, &tally);
    else
        (void)printf("%s: %zu errors, %zu warnings, %zu notes\n", file, tally.errors,
                     tally.warnings, tally.notes);
    form_free(form);
    return err;
}

typedef enum err use_text(const struct ctl *ctl, const char *file, const struct whole *whole,
                          struct form_files *files, struct fail *why);

// Reads the form and what it includes, and hands it over whole.
static enum err use_file(const struct ctl *ctl, const char *file, const char *lists, use_text *use,
                         struct fail *why)
{
    const char *slash = strrchr(file, '/');
    char folder[4096] = ".";
    if (slash != NULL)
        (void)snprintf(folder, sizeof folder, "%.*s", (int)(slash - file) + 1, file);
    struct form_files files;
    enum err err = form_files_open(&files, folder, why);
    if (err == ERR_OK && lists != NULL)
        err = form_files_lists(&files, lists, why);
    if (err != ERR_OK) {
        (void)fprintf(stderr, "%s: %s\n", file, why->text);
        form_files_close(&files);
        return err;
    }
    struct strbuf text;
    struct whole whole = {.origins = NULL};
    strbuf_init(&text, LIMIT_FORM_BYTES);
    strbuf_init(&whole.text, LIMIT_FORM_BYTES);
    err = files.files.ops->read(files.files.self, slash != NULL ? slash + 1 : file, &text, why);
    const struct form_parts parts = {.name = file,
                                     .text = strbuf_text(&text),
                                     .length = text.length,
                                     .read = form_files_part,
                                     .context = &files,
                                     .origins = &whole.origins};
    if (err == ERR_OK)
        err = form_include(&parts, &whole.text, why);
    if (err == ERR_OK)
        err = use(ctl, file, &whole, &files, why);
    else
        (void)fprintf(stderr, "%s: %s\n", file, why->text);
    xml_origins_free(whole.origins);
    strbuf_free(&whole.text);
    strbuf_free(&text);
    form_files_close(&files);
    return err;
}

int ctl_form_check(const struct ctl *ctl, int argc, char **argv)
{
    struct wanted wanted = {0};
    if (!ctl_read(ctl, argc, argv, take, &wanted))
        return 2;
    if (wanted.count == 0)
        return ctl_misused(ctl);
    int code = 0;
    for (size_t i = 0; i < wanted.count; i++) {
        struct fail why = {ERR_OK, ""};
        if (use_file(ctl, wanted.files[i], wanted.lists, check_text, &why) != ERR_OK)
            code = 1;
    }
    return code;
}

static enum err print_text(const struct ctl *ctl, const char *file, const struct whole *whole,
                           struct form_files *files, struct fail *why)
{
    (void)ctl, (void)files;
    const struct strbuf *text = &whole->text;
    if (fwrite(strbuf_text(text), 1, text->length, stdout) != text->length)
        return fail_set(why, ERR_RETRY, "%s: cannot be written out", file);
    return ERR_OK;
}

int ctl_form_expand(const struct ctl *ctl, int argc, char **argv)
{
    struct fail why = {ERR_OK, ""};
    if (argc != 2 || argv[1][0] == '-')
        return ctl_misused(ctl);
    return use_file(ctl, argv[1], NULL, print_text, &why) == ERR_OK ? 0 : 1;
}
