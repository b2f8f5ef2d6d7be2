// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/xml/csv.h"

#include "yimen/base/limits.h"
#include "yimen/base/strbuf.h"
#include "yimen/base/text.h"
#include <libxml/dict.h>
#include <string.h>

enum { CSV_COLUMNS = 256, CSV_CELL_BYTES = 16 << 10 };

struct csv {
    const char *at, *end;
    char delimiter;
    size_t row;
    int line; ///< where the row begins
    struct strbuf cell;
    bool row_ended;
    xmlDoc *doc;
};

/// The separator that the heading uses most, outside of quotes.
static char guess_delimiter(const char *text, const char *end)
{
    static const char candidates[] = {',', ';', '\t', '|'};
    size_t counts[sizeof candidates] = {0};
    bool quoted = false;
    for (; text < end && (quoted || (*text != '\n' && *text != '\r')); text++) {
        if (*text == '"')
            quoted = !quoted;
        for (size_t i = 0; i < sizeof candidates && !quoted; i++)
            counts[i] += *text == candidates[i] ? 1U : 0U;
    }
    size_t best = 0;
    for (size_t i = 1; i < sizeof candidates; i++) {
        if (counts[i] > counts[best])
            best = i;
    }
    return candidates[best];
}

static bool read_quoted(struct csv *csv)
{
    csv->at++;
    for (; csv->at < csv->end; csv->at++) {
        if (*csv->at != '"') {
            strbuf_addc(&csv->cell, *csv->at);
        } else if (csv->at + 1 < csv->end && csv->at[1] == '"') {
            strbuf_addc(&csv->cell, '"');
            csv->at++;
        } else {
            csv->at++;
            return true;
        }
    }
    return false;
}

/// One cell into csv->cell. False when a quote is never closed.
static bool read_cell(struct csv *csv)
{
    strbuf_clear(&csv->cell);
    if (csv->at < csv->end && *csv->at == '"' && !read_quoted(csv))
        return false;
    while (csv->at < csv->end && *csv->at != csv->delimiter && *csv->at != '\n' &&
           *csv->at != '\r') {
        strbuf_addc(&csv->cell, *csv->at);
        csv->at++;
    }
    csv->row_ended = csv->at >= csv->end || *csv->at != csv->delimiter;
    if (csv->at < csv->end) {
        bool two = csv->at[0] == '\r' && csv->at + 1 < csv->end && csv->at[1] == '\n';
        csv->at += two ? 2 : 1;
    }
    return true;
}

static enum err read_heading(struct csv *csv, const xmlChar *columns[CSV_COLUMNS], size_t *count,
                             struct fail *why)
{
    *count = 0;
    do {
        if (!read_cell(csv))
            return fail_set(why, ERR_INPUT, "row 1: a quote is not closed");
        if (csv->cell.failed)
            return fail_set(why, ERR_FULL, "row 1: a heading of more than %d bytes",
                            CSV_CELL_BYTES);
        if (*count == CSV_COLUMNS)
            return fail_set(why, ERR_FULL, "more than %d columns", CSV_COLUMNS);
        columns[(*count)++] =
            xmlDictLookup(csv->doc->dict, (const xmlChar *)strbuf_text(&csv->cell), -1);
    } while (!csv->row_ended);
    return ERR_OK;
}

static void add_cell(xmlNode *item, const xmlChar *column, const struct strbuf *cell)
{
    xmlNode *node = xmlNewDocNodeEatName(item->doc, NULL, (xmlChar *)(uintptr_t)column, NULL);
    if (cell->length > 0)
        xmlAddChild(node, xmlNewDocText(item->doc, (const xmlChar *)strbuf_text(cell)));
    xmlAddChild(item, node);
}

static enum err read_row(struct csv *csv, xmlNode *root, const xmlChar *const *columns,
                         size_t count, struct fail *why)
{
    xmlNode *item = xmlNewDocNode(csv->doc, NULL, (const xmlChar *)"item", NULL);
    size_t column = 0;
    bool empty = true;
    item->line = (unsigned short)csv->line;
    do {
        if (!read_cell(csv)) {
            xmlFreeNode(item);
            return fail_set(why, ERR_INPUT, "row %zu: a quote is not closed", csv->row);
        }
        if (csv->cell.failed) { // half a text is none
            xmlFreeNode(item);
            return fail_set(why, ERR_FULL, "row %zu: a cell of more than %d bytes", csv->row,
                            CSV_CELL_BYTES);
        }
        empty = empty && csv->cell.length == 0;
        if (column < count && columns[column][0] != '\0')
            add_cell(item, columns[column], &csv->cell);
        else if (csv->cell.length > 0) {
            xmlFreeNode(item);
            return fail_set(why, ERR_INPUT, "row %zu has more cells than there are columns",
                            csv->row);
        }
        column++;
    } while (!csv->row_ended);
    strbuf_clear(&csv->cell);
    for (; column < count && !empty; column++)
        add_cell(item, columns[column], &csv->cell);
    if (empty)
        xmlFreeNode(item);
    else
        xmlAddChild(root, item);
    return ERR_OK;
}

static int count_lines(const char *from, const char *to)
{
    int lines = 0;
    for (; from < to; from++)
        lines += *from == '\n';
    return lines;
}

enum err csv_parse(const char *text, size_t length, xmlDoc *doc, struct fail *why)
{
    if (!text_is_utf8(text, length))
        return fail_set(why, ERR_INPUT, "the list is not UTF-8");
    struct csv csv = {.at = text, .end = text + length, .row = 1, .line = 1, .doc = doc};
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        csv.at += 3;
    csv.delimiter = guess_delimiter(csv.at, csv.end);
    strbuf_init(&csv.cell, CSV_CELL_BYTES);
    xmlNode *root = xmlNewDocNode(doc, NULL, (const xmlChar *)"root", NULL);
    xmlDocSetRootElement(doc, root);
    const xmlChar *columns[CSV_COLUMNS];
    size_t count = 0;
    const char *begin = csv.at;
    enum err err = read_heading(&csv, columns, &count, why);
    while (err == ERR_OK && csv.at < csv.end) {
        csv.row++;
        csv.line += count_lines(begin, csv.at);
        begin = csv.at;
        err = read_row(&csv, root, columns, count, why);
        if (err == ERR_OK && csv.row * count > LIMIT_LIST_CELLS)
            err = fail_set(why, ERR_FULL, "more than %d cells", LIMIT_LIST_CELLS);
    }
    strbuf_free(&csv.cell);
    return err;
}
