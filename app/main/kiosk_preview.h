// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "kiosk_run.h"

/// Shows the form that the options name, on the real screens and without a kiosk behind them:
/// nothing is saved, sent or printed. Runs until the window is closed. ERR_INPUT: the form has
/// errors (told on standard error).
enum err kiosk_preview(struct kiosk *kiosk, struct fail *why) MUST_USE;
