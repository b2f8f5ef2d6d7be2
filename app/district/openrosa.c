// SPDX-License-Identifier: GPL-3.0-or-later
// OpenRosa answers: the envelope, the form list, the forms.
#include "district_internal.h"

#include "yimen/base/text.h"
#include "yimen/case/correction.h"

#include <stdio.h>
#include <string.h>

static const char xml_type[] = "text/xml; charset=utf-8";

void answer_header(struct http_exchange *exchange, const char *line)
{
    for (size_t i = 0; i < sizeof exchange->reply_headers / sizeof exchange->reply_headers[0]; i++)
        if (!exchange->reply_headers[i][0]) {
            text_copy(exchange->reply_headers[i], sizeof exchange->reply_headers[i], line);
            return;
        }
}

void openrosa_headers(struct http_exchange *exchange)
{
    char line[80];
    snprintf(line, sizeof line, "X-OpenRosa-Accept-Content-Length: %d", DISTRICT_ACCEPT_LENGTH);
    answer_header(exchange, "X-OpenRosa-Version: 1.0");
    answer_header(exchange, line);
}

void openrosa_answer(struct http_exchange *exchange, int status, const char *nature,
                     const char *message)
{
    openrosa_headers(exchange);
    exchange->status = status;
    exchange->type = xml_type;
    strbuf_clear(&exchange->reply);
    strbuf_addf(&exchange->reply,
                "<OpenRosaResponse xmlns=\"http://openrosa.org/http/response\">"
                "<message nature=\"%s\">",
                nature);
    strbuf_add_xml(&exchange->reply, message);
    strbuf_adds(&exchange->reply, "</message></OpenRosaResponse>");
}

struct listing {
    struct strbuf *out;
    const char *host, *wanted;
};

static void percent_escape(struct strbuf *out, const char *text)
{
    for (; *text; text++) {
        bool plain = (*text >= '0' && *text <= '9') || (*text >= 'A' && *text <= 'Z') ||
                     (*text >= 'a' && *text <= 'z') || strchr("-._~", *text);
        if (plain)
            strbuf_addc(out, *text);
        else
            strbuf_addf(out, "%%%02X", (unsigned)(unsigned char)*text);
    }
}

static void list_form(void *context, const struct district_form *form)
{
    const struct listing *listing = context;
    struct strbuf *out = listing->out;
    if (listing->wanted && !text_equal(listing->wanted, form->id))
        return;
    if (correction_is_form(form->id)) // asked of one person, offered to nobody
        return;
    strbuf_adds(out, "<xform><formID>");
    strbuf_add_xml(out, form->id);
    strbuf_adds(out, "</formID><name>");
    strbuf_add_xml(out, form->title);
    strbuf_adds(out, "</name><version>");
    strbuf_add_xml(out, form->version);
    strbuf_addf(out, "</version><hash>md5:%s</hash><downloadUrl>https://", form->md5);
    strbuf_add_xml(out, listing->host);
    strbuf_adds(out, "/forms/");
    percent_escape(out, form->id);
    strbuf_addc(out, '/');
    percent_escape(out, form->version);
    strbuf_adds(out, "</downloadUrl></xform>");
}

void openrosa_form_list(struct district *district, struct http_exchange *exchange)
{
    const struct district_store *store = district->options.store;
    const char *host = exchange->header(exchange, "Host");
    struct listing listing = {&exchange->reply, host ? host : "localhost",
                              exchange->query(exchange, "formID")};
    openrosa_headers(exchange);
    exchange->type = xml_type;
    strbuf_adds(&exchange->reply, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
                                  "<xforms xmlns=\"http://openrosa.org/xforms/xformsList\">");
    enum err err = store->ops->form_each(store->self, list_form, &listing, NULL);
    strbuf_adds(&exchange->reply, "</xforms>");
    exchange->status = err ? 503 : 200;
}

void openrosa_form(struct district *district, struct http_exchange *exchange)
{
    const struct district_store *store = district->options.store;
    struct district_form form = {.xml = &exchange->reply};
    char id[sizeof form.id];
    const char *rest = exchange->path + strlen("/forms/"), *slash = strchr(rest, '/');
    openrosa_headers(exchange);
    exchange->status = 404;
    if (!slash || (size_t)(slash - rest) >= sizeof id)
        return;
    memcpy(id, rest, (size_t)(slash - rest));
    id[slash - rest] = '\0';
    enum err err = store->ops->form_get(store->self, id, slash + 1, &form, NULL);
    exchange->type = xml_type;
    exchange->status = !err ? 200 : err == ERR_NOT_FOUND ? 404 : 503;
}
