// SPDX-License-Identifier: GPL-3.0-or-later
// A ticket is gone on with in the form that it was begun with: a pack that came into force since
// must not ask anew what was answered. Forms of earlier packs are kept for 400 days; when one is
// gone, or does not load, the present one takes the answers that still fit.
#include "../session_internal.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"

void earlier_forget(struct session *session)
{
    form_free(session->earlier.slot.form);
    session->earlier = (struct earlier){0};
}

const struct service *earlier_begin(struct session *session, const struct service *service,
                                    const char *version)
{
    struct earlier *earlier = &session->earlier;
    earlier_forget(session);
    text_copy(earlier->version, sizeof earlier->version, version);
    earlier->service = *service;
    earlier->slot.service = &earlier->service;
    earlier->slot.version = earlier->version;
    return &earlier->service;
}

void earlier_gone(struct session *session)
{
    struct visit *visit = session->visit;
    const struct catalogue *catalogue = session->options.catalogue;
    log_event(LOG_WARNING, "session", "earlier-form-gone", "service=%s version=%s",
              session->earlier.service.id, session->earlier.version);
    if (visit && visit->service == &session->earlier.service)
        visit->service = catalogue_service(catalogue, session->earlier.service.id);
    earlier_forget(session);
    if (!visit || !visit->draft)
        return;
    forms_want(session, visit->service);
    if (forms_slot(session, visit->service)->state == FORM_READY)
        go_to(session, &(struct go){.kind = GO_RESTORE});
}
