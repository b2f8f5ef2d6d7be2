// SPDX-License-Identifier: GPL-3.0-or-later
// What a passer-by sees: a greeting, 急难, sentences in the first person, the three doors, and the
// bar with staff, text size and languages. The greeting's picture gives way when text grows.
#include "ui/screens/screens.h"
#include "yimen/base/text.h"
#include <string.h>

enum { DOORS = 3, BAR = 6 };

static const char *const door_ids[DOORS] = {"security", "service", "growth"};
static const char *const door_icons[DOORS] = {"shield", "care", "grow"};

static size_t bar_buttons(const struct build *b, struct button *bar)
{
    const struct button buttons[BAR] = {{.id = "call",
                                         .label = say(b, "common.call"),
                                         .icon = "call",
                                         .action = act_send(INTENT_CALL)},
                                        {.id = "comfort",
                                         .label = say(b, "common.comfort"),
                                         .icon = "comfort",
                                         .action = act_send(INTENT_COMFORT)},
                                        {.id = "help",
                                         .label = say(b, "common.help"),
                                         .icon = "help",
                                         .action = act_send(INTENT_HELP)},
                                        {.id = "language.zh",
                                         .label = say(b, "language.zh"),
                                         .icon = "language-zh",
                                         .action = act_text(INTENT_LANGUAGE, NULL, "zh")},
                                        {.id = "language.en",
                                         .label = say(b, "language.en"),
                                         .icon = "language-en",
                                         .action = act_text(INTENT_LANGUAGE, NULL, "en")},
                                        {.id = "language.ko",
                                         .label = say(b, "language.ko"),
                                         .icon = "language-ko",
                                         .action = act_text(INTENT_LANGUAGE, NULL, "ko")}};
    for (size_t i = 0; i < BAR; i++) {
        bar[i] = buttons[i];
        bar[i].icon_above = true;
        bar[i].style = STYLE_SMALL;
        bar[i].variant = VARIANT_TOOL;
        bar[i].chosen = i >= 3 && text_equal(bar[i].id + 9, b->view->language);
    }
    return BAR;
}

// The bar at the bottom; returns the y where it begins.
static int put_bar(struct build *b)
{
    struct button bar[BAR];
    int margin = ui_measure(b, MEASURE_MARGIN), gap = ui_measure(b, MEASURE_GAP);
    int count = (int)bar_buttons(b, bar), row = b->window.w - 2 * margin;
    int columns = b->theme->size == TEXT_SIZE_XL && !b->landscape ? count / 2 : count;
    int width = (row - (columns - 1) * gap) / columns, height = 0;
    for (int i = 0; i < count; i++) {
        int high = button_height(b, &bar[i], width);
        height = high > height ? high : height;
    }
    int lines = count / columns, top = b->window.h - margin - lines * (height + gap) + gap;
    for (int i = 0; i < count; i++) {
        button_at(b,
                  (struct box){margin + i % columns * (width + gap),
                               top + i / columns * (height + gap), width, height},
                  &bar[i]);
    }
    return top;
}

// Returns its height.
static int put_brand(struct build *b, struct box box)
{
    int logo = ui_measure(b, MEASURE_TARGET), gap = ui_measure(b, MEASURE_GAP);
    struct node *node = tree_add(b->tree, ROLE_IMAGE, (struct box){box.x, box.y, logo, logo},
                                 "brand", say(b, "attract.brand"));
    node->action = (struct action){.act = ACT_BRAND};
    icon_part(b, node, "logo", node->box, COLOUR_ACCENT);
    int left = box.x + logo + gap, width = box.w - logo - gap, clock = width / 4;
    int name = text_height(b, STYLE_STRONG, say(b, "attract.brand"), width - clock);
    const char *counter = b->view->counter_name ? b->view->counter_name : "";
    int second = text_height(b, STYLE_SMALL, counter, width - clock);
    int y = box.y + (logo - name - second) / 2;
    y = y < box.y ? box.y : y;
    text_at(b, ROLE_TEXT, "", STYLE_STRONG, COLOUR_ACCENT_INK, say(b, "attract.brand"),
            (struct box){left, y, width - clock, 0}, ALIGN_START);
    text_at(b, ROLE_TEXT, "counter", STYLE_SMALL, COLOUR_INK_SOFT, counter,
            (struct box){left, y + name, width - clock, 0}, ALIGN_START);
    int high = text_height(b, STYLE_LEAD, b->view->clock_text, clock);
    text_at(b, ROLE_TEXT, "clock", STYLE_LEAD, COLOUR_ACCENT_INK, b->view->clock_text,
            (struct box){left + width - clock, box.y + (logo - high) / 2, clock, 0}, ALIGN_END);
    return y + name + second - box.y > logo ? y + name + second - box.y : logo;
}

// Brand, greeting, picture; returns its height. `room`: how high it may become.
static int put_hero(struct build *b, struct box box, int room)
{
    int margin = ui_measure(b, MEASURE_MARGIN), inner = box.w - 2 * margin;
    bool calm = b->theme->contrast == CONTRAST_DEFAULT;
    struct node *sky = panel_at(b, box, calm ? COLOUR_TINT : COLOUR_BACKGROUND, COLOUR_NONE);
    sky->radius = 0;
    int y = box.y + margin / 2;
    y += put_brand(b, (struct box){box.x + margin, y, inner, 0}) + margin * 2 / 3;
    y += text_at(b, ROLE_HEADING, "title", STYLE_DISPLAY, COLOUR_INK, say(b, "attract.title"),
                 (struct box){box.x + margin, y, inner, 0}, ALIGN_START);
    if (!b->landscape || b->theme->size < TEXT_SIZE_XL) {
        y += text_at(b, ROLE_TEXT, "", STYLE_BODY, COLOUR_INK, say(b, "attract.text"),
                     (struct box){box.x + margin, y, inner, 0}, ALIGN_START);
    }
    y += margin / 2;
    int picture = room - (y - box.y);
    int most = b->landscape ? box.w * 9 / 16 : box.w * 12 / 32;
    picture = picture > most ? most : picture;
    if (calm && picture >= box.w / 8) {
        icon_part(b, sky, "landscape", (struct box){box.x, y, box.w, picture}, COLOUR_ACCENT);
        y += picture;
    }
    sky->box.h = y - box.y;
    return sky->box.h;
}

static int put_urgent(struct build *b, struct box box)
{
    struct button urgent = {.id = "urgent",
                            .label = say(b, "attract.urgent"),
                            .sub = say(b, "attract.urgent.text"),
                            .icon = "urgent",
                            .icon_mm = 15,
                            .trailing = "next",
                            .at_start = true,
                            .variant = VARIANT_URGENT,
                            .style = STYLE_TITLE,
                            .action = act_send(INTENT_URGENT)};
    box.h = button_height(b, &urgent, box.w) + to_px(b, 3);
    button_at(b, box, &urgent);
    return box.h;
}

// The first sentence that leads to a service is named after it, the others get a number.
static const char *sentence_id(const struct build *b, const struct first_person *sentence,
                               size_t index)
{
    int same = 1;
    for (size_t i = 0; i < index; i++) {
        same += text_equal(catalogue_first_person_at(b->view->catalogue, i)->service,
                           sentence->service);
    }
    return same == 1 ? tree_format(b->tree, "service.%s", sentence->service)
                     : tree_format(b->tree, "service.%s.%d", sentence->service, same);
}

// "first-person.medical" has the icon said-medical, where there is one.
static const char *sentence_icon(const struct build *b, const struct first_person *sentence)
{
    const char *dot = strrchr(sentence->text, '.');
    const char *icon = tree_format(b->tree, "said-%s", dot ? dot + 1 : "");
    return icons_has(b->icons, icon) ? icon : "speak";
}

static void put_sentences(struct build *b)
{
    struct button buttons[CATALOGUE_FIRST_PERSON];
    const struct catalogue *catalogue = b->view->catalogue;
    size_t count = catalogue ? catalogue_first_person_count(catalogue) : 0;
    for (size_t i = 0; i < count; i++) {
        const struct first_person *sentence = catalogue_first_person_at(catalogue, i);
        buttons[i] = (struct button){.id = sentence_id(b, sentence, i),
                                     .label = say(b, sentence->text),
                                     .icon = sentence_icon(b, sentence),
                                     .badge = true,
                                     .at_start = true,
                                     .variant = VARIANT_CHOICE,
                                     .action = act_text(INTENT_SERVICE, NULL, sentence->service)};
    }
    put_grid(b, buttons, count, b->theme->size <= TEXT_SIZE_M ? 2 : 1);
}

static bool door_has_service(const struct build *b, const char *door)
{
    const struct catalogue *catalogue = b->view->catalogue;
    for (size_t i = 0; catalogue && i < catalogue_service_count(catalogue); i++) {
        if (text_equal(catalogue_service_at(catalogue, i)->door, door)) {
            return true;
        }
    }
    return false;
}

// In one row where the text is small enough; then their names say enough.
static void put_doors(struct build *b)
{
    struct button buttons[DOORS];
    size_t count = 0;
    bool row = b->theme->size <= TEXT_SIZE_M;
    for (size_t i = 0; i < DOORS; i++) {
        if (door_has_service(b, door_ids[i])) {
            buttons[count++] = (struct button){
                .id = tree_format(b->tree, "door.%s", door_ids[i]),
                .label = say(b, tree_format(b->tree, "door.%s", door_ids[i])),
                .sub = row ? NULL : say(b, tree_format(b->tree, "door.%s.text", door_ids[i])),
                .icon = door_icons[i],
                .badge = true,
                .trailing = row ? NULL : "next",
                .at_start = true,
                .style = row ? STYLE_STRONG : STYLE_LEAD,
                .variant = VARIANT_CHOICE,
                .action = act_text(INTENT_DOOR, NULL, door_ids[i])};
        }
    }
    if (count) {
        put_text(b, STYLE_STRONG, COLOUR_INK_SOFT, say(b, "attract.doors"));
        flow_keep(b);
        put_grid(b, buttons, count, row ? DOORS : 1);
    }
}

static void put_body(struct build *b, struct box body)
{
    page_frame(b, body);
    if (b->view->notice_key) {
        put_notice(b, "notice", "attention", COLOUR_NOTICE, COLOUR_ON_NOTICE,
                   say(b, b->view->notice_key));
    }
    put_sentences(b);
    put_choosing(b);
    put_doors(b);
    page_close(b);
}

// What a sheet lies over: its own tools would lie under that, so they stand in a header, and the
// brand below it.
static void put_behind(struct build *b, int hero_width)
{
    struct box body = b->window;
    b->page = (struct page){.plain_header = true};
    header_build(b, &body);
    (void)put_hero(b, (struct box){0, body.y, hero_width, 0}, body.h * 2 / 5);
}

void screen_attract(struct build *b)
{
    int margin = ui_measure(b, MEASURE_MARGIN), gap = ui_measure(b, MEASURE_GAP) * 3 / 2;
    int left = b->window.w * 42 / 100;
    if (b->view->overlay != OVERLAY_NONE) {
        put_behind(b, b->landscape ? left : b->window.w);
        return;
    }
    if (b->landscape) {
        int urgent = ui_measure(b, MEASURE_TARGET) * 2;
        int bar_room = ui_measure(b, MEASURE_TARGET) * 2;
        int hero =
            put_hero(b, (struct box){0, 0, left, 0}, b->window.h - bar_room - urgent - 3 * gap);
        put_urgent(b, (struct box){margin, hero + gap, left - 2 * margin, 0});
        int bar = put_bar(b);
        put_body(b, (struct box){left + margin, margin, b->window.w - left - 2 * margin,
                                 bar - gap - margin});
        return;
    }
    static const int shares[] = {42, 32, 32, 24}; // the larger the text, the smaller the picture
    int share =
        shares[b->theme->size] - (b->view->notice_key ? 9 : 0); // all on one page, if it can
    int room = b->window.h * share / 100;
    int hero = put_hero(b, (struct box){0, 0, b->window.w, 0}, room);
    int urgent = put_urgent(b, (struct box){margin, hero + gap, b->window.w - 2 * margin, 0});
    int top = hero + urgent + 2 * gap, bar = put_bar(b);
    put_body(b, (struct box){margin, top, b->window.w - 2 * margin, bar - gap - top});
}
