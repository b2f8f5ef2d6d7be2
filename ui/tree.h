// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/geometry.h"
#include "ui/theme.h"
#include "yimen/base/arena.h"
#include "yimen/base/strbuf.h"
#include "yimen/session/intent.h"
#include "yimen/ui/ui.h"
#include <pango/pango.h>

/// The semantic tree: everything that is on the screen, in reading order. It is drawn, walked by
/// the keypad, touched, spoken and tested from here; there is no second source.
///
/// Life cycle: `tree_new` -> for each picture `tree_clear`, `tree_add` and parts -> read ->
/// `tree_free`. Nodes and strings live until the next clear, which zeroes them. UI thread.

enum role {
    ROLE_TEXT,
    ROLE_HEADING,
    ROLE_PANEL, ///< a card, a bar: only a ground for others
    ROLE_BUTTON,
    ROLE_RADIO,
    ROLE_CHECK,
    ROLE_FIELD,
    ROLE_KEY,
    ROLE_IMAGE,
    ROLE_PROGRESS,
    ROLE_PAD, ///< the signing area
    ROLE_COUNT
};

enum node_state {
    STATE_CHOSEN = 1,   ///< radio, check
    STATE_ACTIVE = 2,   ///< the field that the keyboard writes to
    STATE_INVALID = 4,  ///< something is missing or wrong
    STATE_PRESSED = 8,  ///< a finger is on it
    STATE_FOCUSED = 16, ///< the keypad is on it
    STATE_AWAY = 32,    ///< on another page of this screen
    STATE_INERT = 64,   ///< behind an overlay
};

/// What touching a node does.
enum act {
    ACT_NONE,
    ACT_INTENT,     ///< send `intent` with number, ref, text
    ACT_PAGE,       ///< turn `number` pages
    ACT_FIELD,      ///< write into the field `ref`
    ACT_KEY,        ///< type `text`
    ACT_CANDIDATE,  ///< choose pinyin candidate `number`
    ACT_CANDIDATES, ///< list all candidates, turn their page by `number`; 0: the keys again
    ACT_PENDING,    ///< letters that are no characters yet: enum letters `number`
    ACT_LAYER,      ///< keyboard layer `number`
    ACT_LETTERS,    ///< of a document's number: letters are to be typed, or digits alone
    ACT_TYPED,      ///< put the keyboard away
    ACT_CLEAR_STROKES,
    ACT_BRAND, ///< the hidden gesture
    ACT_DRAW,  ///< the signing area takes the finger
};

struct action {
    enum act act;
    enum intent_kind intent;
    int number;
    const char *ref, *text; ///< NULL: ""
};

enum part_kind { PART_TEXT, PART_ICON, PART_FILL, PART_QR, PART_STROKES };

/// What is drawn inside a node, in order.
struct part {
    enum part_kind kind;
    struct box box;
    enum colour colour;
    int em_px;           ///< text
    int radius;          ///< fill
    PangoLayout *layout; ///< text
    const char *icon;    ///< icons/<icon>.svg
    const struct ui_qr *qr;
    const struct stroke_point *strokes;
    size_t stroke_count;
    double px_per_unit; ///< strokes
    struct part *next;
};

struct node {
    enum role role;
    const char *id, *name, *value; ///< never NULL
    unsigned state;
    struct box box;
    int page; ///< of a paged body; -1: not paged
    enum colour fill, line;
    int line_px, radius;
    struct action action;
    struct part *first, *last;
};

struct tree {
    struct arena *arena;
    struct node **nodes;
    size_t count, capacity;
    enum screen screen;
    enum overlay overlay;
    const char *language;
    int page, pages;
    size_t overlay_first; ///< nodes from here belong to the overlay; count when there is none
};

struct tree *tree_new(void);
void tree_free(struct tree *tree);
void tree_clear(struct tree *tree);
/// `name` is copied; the node has no frame, no action and no parts yet.
struct node *tree_add(struct tree *tree, enum role role, struct box box, const char *id,
                      const char *name);
char *tree_format(struct tree *tree, const char *format, ...) PRINTF_LIKE(2, 3);
/// Takes the layout over.
struct part *tree_text(struct tree *tree, struct node *node, PangoLayout *layout, struct box box,
                       enum colour colour);
struct part *tree_part(struct tree *tree, struct node *node, enum part_kind kind, struct box box,
                       enum colour colour);
/// Move a node with what is in it.
void tree_move(struct node *node, int dx, int dy);
/// The one that can be touched, when several have the id; NULL when there is none.
struct node *tree_find(const struct tree *tree, const char *id);
/// Can it be touched and walked to now?
bool node_is_target(const struct node *node);
/// The target at a point, the topmost first; NULL.
struct node *tree_hit(const struct tree *tree, int x, int y);
/// Equal hashes: the same picture at the same place.
uint64_t node_hash(const struct node *node);
const char *role_name(enum role role);
const char *screen_name(enum screen screen);
const char *overlay_name(enum overlay overlay);
/// The whole tree as one line of JSON.
void tree_json(const struct tree *tree, uint64_t frame, struct strbuf *out);
