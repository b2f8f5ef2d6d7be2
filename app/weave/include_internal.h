// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/limits.h"
#include "yimen/weave/include.h"
#include "yimen/xml/dom.h"
#include "yimen/xml/origin_tree.h"

/// Inside the putting together of a form: the files that it is made of, the blocks that it takes
/// whole, and its tables of sentences.

#define XINCLUDE_URI "http://www.w3.org/2001/XInclude"

enum {
    INCLUDE_FILES = ORIGIN_PARTS - 1,
    INCLUDE_COUNT = 1000,
    INCLUDE_BLOCKS = 48,
    INCLUDE_TABLES = 16, ///< languages
    INCLUDE_PATH = 128
};

/// The parts of a block that a form may put where it likes.
enum block_piece { BLOCK_LISTS, BLOCK_BINDS, BLOCK_BODY, BLOCK_PIECES };

struct part {
    char path[INCLUDE_PATH];
    xmlDoc *doc;                  ///< NULL: a table
    bool is_expanding;            ///< asked for again now, it would include itself
    bool is_placed[BLOCK_PIECES]; ///< the form says itself where
};

struct whole_block {
    struct part *part;
    xmlNode *data; ///< first of its nodes in the form's data
};

struct table_wish {
    xmlNode *translation; ///< where its sentences go
    char path[INCLUDE_PATH];
};

struct expansion {
    const struct form_parts *parts;
    struct part files[INCLUDE_FILES];
    struct whole_block blocks[INCLUDE_BLOCKS];
    struct table_wish tables[INCLUDE_TABLES];
    size_t file_count, include_count, node_count, block_count, table_count;
};

// ---- include_part.c
/// A file's place among the files; NULL: too many.
struct part *include_add(struct expansion *expansion, const char *path, struct fail *why);
/// A copy of the node goes in front of `before`, and comes from where the node does.
enum err include_copy(struct expansion *expansion, xmlNode *before, xmlNode *node,
                      struct fail *why) MUST_USE;
/// What a pointer names in a document, copied in front of `before`.
enum err include_select(struct expansion *expansion, xmlNode *before, const xmlDoc *from,
                        const char *pointer, struct fail *why) MUST_USE;

// ---- include_block.c
/// The pieces of every block that was taken whole go where their data stands among the form's own.
enum err blocks_place(struct expansion *expansion, xmlDoc *form, struct fail *why) MUST_USE;

// ---- include_table.c
/// Fills the translations that asked for tables.
enum err tables_fill(struct expansion *expansion, xmlDoc *form, struct fail *why) MUST_USE;
