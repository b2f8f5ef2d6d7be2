// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/arena.h"
#include "yimen/content/texts.h"
#include "yimen/port/paper.h"
#include <stdint.h>

/// A counter's day on paper, for the clerk to sign and file: how many cases of each service are in
/// which state, what is not sent yet, which calls for urgent help are open, and the signed head of
/// the audit chain, which from then on nobody can change unseen. Counts only.

enum { DAY_SERVICES = 64, DAY_STATES = 8 };

struct day_count {
    char service[40];
    int states[DAY_STATES]; ///< by the place of the state in day_states
};
/// "saved", "sending", ... as the catalogue's keys "state.<name>" have them.
extern const char *const day_states[DAY_STATES];

struct day_report {
    char counter[4], date[16]; ///< "001", "2026-11-24"
    size_t count;
    struct day_count services[DAY_SERVICES];
    int64_t unsent, open_calls; ///< of every day
    int64_t printed_utc_ms, entries;
    char head[256]; ///< as audit_head_format writes it
};

/// Counts one case. More services than DAY_SERVICES are counted with the last.
void day_report_add(struct day_report *report, const char *service, const char *state);
/// Everything in `out` lies in the arena.
void day_report_compose(const struct day_report *report, const struct texts *texts,
                        const char *language, struct arena *arena, struct paper_document *out);
