// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as policies.json: what is taken can be read, searched and said.
#include "fakes/fakes_files.h"
#include "yimen/content/policy_words.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

enum { FOUND = 8 };

static const char services[] =
    "{\"format\": 1, \"notice_version\": \"1\", \"commitment_version\": \"1\", \"services\": [{"
    "\"id\": \"help\", \"form\": \"forms/help.xml\", \"item_code\": \"\", \"door\": \"security\","
    "\"type\": 3, \"minutes\": 1, \"urgent\": false, \"restricted\": false,"
    "\"needs_identity\": false, \"needs_signature\": false, \"first_person\": \"\","
    "\"limit_hours\": 0, \"limits\": [], \"papers\": [{\"id\": \"id-card\", \"scannable\": true,"
    "\"checked_by_data\": true}], \"consents\": [], \"refs\": {}}], \"first_person\": []}";

static struct fake_files *pack;
static struct catalogue *catalogue;
static struct texts *texts;

static void open_pack(void)
{
    static const char counters[] = "{\"format\": 1, \"counters\": []}";
    static const char words[] = "{\"policy.time.ask\": \"{owner}\"}";
    pack = fake_files_new();
    fake_files_put(pack, "services.json", services, sizeof services - 1);
    fake_files_put(pack, "counters.json", counters, sizeof counters - 1);
    fake_files_put(pack, "i18n/zh/a.json", words, sizeof words - 1);
    if (catalogue_load(&pack->files, &catalogue, NULL) || texts_load(&pack->files, &texts, NULL))
        abort();
}

static void read_all(const struct policies *policies)
{
    const struct policy *found[FOUND];
    struct policy_words *words = calloc(1, sizeof *words);
    if (!words)
        abort();
    for (size_t i = 0; i < policies_count(policies); i++) {
        const struct policy *policy = policies_at(policies, i);
        const struct service *service = catalogue_service(catalogue, policy->service);
        if (!policies_owner(policies, policy) || policies_find(policies, policy->id) != policy)
            abort();
        policy_words(policies, policy, service, NULL, texts, "zh", words);
        (void)policies_search(policies, "en", policy->title.en, found, FOUND);
    }
    free(words);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct policies *policies = NULL;
    if (!pack)
        open_pack();
    fake_files_put(pack, "policies/policies.json", bytes, length);
    if (policies_load(&pack->files, catalogue, &policies, NULL) == ERR_OK)
        read_all(policies);
    policies_free(policies);
    return 0;
}
