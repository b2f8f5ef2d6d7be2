// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "kiosk_content.h"
#include "yimen/case/correction.h"

/// The form that answers a verified list. ERR_NOT_FOUND: the form of the case is in no release that
/// is still here. Blocking: the compute worker.
enum err kiosk_correction_form(const struct kiosk_content *content,
                               const struct correction_list *list, struct form **out,
                               struct fail *why) MUST_USE;
