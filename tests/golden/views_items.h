// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "golden/views.h"

// Samples of a visit of several services.
void fill_bundles(struct view *view);
void fill_items(struct view *view);
void fill_items_more(struct view *view);
void fill_notice_several(struct view *view);
void fill_papers_several(struct view *view);
void fill_review_several(struct view *view);
void fill_commitment_several(struct view *view);
void fill_saved_several(struct view *view);
