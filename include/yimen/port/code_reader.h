// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"

/// Port: the reader of printed codes (QR and bars). Real driver: drivers/code (a reader on a serial
/// line or USB-CDC); simulated: drivers/sim. Owned by the devices worker.
///
/// What is read is a text that anybody may have printed: one line of well-formed UTF-8 without
/// control characters, never longer than a slip of ours. Everything else is refused here, whole.

enum { CODE_TEXT = 512 }; ///< the longest code of ours has 203 bytes, and NUL

struct code_reader_ops {
    /// Waits for one code at most so long. ERR_OK: `out` holds it. ERR_NOT_FOUND: nothing was held
    /// up in that time. ERR_INPUT: something was, but it is refused; `out` is empty. ERR_RETRY: the
    /// reader is not there now, the time has passed all the same; it is used again as soon as it is
    /// back. ERR_TECHNICIAN: what is configured is no reader.
    enum err (*read)(void *self, int timeout_ms, char out[CODE_TEXT], struct fail *why);
};
struct code_reader {
    const struct code_reader_ops *ops;
    void *self;
};
