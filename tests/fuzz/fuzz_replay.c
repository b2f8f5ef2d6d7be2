// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as what people do with a form: answers, repeats, languages, screens, in any order and
// with any text. What is calculated stays what its inputs say.
#include "yimen/base/limits.h"
#include "yimen/record/record.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char form_text[] =
    "<h:html xmlns='http://www.w3.org/2002/xforms' xmlns:h='http://www.w3.org/1999/xhtml' "
    "xmlns:jr='http://openrosa.org/javarosa'><h:head><h:title>t</h:title><model>"
    "<itext><translation lang='zh'><text id='a'><value>甲 <output value='/d/n'/></value></text>"
    "</translation><translation lang='en'><text "
    "id='a'><value>A</value></text></translation></itext>"
    "<instance><d id='f'><n>1</n><sum/><many/><one/><list/><r jr:template=''><x/><y/><kind/>"
    "<s jr:template=''><z/></s></r><last/><meta><instanceID/></meta></d></instance>"
    "<instance id='c'><root><item><v>a</v><l>A</l></item><item><v>b</v><l>B</l></item></root>"
    "</instance>"
    "<bind nodeset='/d/n' type='int' constraint='. &lt; 5' required='true()'/>"
    "<bind nodeset='/d/sum' calculate='sum(/d/r/y)'/>"
    "<bind nodeset='/d/r/y' calculate='position(..) * 2'/>"
    "<bind nodeset='/d/r/x' relevant='/d/n &gt; 2' type='date'/>"
    "<bind nodeset='/d/last' calculate='/d/r[last()]/kind' readonly='true()'/>"
    "</model></h:head><h:body><input ref='/d/n'><label ref=\"jr:itext('a')\"/></input>"
    "<select ref='/d/many'><item><value>p</value></item><item><value>q</value></item></select>"
    "<select1 ref='/d/one'><itemset nodeset=\"instance('c')/root/item[v != /d/many]\">"
    "<value ref='v'/><label ref='l'/></itemset></select1>"
    "<select ref='/d/list'><itemset nodeset='/d/r'><value ref='kind'/><label ref='x'/></itemset>"
    "</select>"
    "<repeat nodeset='/d/r'><input ref='/d/r/x'/><input ref='/d/r/kind'>"
    "<setvalue event='xforms-value-changed' ref='/d/one' value='/d/r/kind'/></input>"
    "<group appearance='field-list'><repeat nodeset='/d/r/s' jr:count='/d/n'>"
    "<input ref='/d/r/s/z'/></repeat></group></repeat></h:body></h:html>";

static struct when fixed_now(void *self)
{
    (void)self;
    return (struct when){.utc_ms = 1795398000000, .quality = TIME_RTC};
}
static const struct clock_ops clock_ops = {fixed_now};
static const struct clock fixed_clock = {&clock_ops, NULL};

static const char *const refs[] = {
    "/d/n",         "/d/many", "/d/one",         "/d/list",        "/d/r[1]/x", "/d/r[2]/kind",
    "/d/r[3]/kind", "/d/last", "/d/r[1]/s[2]/z", "/d/r[2]/s[1]/z", "/d/r[4]/x", "/d/nothing"};
static const char *const ranges[] = {"/d/r", "/d/r[1]/s", "/d", "/d/r[2]"};
static const char *const instances[] = {"/d/r[1]", "/d/r[2]", "/d/r[9]", "/d/r[1]/s[1]", "/d/n"};
#define PICK(list, byte) ((list)[(byte) % (sizeof(list) / sizeof((list)[0]))])

static void check_sum(const struct record *record)
{
    size_t count = 0;
    char ref[32];
    for (count = 0; count < LIMIT_REPEAT_INSTANCES; count++) {
        snprintf(ref, sizeof ref, "/d/r[%zu]", count + 1);
        if (!record_is_relevant(record, ref))
            break;
    }
    char wanted[32];
    snprintf(wanted, sizeof wanted, "%zu", count * (count + 1));
    if (strcmp(record_value(record, "/d/sum"), wanted) != 0)
        abort();
}

static void read_screen(struct record *record, const char *ref)
{
    struct form_screen screen;
    size_t index = 0, count = 0;
    (void)!record_screen(record, ref, &screen, NULL);
    (void)record_next_screen(record, ref);
    (void)record_previous_screen(record, ref);
    record_screen_position(record, ref, &index, &count);
    if (index > count)
        abort();
}

static void ignore_question(void *context, const char *screen, const struct question *question)
{
    (void)context;
    (void)screen;
    (void)question;
}

/// One step from a few bytes; returns how many it took.
static size_t step(struct record *record, const uint8_t *data, size_t size)
{
    uint8_t which = size > 1 ? data[1] : 0;
    char value[64] = "";
    size_t length = size > 2 ? data[2] % 32U : 0;
    if (length > size - (size > 3 ? 3 : size))
        length = 0;
    switch (data[0] % 8) {
    case 0:
    case 1:
    case 2:
        if (length > 0)
            memcpy(value, data + 3, length);
        (void)!record_answer(record, PICK(refs, which), value, NULL);
        return 3 + length;
    case 3: (void)!record_add_repeat(record, PICK(ranges, which), NULL); return 2;
    case 4: (void)!record_remove_repeat(record, PICK(instances, which), NULL); return 2;
    case 5: (void)!record_set_language(record, which % 2 == 0 ? "zh" : "en", NULL); return 2;
    case 6: read_screen(record, PICK(refs, which)); return 2;
    default: record_review(record, ignore_question, NULL); return 1;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct form *form;
    const struct form_source source = {
        .name = "form", .text = form_text, .length = sizeof form_text - 1};
    if (form == NULL && form_load(&source, NULL, NULL, &form, NULL) != ERR_OK)
        abort();
    const struct record_options options = {.clock = &fixed_clock, .time_zone = "Asia/Shanghai"};
    struct record *record = NULL;
    if (record_new(form, &options, &record, NULL) != ERR_OK)
        abort();
    while (size > 0) {
        size_t took = step(record, data, size);
        if (took > size)
            took = size;
        data += took;
        size -= took;
        check_sum(record);
    }
    struct strbuf out;
    strbuf_init(&out, LIMIT_SUBMISSION_XML);
    (void)!record_submission(record, true, &out, NULL);
    strbuf_free(&out);
    record_free(record);
    return 0;
}
