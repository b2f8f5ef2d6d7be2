// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/arena.h"
#include "yimen/case/ticket.h"
#include "yimen/content/service.h"
#include "yimen/content/texts.h"
#include "yimen/port/paper.h"
#include <stdbool.h>
#include <stdint.h>

/// The paper of a resume ticket: its QR, the code that is typed where there is no reader, what it
/// is, until when, and what else is needed. Nothing of the second factor is on it, nor whose it is.

struct ticket_slip {
    char qr_text[80], language[8];
    char typed[TICKET_TYPED + 4]; ///< the same to be typed, in groups; "" = none
    char service[40];             ///< "": not to be told
    char counter[4];
    bool chosen_code; ///< four digits that were chosen, instead of the last four of the ID number
    int64_t expires_utc_ms;
};

/// Everything in `*out` lives in `arena`.
void ticket_slip_compose(const struct ticket_slip *slip, const struct texts *texts,
                         const struct catalogue *catalogue, struct arena *arena,
                         struct paper_document *out);
