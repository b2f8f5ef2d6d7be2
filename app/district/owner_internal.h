// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "district_internal.h"
#include "yimen/district/owner.h"

/// owner (who may be told, and what), owner_wire (the same over a socket), page_owner (how it looks
/// on a telephone).

/// Needs options.lookup_key.
enum err owner_judge(struct district *district, const struct owner_question *question,
                     struct owner_answer *out, struct fail *why) MUST_USE;
