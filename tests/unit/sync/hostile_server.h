// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/// A server on loopback that answers with exactly the bytes it is told to, well-formed or not, and
/// may be slow, endless, or hang up in the middle.

enum hostile_way {
    HOSTILE_PLAIN,   ///< sends the bytes and closes
    HOSTILE_DRIP,    ///< one byte every 20 ms
    HOSTILE_ENDLESS, ///< repeats `tail` until the other side hangs up
    HOSTILE_SILENT,  ///< takes the request and says nothing
    HOSTILE_RESET,   ///< sends the bytes and resets the connection
};

struct hostile_answer {
    const char *bytes, *tail;
    enum hostile_way way;
};

struct hostile_server {
    struct hostile_answer head, rest; ///< to HEAD, and to everything else
    int listener, port;
    pthread_t thread;
    atomic_bool stop;
    atomic_int asked; ///< requests other than HEAD
};

void hostile_open(struct hostile_server *server);
void hostile_close(struct hostile_server *server);
