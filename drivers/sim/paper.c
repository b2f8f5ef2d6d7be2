// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/driver/sim_paper.h"
#include "yimen/base/text.h"

enum { WIDTH_DOTS = 576, HEIGHT_DOTS = 1218 }; // 72 x 152.4 mm at 203 dpi

static void put(struct strbuf *out, const struct paper_item *item)
{
    const char *text = item->text ? item->text : "";
    switch (item->kind) {
    case PAPER_TEXT:
    case PAPER_TICK: strbuf_addf(out, "text %s\n", text); break;
    case PAPER_PAIR: strbuf_addf(out, "pair %s: %s\n", item->label ? item->label : "", text); break;
    case PAPER_QR: strbuf_addf(out, "qr %s\n", text); break;
    case PAPER_RULE:
    case PAPER_GAP:
    case PAPER_IMAGE:
    case PAPER_BOX_BEGIN:
    case PAPER_BOX_END: break;
    }
}

static enum err render(void *self, const struct paper_document *document, struct paper_output *out,
                       struct fail *why)
{
    (void)self;
    for (size_t i = 0; i < document->count; i++)
        put(&out->pwg, &document->items[i]);
    out->width_dots = WIDTH_DOTS;
    out->height_dots = HEIGHT_DOTS;
    (void)text_copy(out->media, sizeof out->media, "custom_80x152.4mm_80x152.4mm");
    return strbuf_result(&out->pwg, why);
}

void sim_paper_open(struct paper *out)
{
    static const struct paper_ops ops = {.render = render};
    *out = (struct paper){.ops = &ops};
}
