// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as an expression, against one small form: it is refused or answered, within its budget,
// and nothing leaks. A line feed in the input ends the expression; what follows it is the document
// instead of ours, when it is one.
#include "app/xpath/xpath_internal.h"
#include "yimen/base/text.h"
#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { BUDGET = 100000 };

static const char our_document[] =
    "<data xmlns:o=\"urn:o\"><m id=\"1\"><name>a</name><n>10</n></m><m "
    "id=\"2\"><name>b</name><n>20</n></m>"
    "<sel>x y</sel><d>2026-11-23</d><o:t l=\"k\">z<b>w</b></o:t><!--c--><?p q?><e/></data>";

static bool is_repeat(void *self, const xmlNode *node)
{
    (void)self;
    return node->type == XML_ELEMENT_NODE && text_equal((const char *)node->name, "m");
}

static xmlNode *instance(void *self, const char *id)
{
    return text_equal(id, "i") ? xmlDocGetRootElement(self) : NULL;
}

static void ignore_reference(void *self, const char *path, bool deep)
{
    (void)deep;
    *(size_t *)self += strlen(path);
}

static void be_quiet(void *context, const char *format, ...)
{
    (void)context;
    (void)format;
}

static xmlDoc *document_of(const char *text)
{
    xmlSetGenericErrorFunc(NULL, be_quiet);
    xmlDoc *tree =
        text != NULL ? xmlReadMemory(text, (int)strlen(text), NULL, NULL, XML_PARSE_NONET) : NULL;
    return tree != NULL ? tree
                        : xmlReadMemory(our_document, sizeof our_document - 1, NULL, NULL, 0);
}

static void evaluate(const struct xpath_expression *expression, xmlDoc *tree)
{
    const struct xpath_host host = {.self = tree,
                                    .root = (xmlNode *)tree,
                                    .xforms = true,
                                    .instance = instance,
                                    .is_repeat = is_repeat,
                                    .now_utc_ms = INT64_C(1795399200000),
                                    .time_zone = "Asia/Shanghai",
                                    .max_nodes = BUDGET};
    xmlNode *root = xmlDocGetRootElement(tree);
    xmlNode *contexts[] = {(xmlNode *)tree, root, root->children != NULL ? root->children : root};
    for (size_t i = 0; i < sizeof contexts / sizeof *contexts; i++) {
        struct xpath_value value = {0};
        if (xpath_evaluate(expression, &host, contexts[i], NULL, &value, NULL) == ERR_OK) {
            char *text = xpath_to_string(&host, &value);
            if (!text_is_utf8(text, strlen(text)))
                abort();
            free(text);
            (void)xpath_to_number(&host, &value);
        }
        xpath_value_clear(&value);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    if (text == NULL)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    char *document = strchr(text, '\n');
    if (document != NULL)
        *document++ = '\0';
    struct xpath_expression *expression = NULL;
    if (xpath_compile_lenient(text, NULL, &expression, NULL) == ERR_OK) {
        size_t seen = 0;
        xpath_each_reference(expression, "/data/m/n", ignore_reference, &seen);
        xmlDoc *tree = document_of(document);
        evaluate(expression, tree);
        xmlFreeDoc(tree);
    }
    xpath_free(expression);
    free(text);
    return 0;
}
