// SPDX-License-Identifier: GPL-3.0-or-later
// The tracking page: assets/web/track.html with its {{names}} replaced, every value escaped.
#include "page_internal.h"

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
    [PAGE_PAUSE] = {"invalid", "track.pause", "track.pause.text"},
};

// Grouped as on the paper, so that it can be read aloud.
static void write_number(const struct page_writer *w)
{
    char number[RECEIPT_NUMBER_SHOWN];
    if (!w->page->number[0])
        return;
    receipt_number_show(w->page->number, number, sizeof number);
    strbuf_adds(w->out, "<p class=\"number\"><span>");
    strbuf_add_xml(w->out, page_say(w, "track.number"));
    strbuf_adds(w->out, "</span> <strong>");
    strbuf_add_xml(w->out, number);
    strbuf_adds(w->out, "</strong></p>");
}

static void write_languages(const struct page_writer *w)
{
    for (const char *const *language = texts_languages(w->texts); *language; language++) {
        char key[40];
        snprintf(key, sizeof key, "track.language.%s", *language);
        bool is_this = text_equal(*language, w->page->language);
        strbuf_addf(w->out, "<a lang=\"%s\"%s href=\"", *language,
                    is_this ? " aria-current=\"true\"" : "");
        page_write_query(w, *language);
        strbuf_adds(w->out, "\">");
        strbuf_add_xml(w->out, page_say(w, key));
        strbuf_adds(w->out, "</a>");
    }
}

static void write_text(const struct page_writer *w)
{
    const char *const pairs[] = {"counter", w->page->counter, NULL};
    char text[1024];
    if (page_owner_found(w->page))
        page_owner_now(w, text, sizeof text);
    else
        texts_fill(text, sizeof text, page_say(w, states[w->page->state].text), pairs);
    strbuf_add_xml(w->out, text);
}

static void write_now(const struct page_writer *w)
{
    struct calendar now = district_calendar(w->now_utc_ms);
    strbuf_addf(w->out, "%04d-%02d-%02d %02d:%02d", now.year, now.month, now.day, now.hour,
                now.minute);
}

// The telephone of the counter that took the case, when the district has set one.
static void write_phone(const struct page_writer *w)
{
    struct receipt_number number;
    const struct counter *counter = NULL;
    if (w->catalogue && receipt_number_parse(w->page->number, &number, NULL) == ERR_OK)
        counter = catalogue_counter(w->catalogue, number.counter);
    if (!counter || !counter->phone[0])
        return;
    strbuf_adds(w->out, "<p><a href=\"tel:");
    for (const char *at = counter->phone; *at; at++)
        if ((*at >= '0' && *at <= '9') || *at == '+')
            strbuf_addc(w->out, *at);
    strbuf_adds(w->out, "\">");
    strbuf_add_xml(w->out, page_say(w, "track.phone"));
    strbuf_addc(w->out, ' ');
    strbuf_add_xml(w->out, counter->phone);
    strbuf_adds(w->out, "</a></p>");
}

static void write_look(const struct page_writer *w)
{
    const struct status *status =
        page_owner_found(w->page) ? status_find(w->page->answer->status) : NULL;
    if (status)
        strbuf_adds(w->out, status->wants_something ? "wanted" : "known");
    else
        strbuf_adds(w->out, states[w->page->state].look);
}

static void write_language(const struct page_writer *w)
{
    strbuf_adds(w->out, w->page->language);
}

static void write_state(const struct page_writer *w)
{
    char key[40];
    if (page_owner_found(w->page))
        snprintf(key, sizeof key, "status.%s", w->page->answer->status);
    else
        snprintf(key, sizeof key, "%s", states[w->page->state].title);
    strbuf_add_xml(w->out, page_say(w, key));
}

static const struct {
    const char *name;
    void (*write)(const struct page_writer *);
} places[] = {
    {"state", write_state},   {"text", write_text},           {"look", write_look},
    {"number", write_number}, {"languages", write_languages}, {"now", write_now},
    {"phone", write_phone},   {"language", write_language},   {"owner", page_owner_write},
};

// {{name}}: one of the places above, else a texts key.
static void write_place(const struct page_writer *w, const char *name)
{
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (text_equal(places[i].name, name)) {
            places[i].write(w);
            return;
        }
    strbuf_add_xml(w->out, page_say(w, name));
}

void page_write(const struct district *district, const struct page *page, struct strbuf *out)
{
    const struct page_writer w = {.page = page,
                                  .texts = district->options.texts,
                                  .catalogue = district->options.catalogue,
                                  .now_utc_ms = clock_now(district->options.clock).utc_ms,
                                  .out = out};
    const char *at = strbuf_text(&district->page), *open;
    while ((open = strstr(at, "{{")) != NULL) {
        const char *close = strstr(open, "}}");
        char name[64];
        if (!close || (size_t)(close - open - 2) >= sizeof name)
            break;
        strbuf_add(out, at, (size_t)(open - at));
        memcpy(name, open + 2, (size_t)(close - open - 2));
        name[close - open - 2] = '\0';
        write_place(&w, name);
        at = close + 2;
    }
    strbuf_adds(out, at);
}
