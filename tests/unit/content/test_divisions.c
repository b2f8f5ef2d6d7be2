// SPDX-License-Identifier: GPL-3.0-or-later
// The district's own places and counters as data: complete, nothing invented, and said to be the
// district's to fill in where nobody knows.
#include "yimen/base/text.h"
#include "yimen/content/service.h"
#include "yimen/content/texts.h"
#include "yimen/driver/system.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { ROWS = 400, STREETS = 5, COMMUNITIES = 167, COUNTERS = 30, LINE = 512 };

struct place {
    char code[16], name[96], level[16], parent[16], label[128];
};

static size_t read_places(struct place *places)
{
    char line[LINE];
    size_t count = 0;
    FILE *file = fopen("assets/divisions/laoshan.csv", "r");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    assert_string_equal(line, "code,name,level,parent,label\n");
    while (fgets(line, sizeof line, file)) {
        struct place *place = &places[count++];
        char *fields[] = {place->code, place->name, place->level, place->parent, place->label};
        const size_t rooms[] = {sizeof place->code, sizeof place->name, sizeof place->level,
                                sizeof place->parent, sizeof place->label};
        char *at = line;
        assert_true(count < ROWS);
        line[strcspn(line, "\n")] = '\0';
        for (size_t i = 0; i < 5; i++) {
            size_t length = strcspn(at, ",");
            bool more = at[length] == ',';
            at[length] = '\0';
            assert_true(text_copy(fields[i], rooms[i], at));
            at += length + (more ? 1 : 0);
        }
    }
    assert_int_equal(fclose(file), 0);
    return count;
}

static bool has(const struct place *places, size_t count, const char *code, const char *level)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(places[i].code, code))
            return text_equal(places[i].level, level);
    return false;
}

// "张家河村 Zhangjiahe": one word behind the Chinese name, in Latin letters, with a capital.
static bool is_romanised(const char *label)
{
    const char *latin = strchr(label, ' ');
    if (!latin || (unsigned char)label[0] < 0x80)
        return false;
    latin++;
    return latin[0] >= 'A' && latin[0] <= 'Z' && latin[1] &&
           strspn(latin + 1, "abcdefghijklmnopqrstuvwxyz'") == strlen(latin + 1);
}

// Read as the people there say them: surnames, and words with two readings.
static void names_are_read_as_they_are_said(void **state)
{
    (void)state;
    static const char *const labels[] = {
        "解家河村 Xiejiahe", "牟家社区 Mujia",   "海都社区 Haidu",   "华都社区 Huadu",
        "枣行村 Zaohang",    "马鞍子村 Ma'anzi", "长岭村 Changling", "曲家庄村 Qujiazhuang"};
    static struct place places[ROWS];
    size_t count = read_places(places);
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        bool found = false;
        for (size_t j = 0; j < count && !found; j++)
            found = text_equal(places[j].label, labels[i]);
        if (!found)
            fail_msg("nobody lives in %s", labels[i]);
    }
}

static void five_streets_and_their_167_communities(void **state)
{
    (void)state;
    static struct place places[ROWS];
    size_t count = read_places(places), streets = 0, communities = 0;
    for (size_t i = 0; i < count; i++) {
        const struct place *place = &places[i];
        bool is_street = text_equal(place->level, "street");
        bool is_community =
            text_equal(place->level, "community") || text_equal(place->level, "village");
        streets += is_street;
        communities += is_community;
        assert_true(place->name[0] && place->label[0]);
        assert_int_equal(strspn(place->code, "0123456789"), strlen(place->code));
        if (is_street)
            assert_true(strlen(place->code) == 9 && text_equal(place->parent, "370212"));
        if (is_street || is_community) // both names: for who reads Chinese and who does not
            assert_true(is_romanised(place->label));
        if (is_community) // the code says where it lies
            assert_true(strlen(place->code) == 12 && strncmp(place->code, place->parent, 9) == 0 &&
                        has(places, count, place->parent, "street"));
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(places[j].code, place->code);
    }
    assert_int_equal(streets, STREETS);
    assert_int_equal(communities, COMMUNITIES);
    assert_int_equal(count, STREETS + COMMUNITIES + 1);
}

static void thirty_counters_that_are_the_districts_to_name(void **state)
{
    (void)state;
    struct files assets;
    struct catalogue *catalogue = NULL;
    struct texts *texts = NULL;
    struct strbuf file;
    strbuf_init(&file, 1 << 20);
    assert_int_equal(system_files_open("assets", &assets, NULL), ERR_OK);
    assert_int_equal(catalogue_load(&assets, &catalogue, NULL), ERR_OK);
    assert_int_equal(texts_load(&assets, &texts, NULL), ERR_OK);
    assert_int_equal(assets.ops->read(assets.self, "counters.json", &file, NULL), ERR_OK);
    assert_non_null(strstr(strbuf_text(&file), "to be set by the district"));
    assert_int_equal(catalogue_counter_count(catalogue), COUNTERS);
    for (size_t i = 0; i < COUNTERS; i++) {
        const struct counter *counter = catalogue_counter_at(catalogue, i);
        char code[8], name[32];
        snprintf(code, sizeof code, "%03zu", i + 1);
        snprintf(name, sizeof name, "管区 %02zu", i + 1);
        assert_string_equal(counter->code, code);
        assert_true(text_starts(texts_get(texts, "zh", counter->name_key), name));
        // Nothing invented: no street, telephone or hours that nobody has said.
        assert_true(!counter->street[0] && !counter->phone[0] && !counter->hours[0]);
    }
    strbuf_free(&file);
    texts_free(texts);
    catalogue_free(catalogue);
    system_files_close(&assets);
}

// What the receipt prints comes from there, with its day and where it stands.
static void a_limit_says_since_when_and_by_which_rule(void **state)
{
    (void)state;
    struct files assets;
    struct catalogue *catalogue = NULL;
    size_t limits = 0;
    assert_int_equal(system_files_open("assets", &assets, NULL), ERR_OK);
    assert_int_equal(catalogue_load(&assets, &catalogue, NULL), ERR_OK);
    for (size_t i = 0; i < catalogue_service_count(catalogue); i++) {
        const struct service *service = catalogue_service_at(catalogue, i);
        for (size_t j = 0; j < service->limit_count; j++, limits++) {
            assert_int_equal(strlen(service->limits[j].from), 10);
            assert_true(service->limits[j].basis[0] != '\0');
            assert_true(service->limits[j].promised_days <= service->limits[j].legal_days);
        }
        assert_true(service->minutes > 0);
    }
    assert_true(limits >= 2);
    catalogue_free(catalogue);
    system_files_close(&assets);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(five_streets_and_their_167_communities),
        cmocka_unit_test(names_are_read_as_they_are_said),
        cmocka_unit_test(thirty_counters_that_are_the_districts_to_name),
        cmocka_unit_test(a_limit_says_since_when_and_by_which_rule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
