// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/strbuf.h"

/// A district's sealing key for tests: made once in a process, because making one costs a fraction
/// of a second and no test looks at how it is made. Appends the PEM texts; both may be kept apart
/// and freed as if they had just been made.
void sealing_key_copy(struct strbuf *private_key, struct strbuf *public_key);
