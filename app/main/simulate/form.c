// SPDX-License-Identifier: GPL-3.0-or-later
// A small form, and a made-up resident who fills it in.
#include "simulate.h"
#include "yimen/base/text.h"

#include <stdlib.h>
#include <string.h>

static const char form_text[] =
    "<?xml version=\"1.0\"?>"
    "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\" "
    "xmlns:orx=\"http://openrosa.org/xforms\"><h:head><h:title>Simulation</h:title><model>"
    "<instance><data id=\"simulation\" version=\"1\"><name/><income/><signature/>"
    "<visit><receipt_number/><counter/><key_id/></visit>"
    "<orx:meta><orx:instanceID/></orx:meta></data></instance>"
    "<bind nodeset=\"/data/name\" type=\"string\" required=\"true()\"/>"
    "<bind nodeset=\"/data/income\" type=\"int\" constraint=\". &gt;= 0\"/>"
    "<bind nodeset=\"/data/visit/receipt_number\" type=\"string\"/>"
    "<bind nodeset=\"/data/visit/counter\" type=\"string\"/>"
    "<bind nodeset=\"/data/visit/key_id\" type=\"string\"/>"
    "</model></h:head><h:body><input ref=\"/data/name\"><label>Name</label></input>"
    "<input ref=\"/data/income\"><label>Income</label></input></h:body></h:html>";

enum err sim_form_load(struct sim_kit *kit, struct fail *why)
{
    struct form_source source = {.name = "simulation.xml",
                                 .text = form_text,
                                 .length = sizeof form_text - 1,
                                 .crypto = kit->crypto};
    return form_load(&source, NULL, NULL, &kit->form, why);
}

static void attach(struct sim_kiosk *kiosk, struct case_draft *draft)
{
    static const char drawn[] = "<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M1 1L9 9\"/>";
    bool is_large = sim_random_chance(&kiosk->random, 10); // a scanned page now and then
    size_t length = sizeof drawn - 1;
    if (is_large)
        length = (size_t)sim_random_between(&kiosk->random, 20000, 200000);
    struct attachment *file = &draft->attachments[draft->attachment_count++];
    text_copy(file->name, sizeof file->name, "signature.svg");
    text_copy(file->type, sizeof file->type, "image/svg+xml");
    file->data = malloc(length);
    if (!file->data)
        abort(); // a simulation without memory has nothing to say
    memset(file->data, ' ', length);
    memcpy(file->data, drawn, sizeof drawn - 1);
    file->length = length;
}

struct case_draft *sim_form_draft(struct sim_kiosk *kiosk, const char *instance, bool urgent)
{
    struct sim_kit *kit = kiosk->sim->kit;
    struct case_draft *draft = calloc(1, sizeof *draft);
    if (!draft)
        abort();
    text_copy(draft->instance_id, sizeof draft->instance_id, instance);
    text_copy(draft->service, sizeof draft->service, urgent ? "urgent-help" : "expenditure-relief");
    text_copy(draft->language, sizeof draft->language, "zh");
    text_copy(draft->masked_id, sizeof draft->masked_id, "370212************");
    text_copy(draft->ref_receipt_number, sizeof draft->ref_receipt_number,
              "/data/visit/receipt_number");
    text_copy(draft->ref_counter, sizeof draft->ref_counter, "/data/visit/counter");
    text_copy(draft->ref_key_id, sizeof draft->ref_key_id, "/data/visit/key_id");
    draft->urgent = urgent;
    draft->type = urgent ? 1 : 2;
    draft->first_touch = clock_now(&kiosk->clock.clock);
    attach(kiosk, draft);
    struct record_options options = {.clock = &kiosk->clock.clock,
                                     .crypto = kit->crypto,
                                     .time_zone = "Asia/Shanghai",
                                     .instance_id = draft->instance_id};
    struct fail why = {0};
    enum err err = record_new(kit->form, &options, &draft->record, &why);
    if (!err)
        err = record_answer(draft->record, "/data/name", "\xE5\xBC\xA0\xE4\xB8\x89", &why);
    if (!err)
        err = record_answer(draft->record, "/data/income", "600", &why);
    if (err)
        sim_violate(kiosk->sim, "the form: %s", why.text);
    return draft;
}
