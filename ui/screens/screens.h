// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/build.h"

/// One function a screen: read the view, lay it out. To add a screen: a file here, a row in
/// table.c.

/// The whole picture: the screen, and the overlay over it.
void screen_build(struct build *b);
/// The overlay of the view, over what is there already.
void overlay_build(struct build *b);

void screen_attract(struct build *b);
void screen_services(struct build *b);
void screen_bundles(struct build *b);
void screen_items(struct build *b);
void screen_notice(struct build *b);
void screen_who(struct build *b);
void screen_identity(struct build *b);
void screen_question(struct build *b);
void screen_repeat(struct build *b);
void screen_papers(struct build *b);
void screen_review(struct build *b);
void screen_consent(struct build *b);
void screen_commitment(struct build *b);
void screen_signature(struct build *b);
void screen_saving(struct build *b);
void screen_saved(struct build *b);
void screen_rating(struct build *b);
void screen_done(struct build *b);
void screen_problem(struct build *b);
void screen_staff_pin(struct build *b);
void screen_staff_queue(struct build *b);
void screen_staff_case(struct build *b);
void screen_staff_clock(struct build *b);
void screen_technician(struct build *b);
void screen_policies(struct build *b);
void screen_policy(struct build *b);
void screen_fit(struct build *b);
void screen_wanted(struct build *b);
/// Ways to "which help fits me", the policy catalogue and several services at once; on the first
/// screen also to a case that was handed in.
void put_choosing(struct build *b);
/// What became of the slip asked for; nothing when none was.
void put_slip_state(struct build *b);
void screen_track_find(struct build *b);
void screen_track_factor(struct build *b);
void screen_track_case(struct build *b);
void screen_ticket_offer(struct build *b);
void screen_ticket(struct build *b);
void screen_code(struct build *b);
void screen_character(struct build *b);
void screen_document(struct build *b);

// items.c: what screens say of a visit of several services; nothing where it is of one
/// The names of those that ask for a paper; `paper` NULL: of all.
const char *items_names(const struct build *b, const char *paper);
/// One line with their names; the sentence has {items}.
void put_items(struct build *b, const char *key);
/// Above a question that is asked for one of them alone.
void put_question_item(struct build *b);
/// On the notice: what else could be asked for in the same visit.
void put_fitting(struct build *b);
