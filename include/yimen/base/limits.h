// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// Every maximum of the product, once, with its reason. Sizes in bytes unless said otherwise.

enum {
    LIMIT_ANSWER = 4096, ///< one typed answer: the longest reason fits, a 64 kB paste does not
    LIMIT_REF = 512,     ///< a node's positional path, "/data/member[12]/income"
    LIMIT_QUESTIONS_ON_SCREEN = 24, ///< one field list; a screen shows far fewer
    LIMIT_REPEAT_INSTANCES = 1000,  ///< a million repeats is an attack, a household is not
    LIMIT_FORM_BYTES = 16 << 20,    ///< one XForm file
    LIMIT_FORM_NODES = 200000,      ///< nodes of one form's instances
    LIMIT_FORM_DEPTH = 128,         ///< element nesting
    LIMIT_CSV_BYTES = 64 << 20,     ///< one external list
    LIMIT_LIST_CELLS = 2000000,     ///< cells of one external list: memory stays below 1 GB
    LIMIT_SUBMISSION_XML = 4 << 20, ///< the record
    LIMIT_MANIFEST = 256 << 10,     ///< manifest with seal
    LIMIT_ATTACHMENTS = 100,        ///< files of one case
    LIMIT_FILE_NAME = 64,           ///< a file of a case by its own name, and NUL
    LIMIT_PART_NAME = 68,           ///< the same, sealed: with ".enc"
    LIMIT_PART_BYTES = 8 << 20,     ///< one file of a case
    LIMIT_PAGES = 40,               ///< scanned pages of one case: 0.7 MB each in LIMIT_CASE_BYTES
    LIMIT_WHOLE_CASE = 1 << 20,     ///< sent in one request; above it, part by part
    LIMIT_PIECE_BYTES = 256 << 10,  ///< of a part in one request: what a cut costs at most
    LIMIT_CASE_BYTES = 30 << 20,    ///< all files of one case
    LIMIT_QUEUE_ROWS = 20000,       ///< unsent cases on one kiosk
    LIMIT_HTTP_BODY = 64 << 20,     ///< what the district accepts in one request
    LIMIT_HTTP_REPLY = 1 << 20,     ///< what the kiosk reads of an answer
    LIMIT_RECEIPT_NUMBER = 24,      ///< 370212 + 3 + 6 + 1 + 4 + 1 = 21 digits and NUL
    LIMIT_FORM_ID = 160,            ///< also of a form composed of several items
    LIMIT_INSTANCE_ID = 64,         ///< "uuid:" + 36 and NUL
    LIMIT_TOKEN_TEXT = 23,          ///< 128 bits as base64url (22) and NUL
    LIMIT_QR_TEXT = 204,            ///< 203 bytes (QR version 12, level Q) and NUL
    LIMIT_HOST = 58,                ///< district host with port (57) and NUL
    LIMIT_AUDIT_LINE = 512,         ///< one entry of the audit chain
    LIMIT_PRINT_ATTEMPTS = 3,       ///< automatic tries of a job that surely did not print
    LIMIT_STORE_BALLAST =
        2 << 20,          ///< file that is deleted when the disk is full, so that saving goes on
    LIMIT_PIN_DIGITS = 6, ///< of a clerk's PIN
    LIMIT_DRAFT_BYTES = 512 << 10, ///< one checkpoint of a visit, padded: ten times a long form
    LIMIT_PACK_BYTES = 256 << 20,  ///< one content pack
    LIMIT_PACK_PATH = 192,         ///< one path inside it, "forms/urgent_relief.xml", and NUL
};
