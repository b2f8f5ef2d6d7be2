// SPDX-License-Identifier: GPL-3.0-or-later
// The policy catalogue: groups as large tiles, what is behind one of them, or what was found.
#include "ui/screens/screens.h"
#include "ui/typing.h"
#include "ui/widgets/widgets.h"
#include "yimen/base/text.h"

static const char *group_icon(const struct build *b, const struct policy_group *group)
{
    return icons_has(b->icons, group->icon) ? group->icon : "form";
}

static void put_search(struct build *b)
{
    const struct field field = {.id = "field.search",
                                .label = say(b, "policies.search"),
                                .hint = is_typing(b) ? "" : say(b, "policies.search-hint"),
                                .value = b->view->policy_query,
                                .optional = false,
                                .kind = FIELD_WORDS,
                                .intent = INTENT_POLICY_SEARCH,
                                .ref = "search",
                                .stored = b->view->policy_query};
    put_field(b, &field);
}

static size_t entries_in(const struct policies *policies, const char *group)
{
    size_t count = 0;
    for (size_t i = 0; i < policies_count(policies); i++) {
        count += text_equal(policies_at(policies, i)->group, group);
    }
    return count;
}

static void put_groups(struct build *b)
{
    const struct policies *policies = b->view->policies;
    size_t count = policies_group_count(policies);
    struct button *buttons = ARENA_ARRAY(b->tree->arena, struct button, count);
    for (size_t i = 0; i < count; i++) {
        const struct policy_group *group = policies_group_at(policies, i);
        const char *const pairs[] = {
            "count", number_text(b, (long long)entries_in(policies, group->id)), NULL};
        buttons[i] = (struct button){.id = tree_format(b->tree, "group.%s", group->id),
                                     .label = policy_title_in(&group->title, b->view->language),
                                     .sub = say_with(b, "policies.count", pairs),
                                     .icon = group_icon(b, group),
                                     .badge = true,
                                     .at_start = true,
                                     .variant = VARIANT_CHOICE,
                                     .style = STYLE_LEAD,
                                     .action = act_text(INTENT_POLICY_GROUP, NULL, group->id)};
    }
    put_grid(b, buttons, count, b->theme->size <= TEXT_SIZE_L || b->landscape ? 2 : 1);
}

static void put_entries(struct build *b, size_t most)
{
    const struct view *view = b->view;
    struct button *buttons = ARENA_ARRAY(b->tree->arena, struct button, view->policy_count + 1);
    size_t count = view->policy_count < most ? view->policy_count : most;
    for (size_t i = 0; i < count; i++) {
        const struct policy *policy = view->policy_list[i];
        buttons[i] = (struct button){.id = tree_format(b->tree, "policy.%s", policy->id),
                                     .label = policy_title_in(&policy->title, view->language),
                                     .sub = policy_line_in(&policy->who, view->language),
                                     .trailing = "next",
                                     .at_start = true,
                                     .variant = VARIANT_CHOICE,
                                     .style = STYLE_LEAD,
                                     .action = act_text(INTENT_POLICY, NULL, policy->id)};
    }
    put_grid(b, buttons, count, 1);
}

// Above the keyboard there is room for the first few.
static size_t entries_shown(const struct build *b)
{
    return !is_typing(b)                                    ? VIEW_POLICIES
           : b->landscape || b->theme->size >= TEXT_SIZE_XL ? 0
           : b->theme->size >= TEXT_SIZE_L                  ? 2
                                                            : 4;
}

static const char *heading(const struct build *b)
{
    const struct policies *policies = b->view->policies;
    for (size_t i = 0; i < policies_group_count(policies); i++) {
        const struct policy_group *group = policies_group_at(policies, i);
        if (text_equal(group->id, b->view->policy_group)) {
            return policy_title_in(&group->title, b->view->language);
        }
    }
    return say(b, "policies.title");
}

static void put_found(struct build *b)
{
    const char *const pairs[] = {"count", number_text(b, (long long)b->view->policy_count), NULL};
    if (!b->view->policy_count) {
        put_notice(b, "found", "attention", COLOUR_TINT, COLOUR_INK, say(b, "policies.none"));
        return;
    }
    put_text(b, STYLE_STRONG, COLOUR_INK_SOFT, say_with(b, "policies.found", pairs));
    flow_keep(b);
    put_entries(b, entries_shown(b));
}

void screen_policies(struct build *b)
{
    const struct view *view = b->view;
    bool grouped = view->policy_group[0] != '\0', searched = view->policy_query[0] != '\0';
    page_open(b, &(struct page){.back = INTENT_BACK, .split = is_typing(b)});
    put_heading(b, heading(b));
    if (!grouped) {
        put_search(b);
    }
    if (grouped) {
        put_entries(b, VIEW_POLICIES);
    } else if (searched) {
        put_found(b);
    } else if (!is_typing(b)) {
        put_text(b, STYLE_BODY, COLOUR_INK_SOFT, say(b, "policies.text"));
        put_groups(b);
    }
    put_dock(b);
    page_close(b);
}
