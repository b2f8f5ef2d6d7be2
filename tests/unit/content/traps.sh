#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Every shipped form, as its author would check it: no list that must be answered and has no true answer for somebody,
# no number that does not fit or has a sign for nothing, nothing demanded that cannot be asked.
#   traps.sh YIMENCTL
set -eu
failed=0
for form in assets/forms/*.xml; do
    told=$("$1" form check --lists assets/divisions "$form" 2>&1) || { echo "$form: $told"; failed=1; }
    if traps=$(grep -E 'no choice is true|cannot hold a telephone|is not demanded there|less than nothing' <<<"$told"); then
        echo "$traps"
        failed=1
    fi
done
exit "$failed"
