// SPDX-License-Identifier: GPL-3.0-or-later
// Several services in one visit.
#include "golden/views_rooms.h"
#include "yimen/content/bundle.h"

static struct one_visit visit;
static struct view_item choices[VIEW_CHOICES];

// 低保, 医疗救助, 困难残疾人补贴: as a family would.
static void several(struct view *view)
{
    static const char *const ids[] = {"minimum-living", "medical-aid", "disability-living"};
    const struct service *services[3];
    for (size_t i = 0; i < 3; i++)
        services[i] = view->catalogue ? catalogue_service(view->catalogue, ids[i]) : NULL;
    if (!view->catalogue ||
        catalogue_one_visit(view->catalogue, services, 3, &visit, NULL) != ERR_OK)
        return;
    view->service = &visit.service;
    view->items = visit.items;
    view->item_count = visit.count;
}

static void fill_bundles(struct view *view)
{
    view->screen = SCREEN_BUNDLES;
}

static void fill_items(struct view *view)
{
    const struct bundle *bundle = catalogue_bundle(view->catalogue, "hardship");
    view->screen = SCREEN_ITEMS;
    view->bundle = bundle->id;
    view->choice_count = bundle->count;
    for (size_t i = 0; i < bundle->count; i++)
        choices[i] = (struct view_item){.service = bundle->services[i], .chosen = i % 4 == 0};
    choices[1].instead = choices[2].instead = bundle->services[0];
    view->choices = choices;
}

static void fill_items_more(struct view *view)
{
    const struct service *others[VIEW_CHOICES];
    const struct service *first = catalogue_service(view->catalogue, "minimum-living");
    size_t count = catalogue_fitting(view->catalogue, first, others, 6);
    view->screen = SCREEN_ITEMS;
    view->service = first;
    choices[0] = (struct view_item){.service = first, .chosen = true, .fixed = true};
    for (size_t i = 0; i < count; i++)
        choices[i + 1] = (struct view_item){.service = others[i], .chosen = i == 1};
    view->choices = choices;
    view->choice_count = count + 1;
}

static void fill_notice_several(struct view *view)
{
    several(view);
    view->screen = SCREEN_NOTICE;
    view->fitting_count = 4;
    view->progress = (struct view_progress){1, 7, 0, 0};
}

static void fill_papers_several(struct view *view)
{
    static struct view_paper papers[SERVICE_PAPERS];
    several(view);
    view->screen = SCREEN_PAPERS;
    view->paper_count = view->service->paper_count;
    for (size_t i = 0; i < view->paper_count; i++)
        papers[i] = (struct view_paper){&view->service->papers[i], PAPER_ANSWER_NONE};
    view->papers = papers;
    view->progress = (struct view_progress){4, 7, 0, 0};
}

static void fill_review_several(struct view *view)
{
    static struct view_answer answers[9];
    several(view);
    view->screen = SCREEN_REVIEW;
    for (size_t i = 0; i < 9; i++) {
        answers[i] = (struct view_answer){.label = "1", .shown = "13800000000", .phone = true};
        answers[i].item = i < 4 || !view->items ? NULL : view->items[i < 7 ? 0 : 1];
    }
    view->answers = answers;
    view->answer_count = 9;
    view->progress = (struct view_progress){5, 7, 0, 0};
}

static void fill_commitment_several(struct view *view)
{
    several(view);
    view->screen = SCREEN_COMMITMENT;
    view->progress = (struct view_progress){6, 7, 0, 0};
}

static void fill_saved_several(struct view *view)
{
    several(view);
    view->screen = SCREEN_SAVED;
    view->receipt_number = "370212001261123200018";
    view->qr_text = "https://example.invalid/t/AAAAAAAAAAAAAAAAAAAAAA";
    view->receipt_state = RECEIPT_PRINTED;
    view->progress = (struct view_progress){7, 7, 0, 0};
}

static const struct sample samples[] = {
    {"bundles", fill_bundles},
    {"items", fill_items},
    {"items-more", fill_items_more},
    {"notice-several", fill_notice_several},
    {"papers-several", fill_papers_several},
    {"review-several", fill_review_several},
    {"commitment-several", fill_commitment_several},
    {"saved-several", fill_saved_several},
};
const struct samples items_samples = {samples, COUNT(samples)};
