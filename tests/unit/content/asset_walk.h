// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/record/record.h"
#include "yimen/port/crypto.h"
#include "yimen/port/files.h"
#include <jansson.h>

/// A shipped form and a record of it, begun at 14:00 on 23 November 2026 in Qingdao.
struct asset_walk {
    struct files assets;
    struct crypto crypto;
    struct form *form;
    struct record *record;
    json_t *lists; ///< "limits.csv": text, instead of the shipped lists; may be NULL
};

/// `path`: "forms/x.xml". Any finding but a note fails the test.
void asset_walk_open(struct asset_walk *walk, const char *path, json_t *lists);
void asset_walk_close(struct asset_walk *walk);
/// Reads a JSON file or fails the test with its line.
json_t *asset_json(const char *file);
