// SPDX-License-Identifier: GPL-3.0-or-later
// How satisfied residents are, by counter and service.
#include "district_internal.h"

#include "yimen/base/text.h"
#include "yimen/case/rating.h"

#include <stdlib.h>

enum { LINES = 600 };

void ratings_take(struct district *district, const char *counter, const char *text)
{
    const struct district_store *store = district->options.store;
    struct rating *rows = calloc(LINES, sizeof *rows);
    size_t count = 0;
    while (rows && text && count < LINES && rating_read(&text, &rows[count]))
        count++;
    // Told again with the next heartbeat: a store that is busy loses nothing.
    if (count > 0)
        (void)!store->ops->ratings_put(store->self, counter, rows, count, NULL);
    free(rows);
}

struct sums {
    json_t *counters; ///< by counter: {"grades": [..], "services": {id: [..]}}
};

static json_t *member(json_t *object, const char *name, json_t *fresh)
{
    json_t *there = json_object_get(object, name);
    if (there) {
        json_decref(fresh);
        return there;
    }
    json_object_set_new(object, name, fresh);
    return fresh;
}

static json_t *no_grades(void)
{
    return json_pack("[i, i, i, i, i]", 0, 0, 0, 0, 0);
}

static void add(json_t *grades, const struct rating *row)
{
    size_t at = (size_t)row->grade - 1;
    json_int_t before = json_integer_value(json_array_get(grades, at));
    json_array_set_new(grades, at, json_integer(before + row->count));
}

static void sum_row(void *context, const char *counter, const struct rating *row)
{
    struct sums *sums = context;
    json_t *of = member(sums->counters, counter, json_object());
    add(member(of, "grades", no_grades()), row);
    add(member(member(of, "services", json_object()), row->service, no_grades()), row);
}

// {"count", "mean", "grades"}: how many, their mean, and how many of each grade from 1 to 5.
static json_t *describe(const json_t *grades)
{
    json_int_t count = 0, total = 0;
    for (size_t i = 0; i < json_array_size(grades); i++) {
        json_int_t of = json_integer_value(json_array_get(grades, i));
        count += of;
        total += of * (json_int_t)(i + 1);
    }
    return json_pack("{s:I, s:f, s:O}", "count", count, "mean",
                     count ? (double)total / (double)count : 0.0, "grades", (json_t *)grades);
}

static json_t *describe_counter(const char *counter, json_t *sums)
{
    const char *service;
    json_t *grades, *services = json_array();
    json_object_foreach(json_object_get(sums, "services"), service, grades)
    {
        json_t *one = describe(grades);
        json_object_set_new(one, "service", json_string(service));
        json_array_append_new(services, one);
    }
    json_t *all = describe(json_object_get(sums, "grades"));
    json_object_set_new(all, "counter", json_string(counter));
    json_object_set_new(all, "services", services);
    return all;
}

enum err district_ratings(struct district *district, struct strbuf *out, struct fail *why)
{
    const struct district_store *store = district->options.store;
    struct sums sums = {json_object()};
    json_t *list = json_array(), *of;
    const char *counter;
    enum err err = store->ops->ratings_each(store->self, sum_row, &sums, why);
    json_object_foreach(sums.counters, counter, of)
        json_array_append_new(list, describe_counter(counter, of));
    json_decref(sums.counters);
    if (!err)
        return json_tell(list, out, why);
    json_decref(list);
    return err;
}
