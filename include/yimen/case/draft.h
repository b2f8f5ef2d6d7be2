// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/limits.h"
#include "yimen/base/when.h"
#include "yimen/case/answers.h"
#include "yimen/case/drawn.h"
#include "yimen/case/identity.h"
#include "yimen/record/record.h"
#include <stdbool.h>
#include <stddef.h>

/// Everything a finished visit hands over to be saved: the filled record and what stands beside it.
///
/// Made by the session, taken by the store worker (the form and its record change threads with it),
/// given back when saving failed so that the resident can try again. `case_draft_free` frees the
/// record and the attachments and zeroes all of it; the form is only borrowed (the session keeps it
/// while the draft is away, and does not touch it).

struct attachment {
    char name[LIMIT_PART_NAME]; ///< unrooted, as the record names it ("signature.svg"); sealed
                                ///< with ".enc"
    char type[48];              ///< media type
    void *data;                 ///< owned
    size_t length;
};

struct paper_note { ///< one paper and the answer given for it, for the receipt
    char id[32];
    int answer;     ///< enum paper_answer
    unsigned items; ///< bit i: item i of several asks for it; 0: the case is of one service
};

struct item_note { ///< one of several items in one visit
    char service[40], item_code[40];
    int legal_limit_days, promised_limit_days; ///< 0 = to be confirmed by the window
};

enum { DRAFT_PAPERS = 24, DRAFT_ITEMS = 6, RECEIPT_LINES = 6 };

/// What an office must be able to read in full ("service.h": slip lines).
struct slip_note {
    char label[16]; ///< texts key "receipt.line-<label>"
    char text[96];
};

struct case_draft {
    char instance_id[LIMIT_INSTANCE_ID]; ///< fixed at the start of the visit
    char service[40], item_code[40];
    char shown_service[40]; ///< what paper, lists and counts call it: of a restricted case an
                            ///< ordinary enquiry, whose type it has and of which it shows no more
    int type;               ///< first digit group of the receipt number: 1 urgent, 2 money, ...
    bool urgent, restricted;
    struct when first_touch; ///< of the visit; for urgent cases the clock starts here
    char language[8];
    char masked_name[64]; ///< "王**", "" when none was asked
    char masked_id[24];   ///< "370212************", never a digit after the sixth
    size_t paper_count;
    struct paper_note papers[DRAFT_PAPERS];
    bool signature_outstanding;
    int limit_hours, legal_limit_days, promised_limit_days, paper_limit_days;
    size_t item_count; ///< 0: of one service, the one above
    struct item_note items[DRAFT_ITEMS];
    size_t line_count; ///< what its slip says in full
    struct slip_note lines[RECEIPT_LINES];
    char drawn[DRAWN_TEXT]; ///< pictures of the signs in its lines, or else in its masked name
    char of_number[LIMIT_RECEIPT_NUMBER]; ///< and the number on its receipt
    char of_instance[LIMIT_INSTANCE_ID]; ///< what this is linked to (a correction), "" when nothing
    enum factor_kind factor_kind; ///< what its owner proves themselves with: the receipt says it
    struct record *record;        ///< taken
    size_t attachment_count;
    struct attachment attachments[16];
    char ref_receipt_number[96], ref_counter[96],
        ref_key_id[96]; ///< nodes filled at saving; "" when the form has none
};

/// NULL-safe. Frees the record too.
void case_draft_free(struct case_draft *draft);
