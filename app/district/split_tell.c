// SPDX-License-Identifier: GPL-3.0-or-later
// What is said of the items of a case.
#include "split.h"

#include <stdio.h>

static const char *item_name(const struct district *district, const char *item)
{
    char key[80];
    if (!district->options.texts)
        return "";
    (void)snprintf(key, sizeof key, "service.%s.name", item);
    return texts_get(district->options.texts, texts_languages(district->options.texts)[0], key);
}

static json_t *describe_item(const struct district *district, const struct district_item *item)
{
    char since[32];
    when_format_utc(item->status_utc_ms, since);
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:i, s:i}", "item", item->item, "name",
                     item_name(district, item->item), "status", item->status, "status_name",
                     status_name(district, item->status), "since", since, "legal_days",
                     item->legal_days, "promised_days", item->promised_days);
}

json_t *split_describe(struct district *district, const char *instance)
{
    struct split_items items;
    json_t *list = json_array();
    if (split_items(district, instance, &items, NULL) != ERR_OK)
        return list;
    for (size_t i = 0; i < items.count; i++)
        json_array_append_new(list, describe_item(district, &items.items[i]));
    return list;
}
