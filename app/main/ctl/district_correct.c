// SPDX-License-Identifier: GPL-3.0-or-later
// yimenctl district correct: what a case still needs, asked at the desk once and completely.
#include "options.h"
#include "../office.h"
#include "commands.h"
#include "yimen/base/text.h"
#include "yimen/district/correction.h"

#include <stdio.h>

enum { USAGE = 2 };

struct asked {
    const char *folder, *days;
    struct district_correction_order order;
    struct district_wanted wanted[CORRECTION_ITEMS];
};

static bool add_wanted(struct asked *asked, enum correction_kind kind, const char *ref)
{
    if (asked->order.count == CORRECTION_ITEMS)
        return false;
    asked->wanted[asked->order.count++] = (struct district_wanted){kind, ref, ""};
    return true;
}

// A reason belongs to the field or paper before it.
static bool add_reason(struct asked *asked, const char *reason)
{
    struct district_wanted *last =
        asked->order.count ? &asked->wanted[asked->order.count - 1] : NULL;
    if (!last || last->reason[0])
        return false;
    last->reason = reason;
    return true;
}

static bool take(void *context, const char *name, const char *value)
{
    struct asked *asked = context;
    if (!name)
        return false;
    const struct {
        const char *name;
        const char **place;
    } known[] = {{"--district", &asked->folder},
                 {"--receipt", &asked->order.receipt},
                 {"--actor", &asked->order.actor},
                 {"--days", &asked->days},
                 {"--replace", &asked->order.replaces_why}};
    if (text_equal(name, "--field"))
        return add_wanted(asked, CORRECTION_FIELD, value);
    if (text_equal(name, "--paper"))
        return add_wanted(asked, CORRECTION_PAPER, value);
    if (text_equal(name, "--reason"))
        return add_reason(asked, value);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (text_equal(known[i].name, name)) {
            *known[i].place = value;
            return true;
        }
    return false;
}

static bool read_options(const struct ctl *ctl, int argc, char **argv, struct asked *out)
{
    int64_t days = 0;
    *out = (struct asked){.order = {.replaces_why = ""}};
    out->order.wanted = out->wanted;
    if (!ctl_read(ctl, argc, argv, take, out))
        return false;
    bool good = true;
    if (out->days)
        good = text_to_int64(out->days, &days) && days > 0 && days <= 365;
    out->order.days = (int)days;
    good = good && out->folder && out->order.receipt && out->order.actor && out->order.count > 0;
    if (!good)
        (void)ctl_misused(ctl);
    return good;
}

static enum err correct(const struct ctl *ctl, const struct asked *asked, char id[CORRECTION_ID],
                        struct fail *why)
{
    struct office office;
    struct office_room room;
    enum err err = office_open(&office, asked->folder, OFFICE_DESK, ctl->crypto, ctl->clock, why);
    if (err)
        return err;
    err = office_room_open(&office, OFFICE_DESK, &room, why);
    if (!err) {
        err = district_correct(room.district, &asked->order, id, why);
        office_room_close(&room);
    }
    office_close(&office);
    return err;
}

int ctl_district_correct(const struct ctl *ctl, int argc, char **argv)
{
    struct asked asked;
    struct fail why = {0};
    char id[CORRECTION_ID];
    if (!read_options(ctl, argc, argv, &asked))
        return USAGE;
    if (correct(ctl, &asked, id, &why) != ERR_OK) {
        (void)fprintf(stderr, "yimenctl: %s (%s)\n", why.text, err_name(why.err));
        return 1;
    }
    (void)printf("%s\n", id);
    return 0;
}
