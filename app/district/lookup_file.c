// SPDX-License-Identifier: GPL-3.0-or-later
// What the opener files of a case for its owner: a blind factor, bound to the instance, and what
// its receipt says, sealed. Under a key of its own, which the device listener has: it can answer
// owners, and find nobody by an ID number.
#include "lookup_internal.h"

#include "yimen/base/text.h"
#include "yimen/case/mask.h"
#include "yimen/case/track.h"

#include <stdio.h>
#include <string.h>

enum { VALUE_BYTES = 512, PAPERS_BYTES = LIMIT_ANSWER };

void lookup_factor(const struct district *district, const char *instance, const char *factor,
                   uint8_t out[CRYPTO_HASH])
{
    const struct crypto *crypto = district->options.crypto;
    uint8_t key[CRYPTO_KEY];
    char text[LIMIT_INSTANCE_ID + 8];
    crypto->ops->derive(crypto->self, district->options.lookup_key, "lkfactor", 1, key);
    int length = snprintf(text, sizeof text, "%s\n%.4s", instance, factor);
    crypto->ops->hmac_sha256(crypto->self, key, text, (size_t)length, out);
    memory_wipe(text, sizeof text);
    memory_wipe(key, sizeof key);
}

static void facts_key(const struct district *district, uint8_t out[CRYPTO_KEY])
{
    const struct crypto *crypto = district->options.crypto;
    crypto->ops->derive(crypto->self, district->options.lookup_key, "lkfacts-", 1, out);
}

static void facts_place(const char *instance, char out[96])
{
    snprintf(out, 96, "lookup/%s", instance);
}

static void value(const struct attachment *record, const char *path, char *out, size_t room)
{
    if (!path[0] || opened_value(record, path, out, room, NULL) != ERR_OK)
        out[0] = '\0';
}

static int answer_of(const char *word, size_t length)
{
    static const char *const words[] = {"", "scan", "later", "clerk", "district", "cannot"};
    for (int i = 1; i < (int)(sizeof words / sizeof words[0]); i++)
        if (strlen(words[i]) == length && strncmp(words[i], word, length) == 0)
            return i;
    return 2;
}

// "id-card:clerk household-register:later", as the visit writes it.
static void read_papers(const char *text, struct receipt_facts *facts)
{
    while (*text && facts->paper_count < DRAFT_PAPERS) {
        size_t length = strcspn(text, " "), id = strcspn(text, ": ");
        struct paper_note *note = &facts->papers[facts->paper_count];
        if (id > 0 && id < length && id < sizeof note->id) {
            memcpy(note->id, text, id);
            note->id[id] = '\0';
            note->answer = answer_of(text + id + 1, length - id - 1);
            facts->paper_count++;
        }
        text += length + (text[length] == ' ');
    }
}

static void state_limits(const struct service *service, struct receipt_facts *facts)
{
    const struct service_limit *limit = facts->saved.quality == TIME_UNKNOWN
                                            ? NULL
                                            : service_limit_on(service, facts->saved.utc_ms);
    text_copy(facts->item_code, sizeof facts->item_code, service->item_code);
    facts->limit_hours = service->limit_hours;
    facts->legal_limit_days = limit ? limit->legal_days : 0;
    facts->promised_limit_days = limit ? limit->promised_days : 0;
}

static const struct attachment *file_of(const struct opened *opened, const char *name)
{
    for (size_t i = 0; i + 1 < opened->count; i++)
        if (text_equal(opened->files[i].name, name))
            return &opened->files[i];
    return NULL;
}

static void print_drawn(const struct opened *opened, const char *of, char pictures[DRAWN_TEXT])
{
    char list[LIMIT_ANSWER + 1], ref[LIMIT_REF], file[LIMIT_FILE_NAME];
    const char *at = list;
    value(&opened->files[opened->count - 1], DRAWN_NODE, list, sizeof list);
    while (drawn_next(&at, ref, file)) {
        const struct attachment *picture = text_equal(ref, of) ? file_of(opened, file) : NULL;
        if (picture)
            (void)drawn_print_svg(picture->data, picture->length, pictures);
    }
    memory_wipe(list, sizeof list);
}

// What cannot be read is missing: the paper says so.
static void state_drawn(const struct service *service, const struct opened *opened,
                        struct receipt_facts *facts)
{
    for (size_t i = 0; i < service->slip_line_count && facts->line_count; i++)
        print_drawn(opened, service->slip_lines[i].ref, facts->drawn);
    if (!facts->line_count && service->ref_name[0])
        print_drawn(opened, service->ref_name, facts->drawn);
}

static void state_lines(const struct service *service, const struct attachment *record,
                        struct receipt_facts *facts)
{
    for (size_t i = 0; i < service->slip_line_count; i++) {
        struct slip_note *line = &facts->lines[facts->line_count];
        text_copy(line->label, sizeof line->label, service->slip_lines[i].label);
        value(record, service->slip_lines[i].ref, line->text, sizeof line->text);
        facts->line_count += line->text[0] != '\0';
    }
}

// As the kiosk does: what is told of a restricted case is an ordinary enquiry.
static bool is_restricted(const struct service *service, const struct attachment *record)
{
    char text[8];
    value(record, "/data/restricted", text, sizeof text);
    return service->restricted || text_equal(text, "yes");
}

static void state_enquiry(const struct catalogue *catalogue, const struct seal *seal,
                          struct receipt_facts *facts)
{
    const struct service *enquiry = catalogue_enquiry(catalogue);
    struct receipt_facts quiet = {
        .print_count = facts->print_count, .first_touch = facts->saved, .saved = facts->saved};
    text_copy(quiet.number, sizeof quiet.number, facts->number);
    text_copy(quiet.counter_code, sizeof quiet.counter_code, facts->counter_code);
    text_copy(quiet.language, sizeof quiet.language, facts->language);
    text_copy(quiet.service, sizeof quiet.service, enquiry ? enquiry->id : seal->service);
    memory_wipe(facts, sizeof *facts);
    *facts = quiet;
}

// As the kiosk that saved it made it: see owner_factor.
static enum factor_kind factor_of(const struct service *service, const struct attachment *record,
                                  char out[TRACK_FACTOR])
{
    char number[VALUE_BYTES], phone[VALUE_BYTES], chosen[TRACK_FACTOR];
    value(record, service->ref_id_number, number, sizeof number);
    value(record, service->ref_phone, phone, sizeof phone);
    value(record, "/data/visit/chosen_code", chosen, sizeof chosen);
    enum factor_kind kind = owner_factor(number, phone, chosen, out);
    memory_wipe(number, sizeof number);
    memory_wipe(phone, sizeof phone);
    memory_wipe(chosen, sizeof chosen);
    return kind;
}

void lookup_factor_of(const struct district *district, const char *service,
                      const struct attachment *record, char out[TRACK_FACTOR])
{
    const struct catalogue *catalogue = district->options.catalogue;
    const struct service *about = catalogue ? catalogue_service(catalogue, service) : NULL;
    out[0] = '\0';
    if (about)
        (void)factor_of(about, record, out);
}

static void state_facts(const struct service *service, const struct seal *seal,
                        const struct attachment *record, struct receipt_facts *out)
{
    char text[PAPERS_BYTES], factor[TRACK_FACTOR];
    *out = (struct receipt_facts){
        .urgent = seal->urgent,
        .first_touch = {.utc_ms = seal->touched_utc_ms, .quality = seal->touched_quality},
        .saved = {.utc_ms = seal->saved_utc_ms, .quality = seal->saved_quality},
        .print_count = 1,
    };
    text_copy(out->number, sizeof out->number, seal->receipt);
    text_copy(out->service, sizeof out->service, seal->service);
    text_copy(out->counter_code, sizeof out->counter_code, seal->counter);
    value(record, "/data/visit/language", out->language, sizeof out->language);
    value(record, "/data/visit/signature_way", text, sizeof text);
    out->signature_outstanding = text_equal(text, "outstanding");
    value(record, "/data/visit/papers", text, sizeof text);
    read_papers(text, out);
    state_limits(service, out);
    value(record, service->ref_name, text, sizeof text);
    mask_name(text, out->masked_name);
    value(record, service->ref_id_number, text, sizeof text);
    mask_id(text, out->masked_id);
    out->factor_kind = (int)factor_of(service, record, factor);
    memory_wipe(factor, sizeof factor);
    state_lines(service, record, out);
    memory_wipe(text, sizeof text);
}

static enum err seal_facts(const struct district *district, const char *instance,
                           const struct receipt_facts *facts, struct strbuf *out, struct fail *why)
{
    const struct crypto *crypto = district->options.crypto;
    uint8_t key[CRYPTO_KEY];
    char place[96];
    struct strbuf json;
    strbuf_init(&json, LOOKUP_FACTS);
    facts_key(district, key);
    facts_place(instance, place);
    enum err err = receipt_facts_write(facts, &json, why);
    if (!err && crypto->ops->seal(crypto->self, key, place, json.data, json.length, out))
        err = fail_set(why, ERR_RETRY, "sealing what its owner is told");
    strbuf_free(&json);
    memory_wipe(key, sizeof key);
    return err;
}

enum err lookup_file(struct district *district, const struct manifest *manifest,
                     const struct opened *opened, struct lookup_row *out, struct fail *why)
{
    const struct attachment *record = &opened->files[opened->count - 1];
    const struct catalogue *catalogue = district->options.catalogue;
    const struct service *service =
        catalogue ? catalogue_service(catalogue, manifest->seal.service) : NULL;
    char factor[TRACK_FACTOR];
    struct receipt_facts facts;
    strbuf_init(&out->facts, LOOKUP_FACTS + 256);
    out->has_factor = false;
    if (!service || !district->options.lookup_key)
        return ERR_OK;
    out->has_factor = factor_of(service, record, factor) != FACTOR_NONE;
    if (out->has_factor)
        lookup_factor(district, manifest->instance_id, factor, out->factor);
    memory_wipe(factor, sizeof factor);
    state_facts(service, &manifest->seal, record, &facts);
    state_drawn(service, opened, &facts);
    if (service == catalogue_enquiry(catalogue))
        facts.factor_kind = FACTOR_NONE;
    if (is_restricted(service, record))
        state_enquiry(catalogue, &manifest->seal, &facts);
    return seal_facts(district, manifest->instance_id, &facts, &out->facts, why);
}

enum err lookup_open_facts(struct district *district, const char *instance,
                           const struct strbuf *sealed, struct receipt_facts *out, struct fail *why)
{
    const struct crypto *crypto = district->options.crypto;
    uint8_t key[CRYPTO_KEY];
    char place[96];
    struct strbuf json;
    strbuf_init(&json, LOOKUP_FACTS);
    facts_key(district, key);
    facts_place(instance, place);
    enum err err = crypto->ops->open(crypto->self, key, place, sealed->data, sealed->length, &json);
    if (err)
        fail_set(why, err, "what its owner is told cannot be opened");
    else
        err = receipt_facts_read(strbuf_text(&json), json.length, out, why);
    strbuf_free(&json);
    memory_wipe(key, sizeof key);
    return err;
}
