// SPDX-License-Identifier: GPL-3.0-or-later
// The record of a visit, made of its service's form as soon as that is there.
#include "../session_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"

enum err visit_record_from(struct session *session, struct visit *visit, const char *edit,
                           struct fail *why)
{
    struct record_options options = {
        .clock = session->options.clock,
        .crypto = session->options.crypto,
        .time_zone = session->options.time_zone,
        .language = NULL,
        .instance_id = visit->instance,
        .device_id = session->options.device_id,
        .edit = edit,
    };
    return record_new(forms_slot(session, visit->service)->form, &options, &visit->record, why);
}

bool visit_make_record(struct session *session)
{
    struct visit *visit = session->visit;
    struct form_slot *slot = forms_slot(session, visit->service);
    struct fail why = {0};
    if (visit->record)
        return true;
    if (!slot || slot->state != FORM_READY)
        return false;
    if (visit_record_from(session, visit, NULL, &why)) {
        log_fail(LOG_ERROR, "session", "record-failed", &why);
        slot->state = FORM_BROKEN;
        form_free(slot->form);
        slot->form = NULL;
        return false;
    }
    if (record_set_language(visit->record, session->comfort.language, NULL))
        log_event(LOG_WARNING, "session", "form-language", "service=%s language=%s",
                  visit->service->id, session->comfort.language);
    identity_restore(visit);
    fit_carry(visit);
    return true;
}
