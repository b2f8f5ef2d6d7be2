// SPDX-License-Identifier: GPL-3.0-or-later
// yimenctl district ...: the desk, until it has screens of its own. Each reading of a case asks for
// a reason and is in the district's audit chain before anything is shown.
#include "options.h"
#include "../office.h"
#include "commands.h"
#include "yimen/base/text.h"
#include "yimen/driver/sqlite_district.h"

#include <stdio.h>
#include <string.h>

enum { USAGE = 2, ANSWER_BYTES = 64 << 20, CODE_MINUTES = 60 };

struct options {
    const char *folder, *reason, *actor, *file, *counter, *item, *words[2];
    int word_count;
};

static bool take(void *context, const char *name, const char *value)
{
    struct options *out = context;
    if (!name) {
        bool fits = out->word_count < 2;
        if (fits)
            out->words[out->word_count++] = value;
        return fits;
    }
    const struct {
        const char *name;
        const char **place;
    } known[] = {{"--district", &out->folder}, {"--reason", &out->reason},
                 {"--actor", &out->actor},     {"--file", &out->file},
                 {"--item", &out->item},       {"--counter", &out->counter}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (text_equal(known[i].name, name)) {
            *known[i].place = value;
            return true;
        }
    return false;
}

static bool read_options(const struct ctl *ctl, int argc, char **argv, int words,
                         struct options *out)
{
    *out = (struct options){.reason = "", .actor = "ctl"};
    if (!ctl_read(ctl, argc, argv, take, out))
        return false;
    bool good = out->folder && out->word_count == words;
    if (!good)
        (void)ctl_misused(ctl);
    return good;
}

static int result(enum err err, const struct fail *why)
{
    if (err == ERR_OK)
        return 0;
    (void)fprintf(stderr, "yimenctl: %s (%s)\n", why->text, err_name(err));
    return 1;
}

typedef enum err desk_work(struct district *district, const struct options *options,
                           struct strbuf *out, struct fail *why);

// Opens the district's folder, does the work, writes what it gave.
static int with_district(const struct ctl *ctl, int roles, const struct options *options,
                         desk_work *work)
{
    struct office office;
    struct office_room room;
    struct fail why = {0};
    struct strbuf out;
    enum err err = office_open(&office, options->folder, roles, ctl->crypto, ctl->clock, &why);
    if (err)
        return result(err, &why);
    strbuf_init(&out, ANSWER_BYTES);
    err = office_room_open(&office, roles, &room, &why);
    if (!err) {
        err = work(room.district, options, &out, &why);
        office_room_close(&room);
    }
    if (!err && fwrite(strbuf_text(&out), 1, out.length, stdout) != out.length)
        err = fail_set(&why, ERR_TECHNICIAN, "cannot write the answer");
    strbuf_free(&out);
    office_close(&office);
    return result(err, &why);
}

static enum err do_list(struct district *district, const struct options *options,
                        struct strbuf *out, struct fail *why)
{
    (void)options;
    enum err err = district_list(district, out, why);
    strbuf_addc(out, '\n');
    return err;
}

static enum err do_show(struct district *district, const struct options *options,
                        struct strbuf *out, struct fail *why)
{
    if (options->file)
        return district_show_file(district, options->words[0], options->file, options->actor, out,
                                  why);
    const struct district_reader reader = {options->actor, options->reason};
    enum err err =
        options->item
            ? district_show_item(district, options->words[0], options->item, &reader, out, why)
            : district_show(district, options->words[0], options->actor, options->reason, out, why);
    strbuf_addc(out, '\n');
    return err;
}

static enum err do_set_status(struct district *district, const struct options *options,
                              struct strbuf *out, struct fail *why)
{
    struct district_decision decision = {.receipt = options->words[0],
                                         .status = options->words[1],
                                         .reason = options->reason,
                                         .actor = options->actor,
                                         .item = options->item};
    (void)out;
    return district_set_status(district, &decision, why);
}

static enum err do_open(struct district *district, const struct options *options,
                        struct strbuf *out, struct fail *why)
{
    (void)out;
    return district_open_again(district, options->words[0], options->actor, why);
}

static enum err do_quarantine(struct district *district, const struct options *options,
                              struct strbuf *out, struct fail *why)
{
    (void)out;
    return district_quarantine(district, options->words[0], options->actor, options->reason, why);
}

static enum err do_revoke(struct district *district, const struct options *options,
                          struct strbuf *out, struct fail *why)
{
    (void)out;
    return district_revoke(district, options->words[0], options->actor, options->reason, why);
}

static enum err do_accept_audit(struct district *district, const struct options *options,
                                struct strbuf *out, struct fail *why)
{
    (void)out;
    return district_accept_audit(district, options->words[0], options->actor, options->reason, why);
}

static enum err do_code(struct district *district, const struct options *options,
                        struct strbuf *out, struct fail *why)
{
    char code[DISTRICT_CODE];
    if (!options->counter)
        return fail_set(why, ERR_INPUT, "--counter is wanted");
    enum err err = district_make_code(district, options->counter, CODE_MINUTES, code, why);
    if (!err)
        strbuf_addf(out, "%s\n", code);
    return err;
}

static enum err do_verify(struct district *district, const struct options *options,
                          struct strbuf *out, struct fail *why)
{
    int64_t entries = 0;
    (void)options;
    enum err err = district_audit_verify(district, &entries, why);
    if (!err)
        strbuf_addf(out, "%lld entries, unbroken\n", (long long)entries);
    return err;
}

static enum err do_heads(struct district *district, const struct options *options,
                         struct strbuf *out, struct fail *why)
{
    (void)options;
    return district_heads(district, out, why);
}

static enum err do_devices(struct district *district, const struct options *options,
                           struct strbuf *out, struct fail *why)
{
    (void)options;
    enum err err = district_devices(district, out, why);
    strbuf_addc(out, '\n');
    return err;
}

static enum err do_ratings(struct district *district, const struct options *options,
                           struct strbuf *out, struct fail *why)
{
    (void)options;
    enum err err = district_ratings(district, out, why);
    strbuf_addc(out, '\n');
    return err;
}

int ctl_district_ratings(const struct ctl *ctl, int argc, char **argv)
{
    struct options options;
    if (!read_options(ctl, argc, argv, 0, &options))
        return USAGE;
    return with_district(ctl, OFFICE_DESK, &options, do_ratings);
}

int ctl_district_list(const struct ctl *ctl, int argc, char **argv)
{
    struct options options;
    if (!read_options(ctl, argc, argv, 0, &options))
        return USAGE;
    return with_district(ctl, OFFICE_DESK, &options, do_list);
}

int ctl_district_show(const struct ctl *ctl, int argc, char **argv)
{
    struct options options;
    if (!read_options(ctl, argc, argv, 1, &options))
        return USAGE;
    if (!options.reason[0]) {
        (void)fputs("yimenctl: reading a case asks for a --reason\n", stderr);
        return USAGE;
    }
    return with_district(ctl, OFFICE_DESK, &options, do_show);
}

int ctl_district_set_status(const struct ctl *ctl, int argc, char **argv)
{
    struct options options;
    if (!read_options(ctl, argc, argv, 2, &options))
        return USAGE;
    return with_district(ctl, OFFICE_DESK, &options, do_set_status);
}

int ctl_district_open(const struct ctl *ctl, int argc, char **argv)
{
    struct options options;
    if (!read_options(ctl, argc, argv, 1, &options))
        return USAGE;
    return with_district(ctl, OFFICE_OPENER, &options, do_open);
}

int ctl_district_quarantine(const struct ctl *ctl, int argc, char **argv)
{
    struct options options;
    if (!read_options(ctl, argc, argv, 1, &options))
        return USAGE;
    if (!options.reason[0]) {
        (void)fputs("yimenctl: a quarantine asks for a --reason\n", stderr);
        return USAGE;
    }
    return with_district(ctl, OFFICE_DESK, &options, do_quarantine);
}

int ctl_district_code(const struct ctl *ctl, int argc, char **argv)
{
    struct options options;
    if (!read_options(ctl, argc, argv, 0, &options))
        return USAGE;
    return with_district(ctl, OFFICE_INGEST, &options, do_code);
}

int ctl_district_revoke(const struct ctl *ctl, int argc, char **argv)
{
    struct options options;
    if (!read_options(ctl, argc, argv, 1, &options))
        return USAGE;
    return with_district(ctl, OFFICE_INGEST, &options, do_revoke);
}

// Everything received before the copy began is in it: that is what kiosks are told.
static enum err back_up(const struct ctl *ctl, const struct options *options,
                        struct office_room *room, struct fail *why)
{
    int64_t begun = clock_now(ctl->clock).utc_ms;
    enum err err = sqlite_district_backup(&room->store, options->words[0], why);
    return err ? err : district_backup_verified(room->district, begun, options->actor, why);
}

int ctl_district_backup(const struct ctl *ctl, int argc, char **argv)
{
    struct options options;
    struct office office;
    struct office_room room;
    struct fail why = {0};
    if (!read_options(ctl, argc, argv, 1, &options))
        return USAGE;
    enum err err =
        office_open(&office, options.folder, OFFICE_INGEST, ctl->crypto, ctl->clock, &why);
    if (err)
        return result(err, &why);
    err = office_room_open(&office, OFFICE_INGEST, &room, &why);
    if (!err) {
        err = back_up(ctl, &options, &room, &why);
        office_room_close(&room);
    }
    office_close(&office);
    return result(err, &why);
}

int ctl_district_audit(const struct ctl *ctl, int argc, char **argv)
{
    struct options options;
    if (!read_options(ctl, argc, argv, 0, &options))
        return USAGE;
    return with_district(ctl, OFFICE_DESK, &options, do_verify);
}

int ctl_district_heads(const struct ctl *ctl, int argc, char **argv)
{
    struct options options;
    if (!read_options(ctl, argc, argv, 0, &options))
        return USAGE;
    return with_district(ctl, OFFICE_DESK, &options, do_heads);
}

int ctl_district_devices(const struct ctl *ctl, int argc, char **argv)
{
    struct options options;
    if (!read_options(ctl, argc, argv, 0, &options))
        return USAGE;
    return with_district(ctl, OFFICE_INGEST, &options, do_devices);
}

int ctl_district_accept_audit(const struct ctl *ctl, int argc, char **argv)
{
    struct options options;
    if (!read_options(ctl, argc, argv, 1, &options))
        return USAGE;
    return with_district(ctl, OFFICE_INGEST, &options, do_accept_audit);
}
