// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/case/envelope.h"

/// MD5 of the element signature's text: form, version, encrypted key, instance, each file's name
/// and MD5.
enum err envelope_text_digest(const struct crypto *crypto, const struct envelope_about *about,
                              const char *encrypted_key, const struct envelope_file *files,
                              size_t count, uint8_t out[ENVELOPE_SEED], struct fail *why) MUST_USE;
