// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <stddef.h>

/// What may be seen of a name and an ID number by whoever finds the paper: the first character, the
/// first six digits. Pure functions.

/// "王小明" -> "王**".
void mask_name(const char *name, char out[64]);
/// "370212************"; of a short one, as a passport's is, two characters: "E1*******".
void mask_id(const char *id_number, char out[24]);
/// Full-width digits and spaces become plain, x becomes X.
void normalise_id(const char *typed, char *out, size_t room);
/// An amount, a telephone or an account: full-width becomes plain, spaces go; what else was typed
/// stays, so that it can be told what is wrong with it.
void normalise_number(const char *typed, char *out, size_t room);
/// The last four characters of a whole ID number: what its owner proves themselves with. "" when it
/// has none that can be typed.
void id_factor(const char *id_number, char out[5]);
