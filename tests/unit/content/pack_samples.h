// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "fakes/fakes_files.h"
#include "yimen/content/pack.h"

/// A signed pack in memory, and what a kiosk needs to receive it. Two keys are trusted (the current
/// one and its successor); a third one is foreign.

enum { SAMPLE_KEYS = 2, SAMPLE_FOREIGN = 2 };

struct pack_samples {
    struct crypto crypto;
    uint8_t public_keys[3][CRYPTO_PUBLIC], secret_keys[3][CRYPTO_SECRET];
    struct fake_files *content; ///< the kiosk's folder of releases
    struct pack_install_options options;
};

void samples_open(struct pack_samples *samples);
void samples_close(struct pack_samples *samples);
/// A good pack: one service, one form, Chinese texts; `word` is what its text "word" says.
struct fake_files *sample_pack(const struct pack_samples *samples, const char *version,
                               const char *from, const char *word);
/// The same with a catalogue of policies; NULL: none.
struct fake_files *sample_pack_with(const struct pack_samples *samples, const char *version,
                                    const char *from, const char *word, const char *policies);
/// The same with another form of its service.
struct fake_files *sample_pack_form(const struct pack_samples *samples, const char *version,
                                    const char *form);
/// Signs what lies there, whatever it is, with key 0, 1 or SAMPLE_FOREIGN.
void sample_sign(const struct pack_samples *samples, struct fake_files *pack, int key);
/// Puts another manifest in (all %-free text) and signs it.
void sample_manifest(const struct pack_samples *samples, struct fake_files *pack,
                     const char *manifest);
/// What the text "word" of the pack in force says; "" when none is installed.
void sample_word(const struct pack_samples *samples, int64_t now_utc_ms, char out[32]);
