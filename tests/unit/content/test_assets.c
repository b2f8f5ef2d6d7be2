// SPDX-License-Identifier: GPL-3.0-or-later
// The shipped texts and forms are whole: every key in all three languages with the same
// placeholders, every sentence that a service, a counter or a form needs is there, and Chinese is
// set with Chinese punctuation.
#include "asset_form.h"
#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include "yimen/content/service.h"
#include "yimen/content/texts.h"
#include "yimen/driver/system.h"
#include <dirent.h>
#include <jansson.h>
#include <libxml/parser.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

enum { LANGUAGES = 3 };
static const char *const languages[LANGUAGES] = {"zh", "en", "ko"};

static int problems;

static void problem(const char *what, const char *key, const char *more)
{
    print_error("%s: %s%s%s\n", key, what, *more ? ": " : "", more);
    problems++;
}

// All areas of one language in one object.
static json_t *language_texts(const char *language)
{
    char folder[64], path[400];
    snprintf(folder, sizeof folder, "assets/i18n/%s", language);
    DIR *open_folder = opendir(folder);
    assert_non_null(open_folder);
    json_t *all = json_object();
    const struct dirent *entry;
    while ((entry = readdir(open_folder)) != NULL) {
        if (!text_ends(entry->d_name, ".json"))
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        json_error_t error;
        json_t *area = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
        if (!area)
            fail_msg("%s:%d: %s", path, error.line, error.text);
        json_object_update(all, area);
        json_decref(area);
    }
    closedir(open_folder);
    return all;
}

// Every name in braces of `a` is in `b` as well.
static bool same_placeholders(const char *a, const char *b)
{
    for (const char *at = strchr(a, '{'); at; at = strchr(at + 1, '{')) {
        const char *end = strchr(at, '}');
        char name[64];
        if (!end || (size_t)(end - at) + 2 > sizeof name)
            return false;
        memcpy(name, at, (size_t)(end - at) + 1);
        name[end - at + 1] = '\0';
        if (!strstr(b, name))
            return false;
    }
    return true;
}

static void every_text_is_there_in_all_languages_with_the_same_placeholders(void **state)
{
    (void)state;
    json_t *texts[LANGUAGES];
    problems = 0;
    for (int i = 0; i < LANGUAGES; i++)
        texts[i] = language_texts(languages[i]);
    for (int i = 0; i < LANGUAGES; i++) {
        const char *key;
        json_t *text;
        json_object_foreach(texts[i], key, text)
        {
            if (!*json_string_value(text))
                problem("is empty", key, languages[i]);
            for (int j = 0; j < LANGUAGES; j++) {
                const char *other = json_string_value(json_object_get(texts[j], key));
                if (!other)
                    problem("is missing", key, languages[j]);
                else if (!same_placeholders(json_string_value(text), other))
                    problem("has other placeholders", key, languages[j]);
            }
        }
    }
    for (int i = 0; i < LANGUAGES; i++)
        json_decref(texts[i]);
    assert_int_equal(problems, 0);
}

// ------------------------------------------------------------------ punctuation

static bool is_chinese(uint32_t point)
{
    return point >= 0x4E00 && point <= 0x9FFF;
}

static bool has_western_mark(const char *text)
{
    uint32_t before = 0, at = text_next(&text);
    while (at) {
        if (at < 0x80 && strchr(",;:?!()", (int)at) && is_chinese(before))
            return true;
        before = at;
        at = text_next(&text);
    }
    return false;
}

static void chinese_is_set_with_chinese_marks(void **state)
{
    (void)state;
    problems = 0;
    json_t *texts = language_texts("zh");
    const char *key;
    json_t *text;
    json_object_foreach(texts, key, text)
    {
        if (has_western_mark(json_string_value(text)))
            problem("has a western mark", key, json_string_value(text));
    }
    json_decref(texts);
    assert_int_equal(problems, 0);
}

// Nothing we print or show may say more than is true before the district has decided.
static void no_receipt_says_accepted(void **state)
{
    (void)state;
    problems = 0;
    json_t *texts = language_texts("zh");
    const char *key;
    json_t *text;
    json_object_foreach(texts, key, text)
    {
        if ((text_starts(key, "receipt.") || text_starts(key, "saved.")) &&
            strstr(json_string_value(text), "已受理"))
            problem("promises too much", key, json_string_value(text));
    }
    json_decref(texts);
    assert_int_equal(problems, 0);
}

// ------------------------------------------------------------------ what services and counters
// need

static void needs(const json_t *texts, const char *first, const char *id, const char *last)
{
    char key[128];
    snprintf(key, sizeof key, "%s%s%s", first, id, last);
    if (!json_object_get(texts, key))
        problem("is needed", key, "");
}

static void service_needs(const json_t *texts, const struct service *service)
{
    static const char *const about[] = {".name", ".long", ".about", ".after"};
    static const char *const notice[] = {".title",  ".handler",   ".purpose", ".kinds", ".basis",
                                         ".method", ".retention", ".rights",  ".refuse"};
    for (size_t i = 0; i < sizeof about / sizeof *about; i++)
        needs(texts, "service.", service->id, about[i]);
    for (size_t i = 0; i < sizeof notice / sizeof *notice && !service->linked; i++)
        needs(texts, "notice.", service->id, notice[i]);
    for (size_t i = 0; i < service->paper_count; i++) {
        needs(texts, "paper.", service->papers[i].id, ".name");
        needs(texts, "paper.", service->papers[i].id, ".why");
    }
    for (size_t i = 0; i < service->consent_count; i++) {
        needs(texts, "consent.", service->consents[i], ".title");
        needs(texts, "consent.", service->consents[i], ".text");
    }
    if (!service->linked)
        needs(texts, "door.", service->door, "");
    if (service->first_person[0])
        needs(texts, service->first_person, "", "");
}

static void every_service_and_counter_has_its_sentences(void **state)
{
    (void)state;
    struct files assets;
    struct catalogue *catalogue = NULL;
    struct fail why = {0};
    problems = 0;
    json_t *texts = language_texts("zh");
    assert_int_equal(system_files_open("assets", &assets, &why), ERR_OK);
    if (catalogue_load(&assets, &catalogue, &why) != ERR_OK)
        fail_msg("%s", why.text);
    for (size_t i = 0; i < catalogue_service_count(catalogue); i++)
        service_needs(texts, catalogue_service_at(catalogue, i));
    for (size_t i = 0; i < catalogue_first_person_count(catalogue); i++)
        needs(texts, catalogue_first_person_at(catalogue, i)->text, "", "");
    for (size_t i = 0; i < catalogue_counter_count(catalogue); i++)
        if (catalogue_counter_at(catalogue, i)->name_key[0])
            needs(texts, catalogue_counter_at(catalogue, i)->name_key, "", "");
    catalogue_free(catalogue);
    system_files_close(&assets);
    json_decref(texts);
    assert_int_equal(problems, 0);
}

// ------------------------------------------------------------------ forms

static bool is_named(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && text_equal((const char *)node->name, name);
}

// Every jr:itext('...') in an attribute, into the set.
static void collect_used(const xmlNode *node, json_t *used)
{
    for (const xmlAttr *attribute = node->properties; attribute; attribute = attribute->next) {
        xmlChar *value = xmlNodeGetContent((const xmlNode *)attribute);
        const char *at = strstr((const char *)value, "jr:itext('");
        if (at) {
            at += strlen("jr:itext('");
            char id[200];
            size_t length = strcspn(at, "'");
            assert_true(length < sizeof id);
            memcpy(id, at, length);
            id[length] = '\0';
            json_object_set_new(used, id, json_true());
        }
        xmlFree(value);
    }
    for (const xmlNode *child = node->children; child; child = child->next)
        if (child->type == XML_ELEMENT_NODE)
            collect_used(child, used);
}

static void collect_texts(const xmlNode *node, json_t *translations)
{
    if (is_named(node, "translation")) {
        xmlChar *language = xmlGetProp((xmlNode *)(uintptr_t)node, BAD_CAST "lang");
        json_t *ids = json_object();
        for (const xmlNode *text = node->children; text; text = text->next) {
            if (!is_named(text, "text"))
                continue;
            xmlChar *id = xmlGetProp((xmlNode *)(uintptr_t)text, BAD_CAST "id");
            xmlChar *content = xmlNodeGetContent(text);
            if (text_equal((const char *)language, "zh") && has_western_mark((const char *)content))
                problem("has a western mark", (const char *)id, (const char *)content);
            json_object_set_new(ids, (const char *)id, json_true());
            xmlFree(content);
            xmlFree(id);
        }
        json_object_set_new(translations, (const char *)language, ids);
        xmlFree(language);
        return;
    }
    for (const xmlNode *child = node->children; child; child = child->next)
        if (child->type == XML_ELEMENT_NODE)
            collect_texts(child, translations);
}

static void check_form(const struct files *assets, const char *path)
{
    struct strbuf text;
    strbuf_init(&text, LIMIT_FORM_BYTES);
    asset_form(assets, path, &text);
    xmlDoc *document =
        xmlReadMemory(strbuf_text(&text), (int)text.length, path, NULL, XML_PARSE_NONET);
    strbuf_free(&text);
    assert_non_null(document);
    json_t *used = json_object(), *translations = json_object();
    collect_used(xmlDocGetRootElement(document), used);
    collect_texts(xmlDocGetRootElement(document), translations);
    assert_int_equal(json_object_size(translations), LANGUAGES);
    for (int i = 0; i < LANGUAGES; i++) {
        json_t *ids = json_object_get(translations, languages[i]), *value;
        const char *id;
        json_object_foreach(used, id, value)
        {
            if (!json_object_get(ids, id))
                problem("is missing in", id, languages[i]);
        }
        json_object_foreach(ids, id, value)
        {
            if (!json_object_get(used, id))
                problem("is used by nothing in", id, languages[i]);
        }
    }
    json_decref(translations);
    json_decref(used);
    xmlFreeDoc(document);
}

static void check_form_named(void *context, const char *name)
{
    const struct files *assets = context;
    char path[128];
    int before = problems;
    if (!text_ends(name, ".xml"))
        return;
    snprintf(path, sizeof path, "forms/%s", name);
    check_form(assets, path);
    if (problems != before)
        print_error("in %s\n", path);
}

static void every_form_speaks_all_languages(void **state)
{
    (void)state;
    struct files assets;
    problems = 0;
    assert_int_equal(system_files_open("assets", &assets, NULL), ERR_OK);
    assert_int_equal(assets.ops->list(assets.self, "forms", check_form_named, &assets, NULL),
                     ERR_OK);
    system_files_close(&assets);
    xmlCleanupParser();
    assert_int_equal(problems, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_text_is_there_in_all_languages_with_the_same_placeholders),
        cmocka_unit_test(chinese_is_set_with_chinese_marks),
        cmocka_unit_test(no_receipt_says_accepted),
        cmocka_unit_test(every_service_and_counter_has_its_sentences),
        cmocka_unit_test(every_form_speaks_all_languages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
