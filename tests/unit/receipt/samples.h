// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/case/receipt_facts.h"
#include "yimen/content/policy.h"
#include "yimen/content/service.h"
#include "yimen/content/texts.h"
#include "yimen/driver/paper.h"
#include "yimen/driver/system.h"

/// Made-up receipts, and the real content and paper they are tried with.

struct bench {
    struct files pack;
    struct texts *texts;
    struct catalogue *catalogue;
    struct policies *policies;
    struct paper paper;
    struct arena *arena;
};

/// Fails the test that calls it when something does not open.
void bench_open(struct bench *bench);
void bench_close(struct bench *bench);
/// 2026-11-23 10:05 in the district.
extern const int64_t SAMPLE_UTC_MS;
/// An application with papers still to come.
struct receipt_facts sample_application(const char *language);
/// Three services in one visit, and a relative who signs at home.
struct receipt_facts sample_several(const char *language);
/// A call for help with its 24-hour clock.
struct receipt_facts sample_urgent(const char *language);
/// Second print, signature outstanding, time not to be trusted.
struct receipt_facts sample_reprint(const char *language);
/// Composed from the catalogue and rendered; the caller initialises the buffers of `out`.
void sample_render(struct bench *bench, const struct receipt_facts *facts,
                   struct paper_output *out);
