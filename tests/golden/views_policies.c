// SPDX-License-Identifier: GPL-3.0-or-later
// What help there is, and which may fit.
#include "golden/views_rooms.h"
#include "yimen/base/text.h"

static const struct policy *found[VIEW_POLICIES];

static void find(struct view *view, const char *query)
{
    view->policy_count =
        policies_search(view->policies, view->language, query, found, VIEW_POLICIES);
    view->policy_list = found;
}

static void fill_policies(struct view *view)
{
    fill_services(view);
    view->screen = SCREEN_POLICIES;
}

static void fill_policy_group(struct view *view)
{
    fill_policies(view);
    view->policy_group = "care";
    find(view, "");
    size_t kept = 0;
    for (size_t i = 0; i < view->policy_count; i++) {
        if (text_equal(found[i]->group, view->policy_group)) {
            found[kept++] = found[i];
        }
    }
    view->policy_count = kept;
}

static void fill_policy_search(struct view *view)
{
    fill_policies(view);
    view->policy_query = sample_says(view, "残疾", "disab", "장애");
    find(view, view->policy_query);
}

static void fill_policy_nothing(struct view *view)
{
    fill_policies(view);
    view->policy_query = sample_says(view, "月球旅行", "moon", "달나라");
}

static void fill_policy(struct view *view)
{
    fill_policies(view);
    view->screen = SCREEN_POLICY;
    view->service = NULL;
    view->policy = policies_find(view->policies, "minimum-living");
    view->policy_service = catalogue_service(view->catalogue, "minimum-living");
    view->policy_limit = &view->policy_service->limits[0];
    view->slip_asked = true;
    view->slip_state = RECEIPT_FAILED;
    view->slip_problem_key = "printer.no-paper";
}

static void fill_policy_elsewhere(struct view *view)
{
    fill_policy(view);
    view->policy = policies_find(view->policies, "legal-aid");
    view->policy_service = NULL;
    view->policy_limit = NULL;
    view->slip_asked = false;
}

static void fill_fit(struct view *view)
{
    static struct view_fit fits[6];
    static const char *const ids[] = {"urgent-relief", "medical-aid", "home-care", "aids"};
    view->screen = SCREEN_FIT;
    view->service = view->advice;
    for (size_t i = 0; i < COUNT(ids); i++) {
        const struct policy *policy = policies_find(view->policies, ids[i]);
        fits[i] = (struct view_fit){
            policy, catalogue_service(view->catalogue, policy->service),
            sample_says(view, "您说看病花钱多，或家里有重病人。",
                        "You said illness costs much, or somebody is seriously ill.",
                        "병원비가 많거나 중환자가 있다고 하셨습니다.")};
    }
    fits[COUNT(ids)].reason =
        sample_says(view, "只想看看，请按“离开”，什么也不留。",
                    "If you only wanted to look, press \"Leave\": nothing is kept.",
                    "보기만 하셨다면 \"나가기\"를 누르세요.");
    fits[COUNT(ids)].policy = NULL;
    view->fits = fits;
    view->fit_count = COUNT(ids) + 1;
    view->slip_asked = true;
    view->slip_state = RECEIPT_PRINTED;
}

static const struct sample samples[] = {
    {"policies", fill_policies},
    {"policy-group", fill_policy_group},
    {"policy-search", fill_policy_search},
    {"policy-nothing", fill_policy_nothing},
    {"policy", fill_policy},
    {"policy-elsewhere", fill_policy_elsewhere},
    {"fit", fill_fit},
};
const struct samples policies_samples = {samples, COUNT(samples)};
