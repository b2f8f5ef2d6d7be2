// SPDX-License-Identifier: GPL-3.0-or-later
// What the tracking page says to whoever typed the second factor: how far it is, what comes next
// and until when, what is wanted, and what the paper has no room for. Without scripts.
#include "owner_internal.h"
#include "page_internal.h"

#include "yimen/base/text.h"
#include "yimen/case/receipt_number.h"
#include "yimen/content/follow.h"

#include <stdio.h>
#include <string.h>

// ------------------------------------------------------------------ lines

static void write_open(const struct page_writer *w, const char *heading_key)
{
    strbuf_adds(w->out, "<section><h2>");
    strbuf_add_xml(w->out, page_say(w, heading_key));
    strbuf_adds(w->out, "</h2>");
}

static void write_line(const struct page_writer *w, const char *key, const char *const *pairs)
{
    char text[2048];
    texts_fill(text, sizeof text, page_say(w, key), pairs);
    strbuf_adds(w->out, "<p>");
    strbuf_add_xml(w->out, text);
    strbuf_adds(w->out, "</p>");
}

static void write_plain(const struct page_writer *w, const char *key)
{
    write_line(w, key, (const char *[]){NULL});
}

static void write_count(const struct page_writer *w, const char *key, const char *name, int count)
{
    char digits[16];
    snprintf(digits, sizeof digits, "%d", count);
    write_line(w, key, (const char *[]){name, digits, NULL});
}

static const char *own_words(const struct page_writer *w, const char *before, const char *id,
                             const char *after)
{
    char key[96];
    snprintf(key, sizeof key, "%s%s%s", before, id, after);
    const char *words = page_say(w, key);
    return text_equal(words, key) ? "" : words; // a missing text is its key
}

// "receipt.day" or "receipt.moment": as on the paper.
static void time_of(const struct page_writer *w, const char *key, int64_t utc_ms, char out[64])
{
    struct calendar at = district_calendar(utc_ms);
    char year[12], month[12], day[12], time[24];
    snprintf(year, sizeof year, "%04d", at.year);
    snprintf(month, sizeof month, "%02d", at.month);
    snprintf(day, sizeof day, "%02d", at.day);
    snprintf(time, sizeof time, "%02d:%02d", at.hour, at.minute);
    texts_fill(out, 64, page_say(w, key),
               (const char *[]){"year", year, "month", month, "day", day, "time", time, NULL});
}

// ------------------------------------------------------------------ what is asked

// A number pad also on an old telephone; there an X is a box to tick.
static void write_field(const struct page_writer *w)
{
    struct strbuf *out = w->out;
    strbuf_adds(out, "<form method=\"post\" action=\"");
    page_write_query(w, w->page->language);
    strbuf_adds(out, "\" autocomplete=\"off\"><label for=\"factor\">");
    strbuf_add_xml(out, page_say(w, "track.ask.label"));
    strbuf_adds(out, "</label><p id=\"why\">");
    strbuf_add_xml(out, page_say(w, "track.ask.text"));
    strbuf_adds(out, "</p><input id=\"factor\" name=\"factor\" type=\"tel\" inputmode=\"numeric\" "
                     "maxlength=\"4\" autocomplete=\"off\" aria-describedby=\"why\" required>"
                     "<p class=\"x\"><input id=\"x\" name=\"x\" type=\"checkbox\" value=\"1\">"
                     "<label for=\"x\">");
    strbuf_add_xml(out, page_say(w, "track.ask.x"));
    strbuf_adds(out, "</label></p><button type=\"submit\">");
    strbuf_add_xml(out, page_say(w, "track.ask"));
    strbuf_adds(out, "</button></form>");
}

static void write_ask(const struct page_writer *w, const char *problem_key, int tries_left)
{
    char count[16];
    snprintf(count, sizeof count, "%d", tries_left);
    strbuf_adds(w->out, "<section>");
    if (problem_key) {
        char text[512];
        texts_fill(text, sizeof text, page_say(w, problem_key),
                   (const char *[]){"count", count, NULL});
        strbuf_adds(w->out, "<p class=\"problem\" role=\"alert\">");
        strbuf_add_xml(w->out, text);
        strbuf_adds(w->out, "</p>");
    }
    write_field(w);
    strbuf_adds(w->out, "</section>");
}

static void write_notice(const struct page_writer *w, const char *title_key, const char *text_key)
{
    write_open(w, title_key);
    write_plain(w, text_key);
    strbuf_adds(w->out, "</section>");
}

// ------------------------------------------------------------------ what is told

// What the service itself promises; nothing where several were applied for in one visit.
static const struct service_limit *limit_of(const struct page_writer *w)
{
    const struct owner_answer *answer = w->page->answer;
    const struct service *service =
        answer->item_count ? NULL : catalogue_service(w->catalogue, answer->service);
    bool dated = service && answer->saved_utc_ms;
    return dated ? service_limit_on(service, answer->saved_utc_ms) : NULL;
}

static void say_state(const struct page_writer *w, const char *key, int days, char *out,
                      size_t size)
{
    const char *words = page_say(w, key);
    char digits[16];
    snprintf(digits, sizeof digits, "%d", days);
    texts_fill(out, size, text_equal(words, key) ? "" : words, // a missing text is its key
               (const char *[]){"days", digits, NULL});
}

static void write_until(const struct page_writer *w)
{
    const struct owner_answer *answer = w->page->answer;
    char moment[64];
    if (answer->limit_hours) {
        write_count(w, "urgent.promise", "hours", answer->limit_hours);
        time_of(w, "receipt.moment", answer->deadline_utc_ms, moment);
        if (answer->deadline_utc_ms)
            write_line(w, "receipt.deadline-by", (const char *[]){"moment", moment, NULL});
    } else if (answer->promised_days && follow_promise(limit_of(w))) {
        write_count(w, follow_promise(limit_of(w)), "days", answer->promised_days);
    }
}

static void write_course(const struct page_writer *w)
{
    const struct owner_answer *answer = w->page->answer;
    char moment[64], next[1024];
    struct follow_words words;
    follow_words(limit_of(w), answer->status, &words);
    say_state(w, words.next_key, words.days, next, sizeof next);
    write_open(w, "follow.case.next");
    strbuf_adds(w->out, "<p>");
    const char *here = own_words(w, "track.next.", answer->status, ""); // a telephone is no counter
    strbuf_add_xml(w->out, here[0] ? here : next);
    strbuf_adds(w->out, "</p>");
    write_until(w);
    strbuf_adds(w->out, "</section>");
    write_open(w, "track.detail");
    strbuf_adds(w->out, "<p>");
    strbuf_add_xml(w->out, own_words(w, "service.", answer->service, ".long"));
    strbuf_adds(w->out, "</p>");
    time_of(w, "receipt.moment", answer->saved_utc_ms, moment);
    if (answer->saved_utc_ms)
        write_line(w, "track.saved", (const char *[]){"moment", moment, NULL});
    strbuf_adds(w->out, "</section>");
}

// Name, what it is for, and what may stand in for it: the paper has room for the name alone.
static void write_paper(const struct page_writer *w, const char *id)
{
    const char *instead = own_words(w, "paper.", id, ".instead");
    strbuf_adds(w->out, "<li><strong>");
    strbuf_add_xml(w->out, own_words(w, "paper.", id, ".name"));
    strbuf_adds(w->out, "</strong><p>");
    strbuf_add_xml(w->out, own_words(w, "paper.", id, ".why"));
    strbuf_adds(w->out, "</p>");
    if (instead[0])
        write_line(w, "receipt.papers-instead", (const char *[]){"instead", instead, NULL});
    strbuf_adds(w->out, "</li>");
}

static void write_papers(const struct page_writer *w, const char (*ids)[32], size_t count)
{
    strbuf_adds(w->out, "<ul>");
    for (size_t i = 0; i < count; i++)
        write_paper(w, ids[i]);
    strbuf_adds(w->out, "</ul>");
}

static void write_wanted(const struct page_writer *w)
{
    const struct owner_answer *answer = w->page->answer;
    char day[64];
    if (!answer->due_utc_ms)
        return;
    write_open(w, "track.wanted.list");
    write_papers(w, answer->wanted, answer->wanted_count);
    if (answer->questions)
        write_count(w, "track.wanted.questions", "count", answer->questions);
    time_of(w, "receipt.day", answer->due_utc_ms - 1, day);
    write_line(w, "track.wanted.due", (const char *[]){"day", day, NULL});
    strbuf_adds(w->out, "</section>");
}

// Once the district has said what it wants, that counts, and not what was put off at the machine.
static bool tells_missing(const struct owner_answer *answer)
{
    const struct status *status = status_find(answer->status);
    return answer->missing_count && !answer->due_utc_ms && status && status->undecided;
}

// What the district looks up is named, and nobody need bring it.
static bool is_looked_up(const struct page_writer *w, const char *paper)
{
    const struct owner_answer *answer = w->page->answer;
    bool named = false;
    for (size_t s = 0; s <= answer->item_count; s++) {
        const struct service *service =
            catalogue_service(w->catalogue, s ? answer->items[s - 1].service : answer->service);
        for (size_t i = 0; service && i < service->paper_count; i++) {
            if (!text_equal(service->papers[i].id, paper))
                continue;
            if (!service->papers[i].checked_by_data)
                return false;
            named = true;
        }
    }
    return named;
}

static void write_missing(const struct page_writer *w)
{
    const struct owner_answer *answer = w->page->answer;
    bool any = false;
    for (size_t i = 0; tells_missing(answer) && i < answer->missing_count; i++) {
        if (is_looked_up(w, answer->missing[i]))
            continue;
        if (!any) {
            write_open(w, "track.missing.list");
            strbuf_adds(w->out, "<ul>");
        }
        any = true;
        write_paper(w, answer->missing[i]);
    }
    if (!any)
        return;
    strbuf_adds(w->out, "</ul>");
    write_plain(w, "receipt.papers-until-told");
    write_plain(w, "track.missing.text");
    strbuf_adds(w->out, "</section>");
}

static void write_signature(const struct page_writer *w)
{
    if (!w->page->answer->signature_outstanding)
        return;
    write_open(w, "track.signature");
    write_plain(w, "track.signature.text");
    write_plain(w, "commitment.text");
    write_plain(w, "commitment.authorisation");
    strbuf_adds(w->out, "</section>");
}

static void write_states(const struct page_writer *w, const char *heading_key,
                         const struct owner_state *states, size_t count)
{
    if (!count)
        return;
    write_open(w, heading_key);
    strbuf_adds(w->out, "<ul>");
    for (size_t i = 0; i < count; i++) {
        strbuf_adds(w->out, "<li><strong>");
        strbuf_add_xml(w->out, own_words(w, "service.", states[i].service, ".long"));
        strbuf_adds(w->out, "</strong><p>");
        strbuf_add_xml(w->out, own_words(w, "status.", states[i].status, ""));
        strbuf_adds(w->out, "</p></li>");
    }
    strbuf_adds(w->out, "</ul></section>");
}

static void write_found(const struct page_writer *w)
{
    const struct owner_answer *answer = w->page->answer;
    write_wanted(w);
    write_course(w);
    write_states(w, "track.items", answer->items, answer->item_count);
    write_missing(w);
    write_signature(w);
    write_states(w, "follow.linked", answer->linked, answer->linked_count);
}

static void write_answer(const struct page_writer *w)
{
    const struct owner_answer *answer = w->page->answer;
    switch (answer->result) {
    case TRACK_FOUND: write_found(w); break;
    case TRACK_LOCKED: write_notice(w, "track.locked", "track.locked.text"); break;
    case TRACK_OPENING: write_notice(w, "track.opening", "track.opening.text"); break;
    case TRACK_NO_FIT:
    case TRACK_ELSEWHERE:
    case TRACK_NEEDS_RECEIPT:
    case TRACK_NO_ANSWER: write_ask(w, "track.no-fit", answer->tries_left); break;
    }
}

bool page_owner_found(const struct page *page)
{
    return page->owner == OWNER_ANSWERED && page->answer->result == TRACK_FOUND;
}

void page_owner_now(const struct page_writer *w, char *out, size_t size)
{
    struct follow_words words;
    follow_words(limit_of(w), w->page->answer->status, &words);
    say_state(w, words.now_key, words.days, out, size);
}

void page_owner_write(const struct page_writer *w)
{
    switch (w->page->owner) {
    case OWNER_NOBODY: break;
    case OWNER_ASKS: write_ask(w, NULL, 0); break;
    case OWNER_INCOMPLETE: write_ask(w, "track.ask.incomplete", 0); break;
    case OWNER_AWAY: write_notice(w, "track.away", "track.away.text"); break;
    case OWNER_ANSWERED: write_answer(w); break;
    }
}
