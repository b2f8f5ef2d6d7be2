// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/case/draft.h"

#include "yimen/base/text.h"
#include "yimen/case/envelope.h"

#include <stdlib.h>

void case_draft_free(struct case_draft *draft)
{
    if (!draft)
        return;
    record_free(draft->record);
    attachments_clear(draft->attachments, draft->attachment_count);
    memory_wipe(draft, sizeof *draft);
    free(draft);
}
