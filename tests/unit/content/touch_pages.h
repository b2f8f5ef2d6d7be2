// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/record/record.h"

/// On how many pages the kiosk shows a screen of a form: upright, in Chinese, at its usual size.
/// `touch_pages_open` and `touch_pages_close` around it.
int touch_pages_open(void);
void touch_pages_close(void);
size_t touch_pages(const struct form_screen *screen);
