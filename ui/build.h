// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/icons.h"
#include "ui/local.h"
#include "ui/theme.h"
#include "ui/tree.h"
#include "ui/type.h"

/// Lays a screen out into the tree: header, progress, a body that flows from top to bottom and is
/// cut into pages where it does not fit, a dock for keyboards, footer. Nothing is ever clipped: a
/// block that does not fit moves to the next page, a text longer than a page is split at a line.
///
/// Order of calls: `page_open` -> blocks -> optionally `dock_take` -> `page_close`.

enum { FLOW_BLOCKS = 1500 };

struct block {
    size_t first, end; ///< nodes
    int top, bottom;
    bool with_next;
    bool stretches; ///< may become higher where there is room to spare
};

/// A column that blocks are put into.
struct flow {
    struct box view; ///< where it may be seen
    int y;           ///< next free line, from the top of the content
    size_t count;
    bool open; ///< nodes added now belong to the last block
    struct block *blocks;
};

enum footer_kind { FOOTER_NONE, FOOTER_VISIT, FOOTER_STAFF };

/// How a page is framed.
struct page {
    const char *next_key;  ///< texts key of the main button, NULL: none
    const char *next_id;   ///< NULL: "next"
    enum intent_kind next; ///< what it sends
    bool next_quiet;       ///< it is not what one is here for
    int next_number;
    const char *next_text; ///< NULL: none
    const char *back_key;  ///< NULL: "common.back"
    enum intent_kind back; ///< INTENT_NONE: no button
    bool split;            ///< in landscape: text left, what is touched right
    bool plain_header;     ///< no leave, no progress (attract, staff)
};

struct build {
    struct tree *tree;
    const struct theme *theme;
    struct type *type;
    const struct ui_options *options;
    const struct view *view;
    struct local *local;
    const struct ui_qr *qr;
    const struct icons *icons;
    struct box window;
    bool landscape, no_split, side_overflows;
    bool only_active; ///< too little room beside the keys: only what is being typed
    bool leaves_out;  ///< only_active, and there is more than that
    struct page page;
    struct box footer; ///< empty when there is none
    bool is_split;
    struct flow main, side, *flow;
    bool in_overlay;
};

enum variant { VARIANT_PRIMARY, VARIANT_SECONDARY, VARIANT_URGENT, VARIANT_CHOICE, VARIANT_TOOL };

struct button {
    const char *id, *label;
    const char *sub;      ///< second line; NULL
    const char *icon;     ///< NULL
    const char *trailing; ///< icon at the end; NULL
    enum variant variant;
    enum role role; ///< ROLE_TEXT (0) means button
    bool chosen;
    bool icon_above;
    bool badge;            ///< the icon stands in a disc
    bool at_start;         ///< text starts left instead of being centred
    enum text_style style; ///< 0: STYLE_STRONG
    int icon_mm;           ///< 0: the usual size
    struct action action;
};

// texts
const char *say(const struct build *b, const char *key);
/// Pairs name, value, ..., NULL.
const char *say_with(const struct build *b, const char *key, const char *const *pairs);
const char *number_text(const struct build *b, long long number);
struct action act_send(enum intent_kind intent);
struct action act_text(enum intent_kind intent, const char *ref, const char *text);
struct action act_number(enum intent_kind intent, const char *text, int number);

// measuring
int to_px(const struct build *b, double mm);
int ui_measure(const struct build *b, enum measure measure);
PangoLayout *set_text(const struct build *b, enum text_style style, const char *text, int width,
                      enum type_align align);
void layout_size(PangoLayout *layout, int *w, int *h);
int text_height(const struct build *b, enum text_style style, const char *text, int width);

/// Is a keyboard or keypad on the screen?
bool is_typing(const struct build *b);

// page
void page_open(struct build *b, const struct page *page);
/// A page without header and footer, for screens that frame themselves.
void page_frame(struct build *b, struct box body);
void page_close(struct build *b);
/// Room for a block of this height in the current column.
struct box flow_take(struct build *b, int height);
void flow_skip(struct build *b, int height);
/// The last block may become higher where the page has room to spare.
void flow_stretch(struct build *b);
/// The last block stays on one page with the next one.
void flow_keep(struct build *b);
/// All blocks from the one with index `first` stay on one page, where they fit on one.
void flow_bind(struct build *b, size_t first);
int flow_width(const struct build *b);
/// From now on into the right (or only) column.
void flow_main(struct build *b);
/// Cut a dock of this height off the bottom of the main column (or use the whole of it when split).
struct box dock_take(struct build *b, int height);
void header_build(struct build *b, struct box *body);
/// Cut a band off the top of the body that says that this is a preview; nothing where it is none.
void preview_build(struct build *b, struct box *body);
/// Cut the footer off the bottom of the body; its buttons come last, in reading order.
void footer_reserve(struct build *b, struct box *body);
void footer_build(struct build *b);

// widgets that flow
void put_heading(struct build *b, const char *text);
void put_text(struct build *b, enum text_style style, enum colour colour, const char *text);
/// A line with an icon on a coloured ground.
void put_notice(struct build *b, const char *id, const char *icon, enum colour fill,
                enum colour ink, const char *text);
void put_button(struct build *b, const struct button *button);
void put_grid(struct build *b, const struct button *buttons, size_t count, int columns);
/// Label and value in one row.
void put_fact(struct build *b, const char *label, const char *value);

// widgets at a place
struct node *button_at(struct build *b, struct box box, const struct button *button);
int button_height(const struct build *b, const struct button *button, int width);
struct node *panel_at(struct build *b, struct box box, enum colour fill, enum colour line);
/// Adds a text node; returns its height.
int text_at(struct build *b, enum role role, const char *id, enum text_style style,
            enum colour colour, const char *text, struct box box, enum type_align align);
void icon_part(struct build *b, struct node *node, const char *icon, struct box box,
               enum colour colour);
