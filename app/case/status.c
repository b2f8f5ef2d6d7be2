// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/case/status.h"

#include "yimen/base/text.h"

static const struct status table[] = {
    {"10",
     "status.10",
     STATUS_NO_TIMER,
     false,
     false,
     true,
     {"12", "14", "16", "18", "20", "88", "96"}},
    {"12", "status.12", STATUS_NO_TIMER, false, false, true, {"14", "16", "20", "96"}},
    {"14", "status.14", STATUS_PAUSED, true, false, true, {"10", "20", "96", "98"}},
    {"16", "status.16", STATUS_NO_TIMER, false, false, false, {0}},
    {"18", "status.18", STATUS_RUNS, false, false, true, {"10", "20", "96"}},
    {"20", "status.20", STATUS_RUNS, false, false, true, {"22", "30", "96"}},
    {"22", "status.22", STATUS_RUNS, false, false, true, {"14", "30", "80", "96"}},
    {"30", "status.30", STATUS_RUNS, false, false, true, {"40", "50", "96"}},
    {"40", "status.40", STATUS_RUNS, false, false, true, {"50", "96"}},
    {"50", "status.50", STATUS_PAUSED, false, false, true, {"52", "60", "96"}},
    {"52", "status.52", STATUS_RUNS, false, false, true, {"50", "60", "70", "96"}},
    {"60", "status.60", STATUS_RUNS, false, false, true, {"70", "80", "96"}},
    {"70", "status.70", STATUS_RUNS, false, false, false, {"72"}},
    {"72", "status.72", STATUS_NO_TIMER, false, false, false, {"74", "84", "90"}},
    {"74", "status.74", STATUS_NO_TIMER, false, false, false, {"72", "84", "86", "90"}},
    {"80", "status.80", STATUS_NO_TIMER, false, false, false, {"82", "97"}},
    {"82", "status.82", STATUS_NO_TIMER, false, false, false, {"60", "80"}},
    {"84", "status.84", STATUS_NO_TIMER, false, false, false, {"72", "90"}},
    {"86", "status.86", STATUS_NO_TIMER, false, false, false, {"72", "90"}},
    {"88", "status.88", STATUS_RUNS, false, true, true, {"60", "70"}},
    {"90", "status.90", STATUS_NO_TIMER, false, false, false, {"97"}},
    {"96", "status.96", STATUS_NO_TIMER, false, false, false, {0}},
    {"97", "status.97", STATUS_NO_TIMER, false, false, false, {0}},
    {"98", "status.98", STATUS_NO_TIMER, false, false, false, {0}},
};

const struct status *status_all(size_t *count)
{
    *count = sizeof table / sizeof table[0];
    return table;
}

const struct status *status_find(const char *code)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (text_equal(table[i].code, code))
            return &table[i];
    return NULL;
}

bool status_may_follow(const struct status *from, const char *code)
{
    for (size_t i = 0; i < sizeof from->next / sizeof from->next[0] && from->next[i]; i++)
        if (text_equal(from->next[i], code))
            return true;
    return false;
}
