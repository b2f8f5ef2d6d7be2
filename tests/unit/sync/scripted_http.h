// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/port/http_client.h"

/// An http_client that answers as told, and remembers what it was asked.

enum { SCRIPT_STEPS = 16, SCRIPT_PARTS = 128 };

struct script_step {
    enum err err;
    int status;
    const char *body, *location, *date;
    long accept_length; ///< 0: none said
    long long offset;   ///< Upload-Offset + 1; 0: none said
    int retry_after_s;
    bool no_version; ///< leave X-OpenRosa-Version out
};

struct script_asked {
    char offset_header[64];
    char method[8], url[256], version_header[64], date_header[64];
    char parts[SCRIPT_PARTS][64];
    size_t part_count, bytes;
    char body[2048];
};

struct script {
    struct http_client client;
    const struct script_step *steps;
    size_t count, done;
    struct script_asked asked[SCRIPT_STEPS];
};

void script_begin(struct script *script, const struct script_step *steps, size_t count);
