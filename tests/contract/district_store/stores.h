// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/text.h"
#include "yimen/driver/sqlite_district.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/// What the contract tests of the district_store port share: an empty database in a folder of its
/// own, and two handles on it, which stand for two processes.
struct stores {
    char folder[64], path[96];
    struct district_store one, two;
};

#define CALL(store, call, ...) ((store).ops->call((store).self, __VA_ARGS__, NULL))

/// Set-up and tear-down of a CMocka test whose state is a `struct stores`.
int stores_open(void **state);
int stores_close(void **state);

/// Enrols a device at counter 001 whose key and certificate are named after `id`.
void stores_enrol(struct stores *stores, const char *id);
