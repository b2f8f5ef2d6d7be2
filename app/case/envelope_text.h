// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/case/envelope.h"

/// MD5 of the text that the element signature is made of: form id, version (if any), encrypted key,
/// instance id, then `name::md5` of each file in order, each line ended by a newline.
enum err envelope_text_digest(const struct crypto *crypto, const struct envelope_about *about,
                              const char *encrypted_key, const struct attachment *files,
                              size_t count, uint8_t out[ENVELOPE_SEED], struct fail *why) MUST_USE;
