// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/port/code_reader.h"

/// A code reader on a serial line: USB-CDC ("/dev/serial/by-id/..."), a UART, or a FIFO. A code
/// ends with CR or LF, or when the line has been idle for 100 ms; an AIM identifier ("]Q1") and
/// blanks around it are cut. The reader may be unplugged and
/// come back at any time, also before it was ever there. What it read while nobody listened is
/// dropped.
///
/// Life cycle: `serial_code_reader_open` -> port calls by one thread -> `serial_code_reader_close`.

/// `device` is copied; it is opened by the first read.
enum err serial_code_reader_open(const char *device, struct code_reader *out,
                                 struct fail *why) MUST_USE;
/// NULL-safe, also for one never opened.
void serial_code_reader_close(struct code_reader *reader);
