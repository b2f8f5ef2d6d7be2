// SPDX-License-Identifier: GPL-3.0-or-later
// A case that was handed in.
#include "golden/views_rooms.h"
#include "yimen/base/text.h"

static struct view_track track;

static void track_base(struct view *view, enum screen screen)
{
    view->screen = screen;
    view->progress = (struct view_progress){0};
    view->service = NULL;
    track = (struct view_track){.number = "370212001261123200018",
                                .counter = "001",
                                .counter_name = "管区 01",
                                .counter_phone = "0532-00000001"};
    view->track = &track;
}

static void fill_track_find(struct view *view)
{
    track_base(view, SCREEN_TRACK_FIND);
    track.number = "370212001261123200011";
    track.number_problem_key = "follow.number-wrong";
}

static void fill_track_factor(struct view *view)
{
    track_base(view, SCREEN_TRACK_FACTOR);
    track.factor_count = 3;
}

static void fill_track_no_fit(struct view *view)
{
    fill_track_factor(view);
    track.factor_count = 0;
    track.no_fit = true;
    track.tries_left = 2;
}

static void fill_track_waiting(struct view *view)
{
    fill_track_factor(view);
    track.waiting = true;
}

static void fill_track_case(struct view *view)
{
    track_base(view, SCREEN_TRACK_CASE);
    track.from_district = track.may_add = track.may_withdraw = track.may_reprint = true;
    track.may_correct = true;
    text_copy(track.service_key, sizeof(track.service_key), "service.minimum-living.name");
    text_copy(track.status_key, sizeof(track.status_key), "status.14");
    text_copy(track.now_key, sizeof(track.now_key), "follow.now.14");
    text_copy(track.next_key, sizeof(track.next_key), "follow.next.14");
    text_copy(track.saved_at, sizeof(track.saved_at),
              sample_says(view, "11 月 23 日 10:05", "23 November, 10:05", "11월 23일 10:05"));
    text_copy(track.since, sizeof(track.since),
              sample_says(view, "11 月 24 日 09:30", "24 November, 09:30", "11월 24일 09:30"));
    track.promise_key = "follow.by-days.public";
    track.promised_days = 20;
    track.linked_count = 1;
    track.linked[0] = (struct view_linked){.number = "370212001261124500027",
                                           .service_key = "service.add-paper.name",
                                           .status_key = "status.10"};
    text_copy(track.linked[0].saved_at, sizeof(track.linked[0].saved_at),
              sample_says(view, "11 月 24 日 09:00", "24 November, 09:00", "11월 24일 09:00"));
}

static void fill_track_offline(struct view *view)
{
    fill_track_case(view);
    track.from_district = track.may_correct = false;
    track.newer_receipt = track.printing = true;
    text_copy(track.known_at, sizeof(track.known_at),
              sample_says(view, "11 月 24 日 18:40", "24 November, 18:40", "11월 24일 18:40"));
    view->receipt_state = RECEIPT_FAILED;
    view->receipt_problem_key = "printer.no-paper";
}

static void fill_track_elsewhere(struct view *view)
{
    track_base(view, SCREEN_TRACK_CASE);
    track.result = TRACK_ELSEWHERE;
}

static void fill_track_by_number(struct view *view)
{
    fill_track_case(view);
    track.may_correct = track.may_add = track.may_withdraw = track.may_reprint = false;
    track.wants_receipt = true;
    track.linked_count = 0;
}

static void fill_track_needs_receipt(struct view *view)
{
    track_base(view, SCREEN_TRACK_CASE);
    track.result = TRACK_NEEDS_RECEIPT;
}

static void fill_track_locked(struct view *view)
{
    track_base(view, SCREEN_TRACK_CASE);
    track.result = TRACK_LOCKED;
    track.wait_hours = 24;
}

static void fill_withdraw(struct view *view)
{
    fill_track_case(view);
    view->overlay = OVERLAY_WITHDRAW;
}

static const struct sample samples[] = {
    {"track-find", fill_track_find},
    {"track-factor", fill_track_factor},
    {"track-no-fit", fill_track_no_fit},
    {"track-waiting", fill_track_waiting},
    {"track-case", fill_track_case},
    {"track-offline", fill_track_offline},
    {"track-elsewhere", fill_track_elsewhere},
    {"track-locked", fill_track_locked},
    {"track-by-number", fill_track_by_number},
    {"track-needs-receipt", fill_track_needs_receipt},
    {"withdraw", fill_withdraw},
};
const struct samples track_samples = {samples, COUNT(samples)};
