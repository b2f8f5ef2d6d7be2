// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "../place.h"
#include "commands.h"
#include "yimen/base/error.h"
#include "yimen/port/files.h"
#include <limits.h>

/// The two halves of provisioning: a district's folder with its keys and content, and a kiosk's
/// folder, which goes through the enrolment.

struct provision_options {
    const char *folder;       ///< gets district/ and kiosk/
    const char *assets;       ///< the tree that the first pack is made of
    const char *counter;      ///< "001"
    const char *printer;      ///< of the kiosk
    int port_base;            ///< device listener; the next one is the public page
    char installed[PATH_MAX]; ///< the assets that came with this program
};

/// DIR/district: demo CA, keys, certificates, settings, signed content, empty database.
enum err provision_district(const struct ctl *ctl, const struct provision_options *options,
                            struct fail *why) MUST_USE;
/// A new sealing key, keys/sealing.key and .pem, before those that are there; `id` is its name.
enum err provision_sealing_key(const struct ctl *ctl, const struct files *files, char id[40],
                               struct fail *why) MUST_USE;
/// Copies the district's installed pack's source into a kiosk's content. `content` is the kiosk's.
enum err provision_content(const struct ctl *ctl, const struct provision_options *options,
                           const char *into, struct fail *why) MUST_USE;

struct enroll_options {
    const char *kiosk, *server, *code; ///< folder, "https://host:port", one-time code
    const char *printer;
    bool demo;
};
/// Makes the kiosk's keys (those that are there stay), enrolls, writes what came back and
/// kiosk.json.
enum err kiosk_enroll(const struct ctl *ctl, const struct enroll_options *options,
                      struct fail *why) MUST_USE;
/// Accounts of the demo, with PINs that are written to staff.json beside the two folders.
enum err provision_staff(const struct ctl *ctl, const struct provision_options *options,
                         struct fail *why) MUST_USE;

/// Opens DIR/NAME for reading and writing files, making the folder.
enum err open_folder(const char *folder, const char *name, struct files *out,
                     struct fail *why) MUST_USE;
