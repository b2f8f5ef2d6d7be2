// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/case/identity.h"

#include "yimen/base/text.h"
#include "yimen/case/mask.h"
#include "yimen/case/track.h"

#include <stddef.h>

static const char *const names[DOCUMENT_COUNT] = {
    [DOCUMENT_RESIDENT] = "resident", [DOCUMENT_HMT] = "hmt",   [DOCUMENT_FOREIGNER] = "foreigner",
    [DOCUMENT_PASSPORT] = "passport", [DOCUMENT_NONE] = "none",
};

const char *document_name(enum document document)
{
    return names[document];
}

bool document_find(const char *name, enum document *out)
{
    for (int i = 0; i < DOCUMENT_COUNT; i++)
        if (text_equal(names[i], name)) {
            *out = (enum document)i;
            return true;
        }
    return false;
}

bool document_has_letters(enum document document)
{
    return document == DOCUMENT_FOREIGNER || document == DOCUMENT_PASSPORT;
}

enum factor_kind owner_factor(const char *number, const char *phone, const char *chosen,
                              char out[OWNER_FACTOR])
{
    id_factor(number, out);
    if (out[0])
        return FACTOR_NUMBER;
    id_factor(phone, out);
    if (out[0])
        return FACTOR_PHONE;
    if (track_factor_is_whole(chosen))
        text_copy(out, OWNER_FACTOR, chosen);
    return out[0] ? FACTOR_CHOSEN : FACTOR_NONE;
}
