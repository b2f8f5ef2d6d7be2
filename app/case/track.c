// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/case/track.h"

#include "yimen/base/text.h"
#include "yimen/case/receipt_number.h"
#include "yimen/case/status.h"

#include <stdlib.h>
#include <string.h>

void track_case_free(struct track_case *track)
{
    if (!track)
        return;
    if (track->facts)
        memory_wipe(track->facts, sizeof *track->facts);
    free(track->facts);
    free(track->correction);
    memory_wipe(track, sizeof *track);
    free(track);
}

struct track_case *track_case_new(const struct track_question *question)
{
    struct track_case *track = calloc(1, sizeof *track);
    struct receipt_number number;
    if (!track)
        return NULL;
    track->question = question->id;
    track->result = TRACK_NO_ANSWER;
    text_copy(track->number, sizeof track->number, question->number);
    if (receipt_number_parse(question->number, &number, NULL) == ERR_OK)
        text_copy(track->counter, sizeof track->counter, number.counter);
    return track;
}

void track_case_allow(struct track_case *track)
{
    // Before the district has said anything, nothing is decided.
    const struct status *status = status_find(track->status[0] ? track->status : "10");
    track->may_add = track->owner && status && status->undecided;
    track->may_withdraw = track->owner && status && status_may_follow(status, "96");
}

bool track_factor_is_whole(const char *factor)
{
    size_t digits = strspn(factor, "0123456789"), length = strlen(factor);
    return length == 4 && (digits == 4 || (digits == 3 && factor[3] == 'X'));
}
