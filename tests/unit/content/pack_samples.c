// SPDX-License-Identifier: GPL-3.0-or-later
#include "pack_samples.h"
#include "yimen/base/text.h"
#include "yimen/content/texts.h"
#include "yimen/driver/crypto.h"
#include <assert.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static const char services[] =
    "{\"format\": 1, \"notice_version\": \"1\", \"commitment_version\": \"1\", \"services\": [{"
    "\"id\": \"help\", \"form\": \"forms/help.xml\", \"item_code\": \"0\", \"door\": \"service\","
    "\"type\": 3, \"minutes\": 1, \"urgent\": false, \"restricted\": false,"
    "\"needs_identity\": false, \"needs_signature\": false, \"first_person\": \"\","
    "\"limit_hours\": 0, \"limits\": [],"
    "\"papers\": [], \"consents\": [], \"refs\": {}}], \"first_person\": []}";

void samples_open(struct pack_samples *samples)
{
    struct fail why = {0};
    if (sodium_crypto_open(&samples->crypto, &why) != ERR_OK)
        fail_msg("%s", why.text);
    for (int i = 0; i < 3; i++)
        samples->crypto.ops->sign_keypair(samples->crypto.self, samples->public_keys[i],
                                          samples->secret_keys[i]);
    samples->content = fake_files_new();
    samples->options = (struct pack_install_options){
        .trust = {.crypto = &samples->crypto,
                  .keys = (const uint8_t(*)[CRYPTO_PUBLIC])samples->public_keys,
                  .key_count = SAMPLE_KEYS},
        .now_utc_ms = 1795392000000, // 2026-11-23
    };
}

void samples_close(struct pack_samples *samples)
{
    fake_files_free(samples->content);
}

struct fake_files *sample_pack(const struct pack_samples *samples, const char *version,
                               const char *from, const char *word)
{
    return sample_pack_with(samples, version, from, word, NULL);
}

struct sample {
    const char *version, *from, *word, *policies, *form;
};

static struct fake_files *build(const struct pack_samples *samples, const struct sample *sample)
{
    struct fake_files *source = fake_files_new(), *pack = fake_files_new();
    const struct pack_build_options options = {
        .version = sample->version, .effective_from = sample->from, .effective_to = ""};
    const char *counters = "{\"format\": 1, \"counters\": []}", *form = sample->form;
    char text[64];
    struct fail why = {0};
    snprintf(text, sizeof text, "{\"word\": \"%s\"}", sample->word);
    fake_files_put(source, "services.json", services, strlen(services));
    fake_files_put(source, "counters.json", counters, strlen(counters));
    fake_files_put(source, "forms/help.xml", form, strlen(form));
    fake_files_put(source, "i18n/zh/a.json", text, strlen(text));
    if (sample->policies)
        fake_files_put(source, "policies/policies.json", sample->policies,
                       strlen(sample->policies));
    fake_files_put(source, "icons/not-content.svg", form, strlen(form));
    if (pack_build(&source->files, &pack->files, &samples->crypto, &options, &why) != ERR_OK)
        fail_msg("%s", why.text);
    fake_files_free(source);
    sample_sign(samples, pack, 0);
    return pack;
}

struct fake_files *sample_pack_with(const struct pack_samples *samples, const char *version,
                                    const char *from, const char *word, const char *policies)
{
    const struct sample sample = {version, from, word, policies, "<form/>"};
    return build(samples, &sample);
}

struct fake_files *sample_pack_form(const struct pack_samples *samples, const char *version,
                                    const char *form)
{
    const struct sample sample = {version, "2026-01-01", "", NULL, form};
    return build(samples, &sample);
}

void sample_sign(const struct pack_samples *samples, struct fake_files *pack, int key)
{
    struct fail why = {0};
    if (pack_sign(&pack->files, &samples->crypto, samples->secret_keys[key], &why) != ERR_OK)
        fail_msg("%s", why.text);
}

void sample_manifest(const struct pack_samples *samples, struct fake_files *pack,
                     const char *manifest)
{
    fake_files_put(pack, "manifest.json", manifest, strlen(manifest));
    sample_sign(samples, pack, 0);
}

void sample_word(const struct pack_samples *samples, int64_t now_utc_ms, char out[32])
{
    struct pack *pack = NULL;
    struct texts *texts = NULL;
    struct fail why = {0};
    out[0] = '\0';
    enum err err =
        pack_open(&samples->content->files, &samples->options.trust, now_utc_ms, &pack, &why);
    if (err == ERR_NOT_FOUND)
        return;
    if (err != ERR_OK || texts_load(pack_files(pack), &texts, &why) != ERR_OK)
        fail_msg("%s", why.text);
    text_copy(out, 32, texts_get(texts, "zh", "word"));
    texts_free(texts);
    pack_close(pack);
}
