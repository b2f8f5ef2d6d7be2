// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "kiosk_config.h"
#include "yimen/port/crypto.h"
#include <stddef.h>

/// Is what provisioning made still there, whole, and nobody else's? Looked at before every run, and
/// by `yimenctl doctor`. Only looks: nothing is made or mended.
///
///   STORE-MISSING  data/kiosk.db is gone: a new one would have no staff and no cases
///   STORE-EMPTY    it is there and was never enrolled or used
///   STORE-DAMAGED  it cannot be opened as ours
///   KEYS-BROKEN    keys/signing.secret, root.secret or server.password is missing or is none:
///   cases
///                  could not be signed, receipts and staff's PINs not be read
///   SEALING-KEY    keys/sealing.pem is missing or no key: nothing could be handed in
///   KEYS-OPEN      a secret or the store may be read by others
///   KEYS-LOOSE     the folder, its settings or a key that anybody may read can be changed by
///   others KEYS-OWNER     one of them belongs to another account than the folder, or than this
///   process

/// Of each: what it is and what mends it.
struct base_finding {
    char code[24];  ///< as shown on the screen
    char text[320]; ///< English, for the technician: what it is and what mends it
    bool allowed_in_demo;
};
enum { BASE_FINDINGS = 12 };

/// How many; 0: the kiosk may open. `folder` is the kiosk's. `as_kiosk`: this process is the one
/// that will run, so it must own them.
size_t kiosk_base_check(const char *folder, const struct kiosk_config *config,
                        const struct crypto *crypto, bool as_kiosk,
                        struct base_finding out[BASE_FINDINGS]);
/// The first finding that keeps this kiosk closed, or NULL: owners and modes are a production
/// kiosk's only.
const struct base_finding *kiosk_base_closes(const struct kiosk_config *config,
                                             const struct base_finding *findings, size_t count);
