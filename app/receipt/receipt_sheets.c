// SPDX-License-Identifier: GPL-3.0-or-later
#include "receipt_sheets.h"
#include "receipt_papers.h"
#include "yimen/case/receipt_number.h"

enum { SIGNING_ROOM = 420, CONSENT_LINES = 2 };

struct consents {
    size_t count;
    const char *sentence; // of the first; of several the one that holds for all
};

// A paper that is the signature of somebody who is not here has a sentence to sign.
static struct consents find_consents(struct sheet *sheet, const struct receipt_facts *facts,
                                     const struct catalogue *catalogue)
{
    struct consents out = {0};
    for (size_t i = 0; i < facts->paper_count; i++) {
        const struct paper_note *paper = &facts->papers[i];
        const char *own = sheet_words_if(sheet, "paper.", paper->id, ".sheet");
        if (!own || !papers_is_missing(facts, catalogue, paper))
            continue;
        out.sentence = out.count ? sheet_words(sheet, "receipt.sheet-consents") : own;
        out.count++;
    }
    return out;
}

static void add_line(struct sheet *sheet, const char *key)
{
    sheet_gap(sheet, SIGNING_ROOM);
    sheet_text(sheet, SHEET_SMALL, sheet_words(sheet, key));
    sheet_line(sheet);
}

// The commitment was read on the screen; its words stand on the tracking page.
static void add_own_signature(struct sheet *sheet, const struct catalogue *catalogue)
{
    const char *version = catalogue_commitment_version(catalogue);
    sheet_text(
        sheet, SHEET_SMALL,
        sheet_fill(sheet, "receipt.sheet-commitment", (const char *[]){"version", version, NULL}));
    add_line(sheet, "receipt.sheet-sign");
}

void sheets_add(struct sheet *sheet, const struct receipt_facts *facts,
                const struct catalogue *catalogue)
{
    struct consents consents = find_consents(sheet, facts, catalogue);
    char number[RECEIPT_NUMBER_SHOWN];
    if (!consents.count && !facts->signature_outstanding)
        return;
    sheet_cut(sheet, sheet_words(sheet, "receipt.cut"));
    sheet_centre(sheet, SHEET_BODY, true, sheet_words(sheet, "receipt.sheet-title"));
    receipt_number_show(facts->number, number, sizeof number);
    sheet_centre(sheet, SHEET_BODY, false, arena_strdup(sheet->arena, number));
    if (facts->signature_outstanding)
        add_own_signature(sheet, catalogue);
    if (!consents.count)
        return;
    sheet_gap(sheet, 100);
    sheet_text(sheet, SHEET_SMALL, consents.sentence);
    for (int i = 0; i < CONSENT_LINES; i++)
        add_line(sheet, "receipt.sheet-line");
}
