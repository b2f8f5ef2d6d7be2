// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include <libxml/tree.h>
#include <stddef.h>

/// Rows of a CSV text (RFC 4180, also with ; tab or |) as root/item/<column>, named by its heading;
/// each item knows its line. ERR_INPUT names the row. ERR_FULL: too large.
enum err csv_parse(const char *text, size_t length, xmlDoc *doc, struct fail *why) MUST_USE;
