// SPDX-License-Identifier: GPL-3.0-or-later
// The tracking page: assets/web/track.html with its {{names}} replaced, every value escaped.
#include "district_internal.h"

#include "yimen/base/text.h"
#include "yimen/case/receipt_number.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *look, *title, *text;
} states[] = {
    [PAGE_KNOWN] = {"known", "track.known", "track.known.text"},
    [PAGE_NOT_YET] = {"not-yet", "track.not-yet", "track.not-yet.text"},
    [PAGE_WANTED] = {"wanted", "track.wanted", "track.wanted.text"},
    [PAGE_INVALID] = {"invalid", "track.invalid", "track.invalid.text"},
    [PAGE_RENEWED] = {"wanted", "track.renewed", "track.renewed.text"},
    [PAGE_BUSY] = {"invalid", "track.busy", "track.busy.text"},
};

static const char *say(const struct district *district, const struct page *page, const char *key)
{
    return texts_get(district->options.texts, page->language, key);
}

// Four digits apart, so that it can be read aloud.
static void write_number(const struct district *district, const struct page *page,
                         struct strbuf *out)
{
    if (!page->number[0])
        return;
    strbuf_adds(out, "<p class=\"number\"><span>");
    strbuf_add_xml(out, say(district, page, "track.number"));
    strbuf_adds(out, "</span> <strong>");
    for (size_t i = 0; page->number[i]; i++) {
        if (i > 0 && i % 4 == 0)
            strbuf_adds(out, "<i></i>");
        char digit[2] = {page->number[i], '\0'};
        strbuf_add_xml(out, digit);
    }
    strbuf_adds(out, "</strong></p>");
}

static void write_languages(const struct district *district, const struct page *page,
                            struct strbuf *out)
{
    for (const char *const *language = texts_languages(district->options.texts); *language;
         language++) {
        char key[40];
        snprintf(key, sizeof key, "track.language.%s", *language);
        bool is_this = text_equal(*language, page->language);
        strbuf_addf(out, "<a lang=\"%s\"%s href=\"?lang=%s", *language,
                    is_this ? " aria-current=\"true\"" : "", *language);
        if (page->signature[0]) { // checked before: digits, and base64url
            strbuf_adds(out, "&amp;n=");
            strbuf_add_xml(out, page->number);
            strbuf_adds(out, "&amp;s=");
            strbuf_add_xml(out, page->signature);
        }
        strbuf_adds(out, "\">");
        strbuf_add_xml(out, say(district, page, key));
        strbuf_adds(out, "</a>");
    }
}

static void write_text(const struct district *district, const struct page *page, struct strbuf *out)
{
    const char *const pairs[] = {"counter", page->counter, NULL};
    char text[1024];
    texts_fill(text, sizeof text, say(district, page, states[page->state].text), pairs);
    strbuf_add_xml(out, text);
}

static void write_now(const struct district *district, const struct page *page, struct strbuf *out)
{
    struct calendar now =
        calendar_from_utc(clock_now(district->options.clock).utc_ms, DISTRICT_OFFSET_MINUTES);
    (void)page;
    strbuf_addf(out, "%04d-%02d-%02d %02d:%02d", now.year, now.month, now.day, now.hour,
                now.minute);
}

// The telephone of the counter that took the case, when the district has set one.
static void write_phone(const struct district *district, const struct page *page,
                        struct strbuf *out)
{
    struct receipt_number number;
    const struct counter *counter = NULL;
    if (district->options.catalogue && receipt_number_parse(page->number, &number, NULL) == ERR_OK)
        counter = catalogue_counter(district->options.catalogue, number.counter);
    if (!counter || !counter->phone[0])
        return;
    strbuf_adds(out, "<p><a href=\"tel:");
    for (const char *at = counter->phone; *at; at++)
        if ((*at >= '0' && *at <= '9') || *at == '+')
            strbuf_addc(out, *at);
    strbuf_adds(out, "\">");
    strbuf_add_xml(out, say(district, page, "track.phone"));
    strbuf_addc(out, ' ');
    strbuf_add_xml(out, counter->phone);
    strbuf_adds(out, "</a></p>");
}

static void write_look(const struct district *district, const struct page *page, struct strbuf *out)
{
    (void)district;
    strbuf_adds(out, states[page->state].look);
}

static void write_language(const struct district *district, const struct page *page,
                           struct strbuf *out)
{
    (void)district;
    strbuf_adds(out, page->language);
}

static void write_state(const struct district *district, const struct page *page,
                        struct strbuf *out)
{
    strbuf_add_xml(out, say(district, page, states[page->state].title));
}

static const struct {
    const char *name;
    void (*write)(const struct district *, const struct page *, struct strbuf *);
} places[] = {
    {"state", write_state},   {"text", write_text},           {"look", write_look},
    {"number", write_number}, {"languages", write_languages}, {"now", write_now},
    {"phone", write_phone},   {"language", write_language},
};

// {{name}}: one of the places above, else a texts key.
static void write_place(const struct district *district, const struct page *page, const char *name,
                        struct strbuf *out)
{
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (text_equal(places[i].name, name)) {
            places[i].write(district, page, out);
            return;
        }
    strbuf_add_xml(out, say(district, page, name));
}

void page_write(const struct district *district, const struct page *page, struct strbuf *out)
{
    const char *at = strbuf_text(&district->page), *open;
    while ((open = strstr(at, "{{")) != NULL) {
        const char *close = strstr(open, "}}");
        char name[64];
        if (!close || (size_t)(close - open - 2) >= sizeof name)
            break;
        strbuf_add(out, at, (size_t)(open - at));
        memcpy(name, open + 2, (size_t)(close - open - 2));
        name[close - open - 2] = '\0';
        write_place(district, page, name, out);
        at = close + 2;
    }
    strbuf_adds(out, at);
}
