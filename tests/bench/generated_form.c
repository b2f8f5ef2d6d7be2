// SPDX-License-Identifier: GPL-3.0-or-later
#include "generated_form.h"

enum { REPEAT_QUESTIONS = 10 };

static void write_instance(const struct generated_form *shape, struct strbuf *out)
{
    strbuf_adds(out, "<instance><data id='generated' version='1'>");
    for (int i = 0; i < shape->questions; i++)
        strbuf_addf(out, "<q%d/>", i);
    for (int r = 0; r < shape->repeats; r++) {
        strbuf_addf(out, "<total%d/><r%d jr:template=''>", r, r);
        for (int i = 0; i < REPEAT_QUESTIONS; i++)
            strbuf_addf(out, "<a%d/>", i);
        strbuf_adds(out, "<sum/></r");
        strbuf_addf(out, "%d>", r);
    }
    strbuf_adds(out, "<meta><instanceID/></meta></data></instance>");
}

static void write_binds(const struct generated_form *shape, struct strbuf *out)
{
    for (int i = 0; i < shape->questions; i++) {
        strbuf_addf(out, "<bind nodeset='/data/q%d' type='int'", i);
        if (i % 5 == 1)
            strbuf_addf(out, " relevant='/data/q%d &gt; 0'", i - 1);
        if (i % 5 == 2)
            strbuf_addf(out, " constraint='. &gt; /data/q%d' required='true()'", i - 1);
        if (i % 5 == 3)
            strbuf_addf(out, " calculate='/data/q%d + /data/q%d * 2'", i - 1, i - 3);
        strbuf_adds(out, "/>");
    }
    for (int r = 0; r < shape->repeats; r++) {
        strbuf_addf(out, "<bind nodeset='/data/total%d' calculate='sum(/data/r%d/sum)'/>", r, r);
        strbuf_addf(out, "<bind nodeset='/data/r%d/sum' calculate='../a0 + ../a1 + ../a2'/>", r);
        strbuf_addf(out, "<bind nodeset='/data/r%d/a0' type='int' constraint='. &lt; 1000'/>", r);
        strbuf_addf(out, "<bind nodeset='/data/r%d/a5' relevant='/data/r%d/a4 = 1'/>", r, r);
    }
    strbuf_adds(out, "<bind nodeset='/data/meta/instanceID' jr:preload='uid'/>");
}

static void write_body(const struct generated_form *shape, struct strbuf *out)
{
    for (int i = 0; i < shape->questions; i++)
        strbuf_addf(out, "<input ref='/data/q%d'><label>Question %d</label></input>", i, i);
    for (int r = 0; r < shape->repeats; r++) {
        strbuf_addf(out, "<repeat nodeset='/data/r%d' jr:count='%d'>", r, shape->instances);
        for (int i = 0; i < REPEAT_QUESTIONS; i++)
            strbuf_addf(out,
                        "<input ref='/data/r%d/a%d'><label>Part %d of <output "
                        "value='../a0'/></label></input>",
                        r, i, i);
        strbuf_adds(out, "</repeat>");
    }
}

void generated_form_write(const struct generated_form *shape, struct strbuf *out)
{
    strbuf_adds(out, "<h:html xmlns='http://www.w3.org/2002/xforms' "
                     "xmlns:h='http://www.w3.org/1999/xhtml' "
                     "xmlns:jr='http://openrosa.org/javarosa'><h:head><h:title>Generated</h:title>"
                     "<model>");
    write_instance(shape, out);
    write_binds(shape, out);
    strbuf_adds(out, "</model></h:head><h:body>");
    write_body(shape, out);
    strbuf_adds(out, "</h:body></h:html>");
}
