// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/driver/sim_network.h"

/// A request on its way, owned.
struct late_request {
    char *method, *url, *type;
    char **headers; ///< NULL at the end
    void *body;
    size_t length, part_count;
    bool is_cut;
    struct http_server_part *parts; ///< every pointer in them is owned
};

/// ERR_RETRY: no memory (nothing is left over).
enum err late_copy(const struct http_request *request, struct late_request *out, struct fail *why);
/// Zero afterwards.
void late_clear(struct late_request *late);
