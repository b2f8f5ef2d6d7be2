// SPDX-License-Identifier: GPL-3.0-or-later
#include "contract/paper/picture.h"
#include "yimen/driver/paper.h"
#include <cairo.h>
#include <fontconfig/fontconfig.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

// cairo 1.16 loses 768 bytes with each PDF; a kiosk makes none.
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libcairo\n";
}

enum { RASTER = 8 << 20, BODY = 440 };
static const char LONGEST[] = // 203 bytes, version 12
    "https://a-district-with-quite-a-long-name.laoshan.example:8443/t/q83vEjRWeJCrze8SNFZ4kA"
    "?n=370212001261123248217&s=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4v"
    "MDEyMzQ1Njc4OTo7PD0-Pw==/";

static int open_paper(void **state)
{
    static struct paper paper;
    *state = &paper;
    return paper_open(NULL, &paper, NULL) != ERR_OK;
}

static int close_paper(void **state)
{
    paper_close(*state);
    // What the libraries keep for the whole process is given back, so that real leaks show.
    cairo_debug_reset_static_data();
    FcFini();
    return 0;
}

static enum err try_render(struct paper *paper, const struct paper_item *items, size_t count,
                           const char *language, struct paper_output *out)
{
    struct paper_document document = {.title = "a receipt",
                                      .language = language,
                                      .width_mm100 = 8000,
                                      .items = items,
                                      .count = count};
    *out = (struct paper_output){0};
    strbuf_init(&out->pwg, RASTER);
    strbuf_init(&out->pdf, RASTER);
    return paper->ops->render(paper->self, &document, out, NULL);
}

static void output_free(struct paper_output *out)
{
    strbuf_free(&out->pwg);
    strbuf_free(&out->pdf);
    strbuf_free(&out->png);
}

static struct picture render(struct paper *paper, const struct paper_item *items, size_t count,
                             bool *missing)
{
    struct paper_output out;
    struct picture picture;
    assert_int_equal(try_render(paper, items, count, "zh", &out), ERR_OK);
    assert_true(picture_from_pwg(out.pwg.data, out.pwg.length, &picture));
    assert_int_equal(picture.width, out.width_dots);
    assert_int_equal(picture.height, out.height_dots);
    assert_string_equal(picture.media, out.media);
    if (missing)
        *missing = out.missing_glyphs;
    output_free(&out);
    return picture;
}

static struct picture render_text(struct paper *paper, const char *text, bool *missing)
{
    struct paper_item item = {.kind = PAPER_TEXT, .size_mm100 = BODY, .text = text};
    return render(paper, &item, 1, missing);
}

static bool same(const struct picture *a, const struct picture *b)
{
    return a->width == b->width && a->height == b->height &&
           memcmp(a->grey, b->grey, (size_t)a->width * (size_t)a->height) == 0;
}

static void assert_prints_alike(struct paper *paper, const char *text, const char *as)
{
    struct picture one = render_text(paper, text, NULL), other = render_text(paper, as, NULL);
    if (!same(&one, &other))
        fail_msg("\"%s\" does not print like \"%s\"", text, as);
    picture_free(&one);
    picture_free(&other);
}

static long black_dots(const struct picture *picture, int from_y, int to_y)
{
    long count = 0;
    for (int y = from_y; y < to_y && y < picture->height; y++)
        for (int x = 0; x < picture->width; x++)
            count += picture_black(picture, x, y);
    return count;
}

static void paper_is_80_mm_at_203_dpi_and_whole_points_long(void **state)
{
    struct picture picture = render_text(*state, "收件回执", NULL);
    assert_int_equal(picture.width, 640);
    assert_int_equal(picture.dots_per_inch, 203);
    assert_int_equal(picture.points_wide, 227);
    assert_int_equal(picture.height, (picture.points_high * 203 + 71) / 72);
    assert_int_equal(strncmp(picture.media, "custom_80x", 10), 0);
    picture_free(&picture);
}

static void nothing_is_printed_outside_the_72_mm(void **state)
{
    struct picture picture = render_text(
        *state,
        "很长的一行字,没有任何地方可以断开的WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
        NULL);
    for (int y = 0; y < picture.height; y++)
        for (int x = 0; x < 30; x++)
            assert_false(picture_black(&picture, x, y) ||
                         picture_black(&picture, picture.width - 1 - x, y));
    picture_free(&picture);
}

static void a_qr_code_reads_back_and_its_modules_are_five_dots(void **state)
{
    static const char *const TEXTS[] = {"YIMEN", LONGEST};
    for (size_t i = 0; i < 2; i++) {
        struct paper_item item = {.kind = PAPER_QR, .align = PAPER_CENTRE, .text = TEXTS[i]};
        struct picture picture = render(*state, &item, 1, NULL);
        char text[512];
        assert_true(picture_read_qr(&picture, text, sizeof text));
        assert_int_equal(strncmp(text, TEXTS[i], strlen(TEXTS[i])), 0);
        for (int y = 0; y < picture.height; y++) {
            for (int x = 0, run = 0; x < picture.width; x++) {
                run = picture_black(&picture, x, y) ? run + 1 : 0;
                if (run && !picture_black(&picture, x + 1, y))
                    assert_int_equal(run % 5, 0);
            }
        }
        picture_free(&picture);
    }
}

static void the_screen_gets_the_same_modules(void **state)
{
    (void)state;
    unsigned char modules[PAPER_QR_SIDE * PAPER_QR_SIDE];
    int side = 0;
    assert_int_equal(paper_qr_modules(LONGEST, modules, sizeof modules, &side, NULL), ERR_OK);
    assert_int_equal(side, PAPER_QR_SIDE);
    // The corner pattern.
    assert_int_equal(modules[0], 1);
    assert_int_equal(modules[side + 1], 0);
    assert_int_equal(paper_qr_modules(LONGEST, modules, 100, &side, NULL), ERR_FULL);
    assert_int_equal(paper_qr_modules("", modules, sizeof modules, &side, NULL), ERR_INPUT);
}

static void a_text_too_long_for_version_12_is_refused(void **state)
{
    char text[sizeof LONGEST + 1];
    (void)snprintf(text, sizeof text, "%sx", LONGEST);
    struct paper_item item = {.kind = PAPER_QR, .text = text};
    struct paper_output out;
    assert_int_equal(try_render(*state, &item, 1, "zh", &out), ERR_INPUT);
    output_free(&out);
}

static void what_a_resident_typed_prints_inertly(void **state)
{
    static const struct {
        const char *typed, *as;
    } CASES[] = {
        {"张\x1b@\x07三", "张@三"}, // printer commands
        {"a\xE2\x80\xAE"
         "b",
         "ab"},                               // right-to-left override
        {"\xE2\x81\xA6x\xE2\x81\xA9y", "xy"}, // isolates
        {"<b>x</b>&amp;", "<b>x</b>&amp;"},   // no markup
        {"a\tb", "a b"},
        {"\xEF\xBB\xBFx\xE2\x80\x8By", "xy"}, // carriers without ink
        {"e\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81",
         "e\xCC\x81\xCC\x81\xCC\x81\xCC\x81"}, // a tower of marks is cut
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        assert_prints_alike(*state, CASES[i].typed, CASES[i].as);
}

static void markup_is_text(void **state)
{
    struct picture bold = render_text(*state, "<b>x</b>", NULL);
    struct picture plain = render_text(*state, "x", NULL);
    assert_true(black_dots(&bold, 0, bold.height) > 3 * black_dots(&plain, 0, plain.height));
    picture_free(&bold);
    picture_free(&plain);
}

static void a_flood_of_marks_stays_in_its_own_block(void **state)
{
    char flood[2048] = "e";
    for (size_t i = 1; i + 3 < sizeof flood; i += 2)
        memcpy(flood + i, "\xCC\x81", 3);
    struct paper_item items[] = {
        {.kind = PAPER_TEXT, .size_mm100 = BODY, .text = "x"},
        {.kind = PAPER_GAP, .size_mm100 = 1000},
        {.kind = PAPER_TEXT, .size_mm100 = BODY, .text = flood},
        {.kind = PAPER_GAP, .size_mm100 = 1000},
        {.kind = PAPER_TEXT, .size_mm100 = BODY, .text = "x"},
    };
    struct picture picture = render(*state, items, 5, NULL);
    assert_true(picture.height < 500);
    // The gap of 80 dots below the first line has ink only from its neighbours' overhang.
    int white = 0;
    for (int y = 24; y < picture.height; y++)
        white += black_dots(&picture, y, y + 1) == 0;
    assert_true(white > 120);
    picture_free(&picture);
}

static void a_character_without_a_glyph_is_a_box_and_is_reported(void **state)
{
    bool missing = false;
    struct picture picture = render_text(*state, "张\xF3\xB0\x80\x80", &missing); // private use
    assert_true(missing);
    struct picture box = render_text(*state, "张□", &missing);
    assert_false(missing);
    assert_true(same(&picture, &box));
    picture_free(&picture);
    picture_free(&box);
    picture = render_text(*state, "a\xFF\xC0", &missing); // no UTF-8 at all
    assert_true(missing);
    picture_free(&picture);
}

static void rare_characters_of_names_are_there(void **state)
{
    static const char *const NAMES[] = {"𠮷", "㛃", "䶮", "买买提·艾力", "辻", "김철수"};
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        bool missing = false;
        struct picture picture = render_text(*state, NAMES[i], &missing);
        if (missing)
            fail_msg("%s has no glyph", NAMES[i]);
        picture_free(&picture);
    }
}

static void every_kind_takes_its_room_and_draws(void **state)
{
    unsigned char bits[8 * 8];
    memset(bits, 0xFF, sizeof bits);
    struct paper_item items[] = {
        {.kind = PAPER_BOX_BEGIN, .size_mm100 = 200, .bold = true},
        {.kind = PAPER_PAIR, .size_mm100 = BODY, .label = "事项", .text = "临时救助"},
        {.kind = PAPER_BOX_END},
        {.kind = PAPER_TICK, .size_mm100 = BODY, .text = "身份证"},
        {.kind = PAPER_RULE},
        {.kind = PAPER_RULE, .size_mm100 = BODY, .text = "从这里撕开"},
        {.kind = PAPER_IMAGE, .bits = bits, .width = 64, .height = 8, .align = PAPER_RIGHT},
    };
    struct picture all = render(*state, items, 7, NULL);
    int height = all.height;
    picture_free(&all);
    for (size_t leave = 3; leave < 7; leave++) {
        struct paper_item some[7];
        size_t count = 0;
        for (size_t i = 0; i < 7; i++)
            if (i != leave)
                some[count++] = items[i];
        struct picture picture = render(*state, some, count, NULL);
        assert_true(picture.height < height);
        picture_free(&picture);
    }
}

static void broken_documents_are_refused(void **state)
{
    struct paper_item open_box = {.kind = PAPER_BOX_BEGIN}, lone_end = {.kind = PAPER_BOX_END};
    struct paper_item endless = {.kind = PAPER_GAP, .size_mm100 = 300000};
    struct paper_item wide = {
        .kind = PAPER_IMAGE, .bits = (const unsigned char *)"", .width = 700, .height = 1};
    const struct paper_item *const BAD[] = {&open_box, &lone_end, &endless, &wide};
    for (size_t i = 0; i < 4; i++) {
        struct paper_output out;
        assert_int_not_equal(try_render(*state, BAD[i], 1, "zh", &out), ERR_OK);
        output_free(&out);
    }
}

static void the_pdf_has_the_same_page(void **state)
{
    struct paper_item item = {.kind = PAPER_TEXT, .size_mm100 = BODY, .text = "收件回执"};
    struct paper_output out;
    assert_int_equal(try_render(*state, &item, 1, "zh", &out), ERR_OK);
    assert_int_equal(strncmp(out.pdf.data, "%PDF-", 5), 0);
    struct picture picture;
    assert_true(picture_from_pwg(out.pwg.data, out.pwg.length, &picture));
    char box[64];
    (void)snprintf(box, sizeof box, "/MediaBox [ 0 0 %d %d ]", picture.points_wide,
                   picture.points_high);
    assert_non_null(memmem(out.pdf.data, out.pdf.length, box, strlen(box)));
    picture_free(&picture);
    output_free(&out);
}

static void korean_breaks_between_words(void **state)
{
    // Would end inside the second word; with the rule it moves down whole, so more white on line 1.
    struct paper_item item = {
        .kind = PAPER_TEXT, .size_mm100 = 900, .text = "가나다라마바 사아자차카타파하"};
    struct paper_output korean, chinese;
    assert_int_equal(try_render(*state, &item, 1, "ko", &korean), ERR_OK);
    assert_int_equal(try_render(*state, &item, 1, "zh", &chinese), ERR_OK);
    assert_true(korean.pwg.length != chinese.pwg.length ||
                memcmp(korean.pwg.data, chinese.pwg.data, korean.pwg.length) != 0);
    output_free(&korean);
    output_free(&chinese);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paper_is_80_mm_at_203_dpi_and_whole_points_long),
        cmocka_unit_test(nothing_is_printed_outside_the_72_mm),
        cmocka_unit_test(a_qr_code_reads_back_and_its_modules_are_five_dots),
        cmocka_unit_test(the_screen_gets_the_same_modules),
        cmocka_unit_test(a_text_too_long_for_version_12_is_refused),
        cmocka_unit_test(what_a_resident_typed_prints_inertly),
        cmocka_unit_test(markup_is_text),
        cmocka_unit_test(a_flood_of_marks_stays_in_its_own_block),
        cmocka_unit_test(a_character_without_a_glyph_is_a_box_and_is_reported),
        cmocka_unit_test(rare_characters_of_names_are_there),
        cmocka_unit_test(every_kind_takes_its_room_and_draws),
        cmocka_unit_test(broken_documents_are_refused),
        cmocka_unit_test(the_pdf_has_the_same_page),
        cmocka_unit_test(korean_breaks_between_words),
    };
    return cmocka_run_group_tests_name("paper", tests, open_paper, close_paper);
}
