// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <stdbool.h>

enum { OWNER_FACTOR = 5 }; ///< four characters and NUL

/// By which document an applicant says who they are, and what the owner of a case proves
/// themselves with afterwards. Pure functions.

/// Kept in the record by its name, beside the number and how it was come by.
enum document {
    DOCUMENT_RESIDENT,  ///< "resident": resident identity card, 18 characters
    DOCUMENT_HMT,       ///< "hmt": residence permit of Hong Kong, Macao and Taiwan residents
    DOCUMENT_FOREIGNER, ///< "foreigner": permanent residence, 3 letters + 12 digits or 9 + 17
    DOCUMENT_PASSPORT,  ///< "passport"
    DOCUMENT_NONE,      ///< "none": not at hand; staff makes sure in another way
    DOCUMENT_COUNT
};
const char *document_name(enum document document);
bool document_find(const char *name, enum document *out);
/// Its numbers may hold letters anywhere, not only an X at the end.
bool document_has_letters(enum document document);

/// What the second factor of a case is made of.
enum factor_kind {
    FACTOR_NONE,   ///< neither number nor telephone, and no digits were chosen
    FACTOR_NUMBER, ///< last four of the document's number
    FACTOR_PHONE,  ///< last four of the telephone
    FACTOR_CHOSEN, ///< four digits the owner chose
    FACTOR_KINDS
};
/// The first of the three that there is; the kiosk that saves and the district that opens say the
/// same. A number whose last four cannot be typed on digit keys (a passport's may be letters)
/// counts as none. `chosen` may be "".
enum factor_kind owner_factor(const char *number, const char *phone, const char *chosen,
                              char out[OWNER_FACTOR]);
