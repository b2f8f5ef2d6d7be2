// SPDX-License-Identifier: GPL-3.0-or-later
#include "base.h"

#include "yimen/base/text.h"
#include "yimen/case/envelope.h"

#include <stdlib.h>

void outbox_item_free(struct outbox_item *item)
{
    if (!item)
        return;
    free(item->manifest);
    for (size_t at = 0; item->parts && at < item->part_count; at++) {
        if (item->parts[at].data)
            memory_wipe(item->parts[at].data, item->parts[at].length);
        free(item->parts[at].data);
    }
    free(item->parts);
    free(item);
}

void outbox_reply_clear(struct outbox_reply *reply)
{
    case_draft_free(reply->draft);
    if (reply->facts)
        memory_wipe(reply->facts, sizeof *reply->facts);
    free(reply->facts);
    outbox_item_free(reply->item);
    free(reply->data);
    free(reply->rows);
    free(reply->ledger);
    track_case_free(reply->track);
    free(reply->message);
    outbox_sealed_free(reply->sealed);
    free(reply->ratings);
    free(reply->audit_entries);
    *reply = (struct outbox_reply){0};
}

void outbox_sealed_free(struct outbox_sealed *sealed)
{
    if (!sealed)
        return;
    strbuf_free(&sealed->bytes);
    memory_wipe(sealed, sizeof *sealed);
    free(sealed);
}
