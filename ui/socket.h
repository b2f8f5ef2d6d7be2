// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/base/strbuf.h"
#include <stdbool.h>

/// The tree socket, for tests and tools: a Unix stream socket with one command a line, one line an
/// answer. No threads, no waits: `tree_socket_poll` handles what is there. Off unless asked for. UI
/// thread.

enum { SOCKET_CLIENTS = 4, SOCKET_LINE = 1024 };

struct tree_socket;

/// Appends the answer to one command, without the newline.
typedef void tree_socket_answer(void *self, const char *command, struct strbuf *out);

/// A file already there is replaced. ERR_TECHNICIAN when the path cannot be used.
enum err tree_socket_open(const char *path, struct tree_socket **out, struct fail *why) MUST_USE;
/// NULL-safe; removes the file.
void tree_socket_close(struct tree_socket *socket);
/// Wait up to `timeout_ms` for something to come in, then handle it.
void tree_socket_poll(struct tree_socket *socket, int timeout_ms, tree_socket_answer *answer,
                      void *self);
