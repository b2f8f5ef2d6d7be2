// SPDX-License-Identifier: GPL-3.0-or-later
// yimen-simulate: many made-up days of many kiosks and their district, and whether the promise on
// the receipt held. A program of its own: its randomness is the seed's for the whole process, and
// nothing that makes a real key may share a process with that.
#include "simulate.h"
#include "../version.h"
#include "yimen/base/text.h"
#include "yimen/driver/certificates.h"
#include "yimen/driver/crypto.h"
#include "yimen/driver/crypto_seed.h"
#include "yimen/driver/system.h"

#include <string.h>

enum { USAGE = 2, KEY_BITS = 2048, KEY_BYTES = 8192, FAULTS_WITHOUT_WORD = 2, FAULTS_MOST = 3 };

struct options {
    int64_t seed, seeds, kiosks, days, faults;
    bool restores;
    const char *content, *trace;
};

static int usage(void)
{
    (void)fputs(
        "usage: yimen-simulate [--seed N] [--seeds COUNT] [--kiosks 30] [--days 1]\n"
        "                      [--faults 0-3] [--restores] [--content assets] [--trace FILE]\n"
        "  --seed N       the first seed (1); the same seed is the same run, to the last byte\n"
        "  --seeds COUNT  so many runs, one after the other (1)\n"
        "  --faults       0 none, 1 some, 2 many (as it is without a word), 3 all the time\n"
        "  --restores     the district may come back from a backup half a day old\n"
        "  --content DIR  where the receipt's texts are\n"
        "  --trace FILE   every event, a line each; otherwise the last ones when a run fails\n"
        "exits with 1 when something was lost, doubled, or printed without a case behind it\n",
        stderr);
    return USAGE;
}

static bool take(struct options *out, const char *name, const char *value)
{
    const struct {
        const char *name;
        int64_t *place, least, most;
    } numbers[] = {{"--seed", &out->seed, 0, INT64_MAX / 2},
                   {"--seeds", &out->seeds, 1, 1000000},
                   {"--kiosks", &out->kiosks, 1, SIM_KIOSKS},
                   {"--days", &out->days, 1, 3650},
                   {"--faults", &out->faults, 0, FAULTS_MOST}};
    if (text_equal(name, "--content") || text_equal(name, "--trace")) {
        *(text_equal(name, "--trace") ? &out->trace : &out->content) = value;
        return true;
    }
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (text_equal(name, numbers[i].name))
            return text_to_int64(value, numbers[i].place) &&
                   *numbers[i].place >= numbers[i].least && *numbers[i].place <= numbers[i].most;
    return false;
}

static bool read_options(int argc, char **argv, struct options *out)
{
    *out = (struct options){.seed = 1,
                            .seeds = 1,
                            .kiosks = 30,
                            .days = 1,
                            .faults = FAULTS_WITHOUT_WORD,
                            .content = "assets"};
    for (int i = 1; i < argc; i++) {
        if (text_equal(argv[i], "--restores"))
            out->restores = true;
        else if (i + 1 >= argc || !take(out, argv[i], argv[i + 1]))
            return false;
        else
            i++;
    }
    return true;
}

/// What the kit borrows.
struct stock {
    struct crypto crypto;
    struct texts *texts;
    struct catalogue *catalogue;
};

static enum err open_stock(const char *content, struct stock *out, struct fail *why)
{
    struct files pack = {0};
    enum err err = sodium_crypto_open(&out->crypto, why);
    if (!err)
        err = system_files_open(content, &pack, why);
    if (!err)
        err = texts_load(&pack, &out->texts, why);
    if (!err)
        err = catalogue_load(&pack, &out->catalogue, why);
    system_files_close(&pack);
    return err;
}

static enum err open_kit(const struct stock *stock, struct sim_kit *kit, struct fail *why)
{
    *kit = (struct sim_kit){
        .crypto = &stock->crypto, .texts = stock->texts, .catalogue = stock->catalogue};
    strbuf_init(&kit->sealing_private, KEY_BYTES);
    strbuf_init(&kit->sealing_public, KEY_BYTES);
    enum err err = crypto_seed(0, why); // one key for every run, so that each run repeats by itself
    if (!err)
        err = certificate_make_sealing_key(KEY_BITS, &kit->sealing_private, &kit->sealing_public,
                                           why);
    return err ? err : sim_form_load(kit, why);
}

static int run_one(const struct options *options, uint64_t seed, struct sim_kit *kit, FILE *trace)
{
    struct sim_plan plan = {.seed = seed,
                            .kiosks = (int)options->kiosks,
                            .days = (int)options->days,
                            .faults = (int)options->faults,
                            .restores = options->restores,
                            .trace = trace};
    struct sim_result result;
    struct fail why = {0};
    enum err err = sim_run(&plan, kit, &result, &why);
    (void)printf("seed %llu: submitted %ld received %ld lost %ld doubled %ld receipts-unbacked %ld "
                 "(%ld steps, %ld power cuts, trace %016llx)\n",
                 (unsigned long long)seed, result.submitted, result.received, result.lost,
                 result.doubled, result.unbacked, result.steps, result.power_cuts,
                 (unsigned long long)result.trace_hash);
    if (err)
        (void)printf("seed %llu FAILED: %s\n  again: yimen-simulate --seed %llu --kiosks %d "
                     "--days %d --faults %d%s --trace FILE\n",
                     (unsigned long long)seed, why.text, (unsigned long long)seed, plan.kiosks,
                     plan.days, plan.faults, plan.restores ? " --restores" : "");
    (void)fflush(stdout);
    return err ? 1 : 0;
}

static int run_all(const struct options *options, FILE *trace)
{
    struct stock stock = {0};
    struct sim_kit kit = {0};
    struct fail why = {0};
    enum err err = open_stock(options->content, &stock, &why);
    if (!err)
        err = open_kit(&stock, &kit, &why);
    int code = err ? 1 : 0;
    if (err)
        log_fail(LOG_ERROR, "simulate", "start", &why);
    log_set_level(LOG_NONE); // thousands of faults, all of them wanted
    for (int64_t i = 0; !err && i < options->seeds; i++)
        code |= run_one(options, (uint64_t)(options->seed + i), &kit, trace);
    form_free(kit.form);
    strbuf_free(&kit.sealing_private);
    strbuf_free(&kit.sealing_public);
    catalogue_free(stock.catalogue);
    texts_free(stock.texts);
    return code;
}

int main(int argc, char **argv)
{
    struct options options;
    if (version_asked(argc, argv, "yimen-simulate"))
        return 0;
    if (!read_options(argc, argv, &options))
        return usage();
    FILE *trace = options.trace ? fopen(options.trace, "w") : NULL;
    if (options.trace && !trace) {
        (void)fprintf(stderr, "yimen-simulate: %s cannot be written\n", options.trace);
        return 1;
    }
    int code = run_all(&options, trace);
    if (trace && fclose(trace)) {
        (void)fprintf(stderr, "yimen-simulate: %s is not complete\n", options.trace);
        code = 1;
    }
    return code;
}
