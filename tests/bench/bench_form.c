// SPDX-License-Identifier: GPL-3.0-or-later
// How long forms take: loading, beginning a record, an answer, reading a screen; what they hold;
// whether memory grows over many answers; whether twice the form takes at most twice the time.
//   bench_form            generated forms
//   bench_form FILE...    these forms
#include "generated_form.h"
#include "yimen/base/limits.h"
#include "yimen/driver/crypto.h"
#include "yimen/record/record.h"
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ANSWERS = 10000, LOADS = 20 };

static double now_ms(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

static struct when fixed_now(void *self)
{
    (void)self;
    return (struct when){.utc_ms = 1795398000000, .quality = TIME_RTC};
}
static const struct clock_ops fixed_ops = {fixed_now};
static const struct clock fixed_clock = {&fixed_ops, NULL};

static size_t held(void)
{
    return mallinfo2().uordblks;
}

static enum err read_beside(void *context, const char *uri, struct strbuf *out, struct fail *why)
{
    char path[1024];
    (void)why;
    snprintf(path, sizeof path, "%s/%s", (const char *)context, strrchr(uri, '/') + 1);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return ERR_NOT_FOUND;
    char block[65536];
    size_t got = 0;
    while ((got = fread(block, 1, sizeof block, file)) > 0)
        strbuf_add(out, block, got);
    fclose(file);
    return ERR_OK;
}

struct bench {
    const char *name, *folder;
    const struct strbuf *text;
    const struct crypto *crypto;
    char ref[64][512];
    size_t ref_count;
};

static struct form *load(const struct bench *bench)
{
    const struct form_source source = {.name = bench->name,
                                       .text = strbuf_text(bench->text),
                                       .length = bench->text->length,
                                       .resource = bench->folder != NULL ? read_beside : NULL,
                                       .context = (void *)(size_t)bench->folder,
                                       .crypto = bench->crypto};
    struct form *form = NULL;
    struct fail why = {ERR_OK, ""};
    if (form_load(&source, NULL, NULL, &form, &why) != ERR_OK)
        printf("%s: %s\n", bench->name, why.text);
    return form;
}

static double best_load(const struct bench *bench)
{
    double best = 1e9;
    for (int i = 0; i < LOADS; i++) {
        double begin = now_ms();
        struct form *form = load(bench);
        double took = now_ms() - begin;
        form_free(form);
        best = took < best ? took : best;
    }
    return best;
}

static void collect_ref(void *context, const struct record_node *node)
{
    struct bench *bench = context;
    bool takes = node->has_value && !node->readonly && node->relevant &&
                 strcmp(node->type, "input") == 0 && strlen(node->ref) < sizeof bench->ref[0];
    if (takes && bench->ref_count < 64)
        memcpy(bench->ref[bench->ref_count++], node->ref, strlen(node->ref) + 1);
}

static void answer_many(struct bench *bench, struct record *record)
{
    record_visit(record, collect_ref, bench);
    if (bench->ref_count == 0)
        return;
    double worst = 0, begin = now_ms();
    size_t before = 0;
    for (int i = 0; i < ANSWERS; i++) {
        char value[16];
        snprintf(value, sizeof value, "%d", i % 7);
        double at = now_ms();
        if (record_answer(record, bench->ref[(size_t)i % bench->ref_count], value, NULL) == ERR_BUG)
            return;
        double took = now_ms() - at;
        worst = took > worst ? took : worst;
        if (i == ANSWERS / 10)
            before = held();
    }
    printf("  answer %.4f ms, worst %.3f ms; growth over %d answers %zd bytes\n",
           (now_ms() - begin) / ANSWERS, worst, ANSWERS, (ssize_t)held() - (ssize_t)before);
}

static void read_screens(struct record *record)
{
    double begin = now_ms();
    size_t count = 0;
    struct form_screen screen;
    for (const char *ref = record_first_screen(record); ref != NULL && count < 500;
         ref = record_next_screen(record, ref)) {
        if (record_screen(record, ref, &screen, NULL) != ERR_OK)
            break;
        count++;
    }
    if (count > 0)
        printf("  %zu screens, %.4f ms each\n", count, (now_ms() - begin) / (double)count);
}

static double measure(struct bench *bench)
{
    double loading = best_load(bench);
    size_t empty = held();
    struct form *form = load(bench);
    if (form == NULL)
        return 0;
    size_t loaded = held();
    double begin = now_ms();
    struct record *record = NULL;
    const struct record_options options = {
        .clock = &fixed_clock, .crypto = bench->crypto, .time_zone = "Asia/Shanghai"};
    if (record_new(form, &options, &record, NULL) != ERR_OK)
        return 0;
    printf("%s: %zu bytes, %zu questions\n  load %.2f ms, holds %zu kB; record %.2f ms, holds %zu "
           "kB\n",
           bench->name, bench->text->length, form_question_count(form), loading,
           (loaded - empty) / 1024, now_ms() - begin, (held() - loaded) / 1024);
    answer_many(bench, record);
    read_screens(record);
    record_free(record);
    form_free(form);
    return loading;
}

static double measure_generated(const struct crypto *crypto, struct generated_form shape)
{
    struct strbuf text;
    strbuf_init(&text, LIMIT_FORM_BYTES);
    generated_form_write(&shape, &text);
    struct bench bench = {.name = "generated", .text = &text, .crypto = crypto};
    double took = measure(&bench);
    strbuf_free(&text);
    return took;
}

static void measure_file(const struct crypto *crypto, const char *path)
{
    struct strbuf text;
    strbuf_init(&text, LIMIT_FORM_BYTES);
    char folder[1024];
    snprintf(folder, sizeof folder, "%.*s.d", (int)strlen(path) - 4, path);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return;
    char block[65536];
    size_t got = 0;
    while ((got = fread(block, 1, sizeof block, file)) > 0)
        strbuf_add(&text, block, got);
    fclose(file);
    struct bench bench = {.name = path, .folder = folder, .text = &text, .crypto = crypto};
    measure(&bench);
    strbuf_free(&text);
}

int main(int argc, char **argv)
{
    struct crypto crypto;
    if (sodium_crypto_open(&crypto, NULL) != ERR_OK)
        return 1;
    for (int i = 1; i < argc; i++)
        measure_file(&crypto, argv[i]);
    if (argc > 1)
        return 0;
    double once = measure_generated(&crypto, (struct generated_form){400, 10, 50});
    double twice = measure_generated(&crypto, (struct generated_form){800, 20, 50});
    double four = measure_generated(&crypto, (struct generated_form){1600, 40, 50});
    printf("doubling: %.2f, again %.2f (at most 2 is linear)\n", twice / once, four / twice);
    return 0;
}
