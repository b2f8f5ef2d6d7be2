// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/xml/write.h"

#include <libxml/xmlwriter.h>
#include <stdlib.h>
#include <string.h>

struct xml_writer {
    xmlBuffer *buffer;
    xmlTextWriter *text;
    enum xml_style style;
    size_t depth;
    bool failed;
};

static void note(struct xml_writer *writer, int result)
{
    writer->failed = writer->failed || result < 0;
}

struct xml_writer *xml_writer_new(enum xml_style style)
{
    struct xml_writer *writer = calloc(1, sizeof *writer);
    if (writer == NULL)
        abort();
    writer->style = style;
    writer->buffer = xmlBufferCreate();
    writer->text = writer->buffer != NULL ? xmlNewTextWriterMemory(writer->buffer, 0) : NULL;
    if (writer->text == NULL)
        abort();
    if (style == XML_INDENTED) {
        note(writer, xmlTextWriterSetIndent(writer->text, 1));
        note(writer, xmlTextWriterSetIndentString(writer->text, BAD_CAST "  "));
    }
    // Without a document of a known encoding attributes would be written in character references.
    note(writer, xmlTextWriterStartDocument(writer->text, NULL, "UTF-8", NULL));
    if (style == XML_FRAGMENT) {
        note(writer, xmlTextWriterFlush(writer->text));
        xmlBufferEmpty(writer->buffer);
    }
    return writer;
}

void xml_begin(struct xml_writer *writer, const char *name)
{
    note(writer, xmlTextWriterStartElement(writer->text, BAD_CAST name));
    writer->depth++;
}

void xml_put_attribute(struct xml_writer *writer, const char *name, const char *value)
{
    note(writer, xmlTextWriterWriteAttribute(writer->text, BAD_CAST name, BAD_CAST value));
}

void xml_put_text(struct xml_writer *writer, const char *text)
{
    // The writer would escape quotes too, which text does not need: records keep their bytes.
    for (const char *quote; (quote = strchr(text, '"')) != NULL; text = quote + 1) {
        char *before = strndup(text, (size_t)(quote - text));
        if (before == NULL)
            abort();
        note(writer, xmlTextWriterWriteString(writer->text, BAD_CAST before));
        note(writer, xmlTextWriterWriteRaw(writer->text, BAD_CAST "\""));
        free(before);
    }
    note(writer, xmlTextWriterWriteString(writer->text, BAD_CAST text));
}

void xml_end(struct xml_writer *writer)
{
    note(writer, xmlTextWriterEndElement(writer->text));
    writer->depth--;
}

void xml_put_element(struct xml_writer *writer, const char *name, const char *text)
{
    xml_begin(writer, name);
    xml_put_text(writer, text);
    xml_end(writer);
}

enum err xml_writer_finish(struct xml_writer *writer, struct strbuf *out, struct fail *why)
{
    while (writer->depth > 0)
        xml_end(writer);
    if (writer->style != XML_FRAGMENT) // it ends the line, too
        note(writer, xmlTextWriterEndDocument(writer->text));
    xmlFreeTextWriter(writer->text); // and writes what it still holds
    if (!writer->failed)
        strbuf_add(out, xmlBufferContent(writer->buffer), (size_t)xmlBufferLength(writer->buffer));
    enum err err = writer->failed ? fail_set(why, ERR_RETRY, "XML could not be written")
                                  : strbuf_result(out, why);
    xmlBufferFree(writer->buffer);
    free(writer);
    return err;
}
