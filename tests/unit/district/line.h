// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

/// A bad line: a loopback relay that cuts each connection after so many bytes towards the server.

struct line {
    int listener, port, server_port;
    pthread_t thread;
    atomic_bool stop, is_down;
    atomic_bool stays_down; ///< after a cut nothing passes until is_down is taken back
    atomic_long cut_after;  ///< bytes towards the server of one connection; 0: never
    atomic_long carried;    ///< bytes towards the server, of all connections
    atomic_int cuts;
};

void line_open(struct line *line, int server_port);
void line_close(struct line *line);
