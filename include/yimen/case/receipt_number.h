// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/base/limits.h"
#include "yimen/base/when.h"
#include <stddef.h>

/// The number on a receipt, 21 digits: 370212 (Laoshan) + counter (3) + YYMMDD + type (1) + serial
/// (4: incarnation and three shuffled digits) + check digit (ISO 7064 MOD 11,10, finds every single
/// wrong digit and nearly every swap). It says nothing about who came before. Pure functions.

enum {
    /// What is said or asked, a restricted case among it: of it paper, screen and page tell least.
    RECEIPT_TYPE_REPORT = 4,
    /// What changes something handed in or granted before: no application of its own.
    RECEIPT_TYPE_CHANGE = 5
};

enum { RECEIPT_NUMBER_DIGITS = 21, RECEIPT_NUMBER_SHOWN = 32 };

struct receipt_number {
    char counter[4]; ///< "001"
    int day;         ///< YYMMDD as a number, of the district's clock
    int type;        ///< 1 urgent, 2 money, 3 service, 4 report, 5 change, 9 hand slip
    int incarnation; ///< 0..9, of this enrolment
    int serial;      ///< 0..999, unused that day
};

/// ERR_BUG when a field is out of its range.
enum err receipt_number_format(const struct receipt_number *number, char out[LIMIT_RECEIPT_NUMBER],
                               struct fail *why) MUST_USE;
/// ERR_INPUT: not 21 digits, not of this district, or the check digit does not fit.
enum err receipt_number_parse(const char *text, struct receipt_number *out,
                              struct fail *why) MUST_USE;
/// In groups as people read it out, alike on screen, paper and telephone: "370212 001 261123
/// 148217"; also while it is still being typed. What is not all digits stays as it is. `room` of
/// RECEIPT_NUMBER_SHOWN holds any whole number.
void receipt_number_show(const char *digits, char *out, size_t room);
/// The district's day of a time, YYMMDD of 2000 to 2099; an earlier one is 2000-01-01.
int receipt_day(int64_t utc_ms);
/// Whole days from one YYMMDD to another.
int receipt_days_between(int from, int to);
/// The calendar day after YYMMDD.
int receipt_day_after(int day);
