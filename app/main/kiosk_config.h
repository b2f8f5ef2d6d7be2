// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/base/limits.h"
#include "yimen/base/strbuf.h"
#include "yimen/port/crypto.h"
#include "yimen/port/files.h"
#include <stdbool.h>

/// What makes this machine this kiosk: the folder that provisioning made.
///
///   kiosk.json           below; nothing secret
///   keys/device.key      PEM, P-256: TLS           (0600)
///   keys/device.crt      PEM: the district's certificate for it
///   keys/ca.crt          PEM: the only authority that is believed
///   keys/signing.secret  64 bytes, Ed25519          (0600)
///   keys/root.secret     32 bytes                   (0600)
///   keys/sealing.pem     the district's current public sealing key; absent with a stand-in server
///   keys/content.pub     32 bytes: who signs content packs; content-next.pub: its successor
///   keys/district.pub    32 bytes: who signs correction lists; district-next.pub: its successor
///   keys/server.password one line: of "server_user" at a stand-in server     (0600)
///   content/             releases of the content pack
///   incoming/            where a technician's stick is mounted or a pack is copied to
///   data/kiosk.db        the store
///
/// kiosk.json: {"format": 1, "profile": "production" | "demo", "counter": "001", "incarnation": 3,
/// "device_id": "...", "device_key_id": "...", "sealing_key_id": "...", "time_zone":
/// "Asia/Shanghai", "server": "https://host:8443", "public_host": "host", "openrosa_only": false,
/// "server_user": "", "printer": "receipt", "lamp_file": "",
/// "code_device": "", "language": "zh", "mm_per_px": 0.248, "width": 0,
/// "height": 0, "idle_seconds": 0, "keep_days": 35}. What may be absent has the default shown;
/// keep_days is never less.

enum { CONFIG_KEYS = 2, CONFIG_KEY_BYTES = 16384, CONFIG_FAULTS = 4 };

struct kiosk_config {
    bool demo;
    char counter[4];
    int incarnation;
    char device_id[64], device_key_id[40], sealing_key_id[40];
    char time_zone[48], language[8];
    char server[256], public_host[LIMIT_HOST];
    bool openrosa_only;
    char server_user[128], server_password[128]; ///< for a stand-in server; "": nobody logs in
    char printer[256], lamp_file[256];
    char code_device[256]; ///< the code reader's line; "": none is fitted
    double mm_per_px;
    int width, height, idle_seconds;
    int keep_days; ///< received cases stay so long; 0: the least

    char certificate_file[512], key_file[512], ca_file[512], store_file[512];
    struct strbuf sealing_key; ///< empty with a stand-in server
    uint8_t signing_secret[CRYPTO_SECRET];
    uint8_t root_secret[CRYPTO_KEY];
    uint8_t content_keys[CONFIG_KEYS][CRYPTO_PUBLIC];
    size_t content_key_count;
    uint8_t district_keys[CONFIG_KEYS][CRYPTO_PUBLIC];
    size_t district_key_count; ///< 0: no correction can be answered here

    /// Of kiosk_config_look: secrets that are missing or none, in words. With any the kiosk stays
    /// closed (kiosk_base.h); what should be in them is zeroes.
    size_t fault_count;
    char faults[CONFIG_FAULTS][160];
};

/// `folder` is the path that `files` shows. ERR_INPUT names the entry that is wrong; ERR_NOT_FOUND
/// the file that is missing.
enum err kiosk_config_read(const struct files *files, const char *folder, struct kiosk_config *out,
                           struct fail *why) MUST_USE;
/// The same for who has a screen, or a technician, to tell it to: broken secrets are faults of the
/// config, and no failure.
enum err kiosk_config_look(const struct files *files, const char *folder, struct kiosk_config *out,
                           struct fail *why) MUST_USE;
/// Zeroes the secrets.
void kiosk_config_wipe(struct kiosk_config *config);
