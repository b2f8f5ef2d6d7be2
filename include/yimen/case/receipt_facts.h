// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/limits.h"
#include "yimen/base/strbuf.h"
#include "yimen/case/draft.h"
#include <stdbool.h>

/// What a receipt may say about a case, and nothing more: all of it may be read by whoever finds
/// the paper. Kept sealed under a key of the device's root secret so that it can be printed again;
/// goes with the pruned case. Plain value.

struct receipt_facts {
    char number[LIMIT_RECEIPT_NUMBER];
    char qr_text[LIMIT_QR_TEXT];
    char of_number[LIMIT_RECEIPT_NUMBER]; ///< the receipt that this one belongs to, "" when none
    char service[40], item_code[40], language[8];
    char counter_code[4];
    char masked_name[64], masked_id[24];
    bool urgent;
    struct when first_touch, saved;
    int limit_hours, legal_limit_days, promised_limit_days; ///< 0 = to be confirmed by the window
    int paper_limit_days; ///< from saving until the papers are awaited; 0 = the window says
    size_t paper_count;
    struct paper_note papers[DRAFT_PAPERS];
    size_t item_count; ///< 0: of one service
    struct item_note items[DRAFT_ITEMS];
    size_t line_count;
    struct slip_note lines[RECEIPT_LINES];
    char drawn[DRAWN_TEXT]; ///< pictures of the signs in its lines, or else in its masked name
    bool signature_outstanding;
    int factor_kind; ///< enum factor_kind: what opens the case, in words
    int print_count; ///< 1 = first print; from 2 on the paper says "第 n 次打印"
};

/// JSON, one object. Appends.
enum err receipt_facts_write(const struct receipt_facts *facts, struct strbuf *out,
                             struct fail *why) MUST_USE;
/// ERR_CORRUPT when it is not what receipt_facts_write wrote.
enum err receipt_facts_read(const char *json, size_t length, struct receipt_facts *out,
                            struct fail *why) MUST_USE;
