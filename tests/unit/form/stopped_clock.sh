#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A form author's test says the same on every day: --now stops the clock.
#   stopped_clock.sh YIMENCTL
set -eu
job='{"id": 1, "xml": "<a/>", "xforms": false, "root": null, "ctx": null, "ns": {}, "lang": null, "tz": "Asia/Shanghai", "kind": "string", "expr": "string(today())"}'
answer=$(printf '%s\n' "$job" | "$1" form xpath --now 1795449600000)
case $answer in
    *'"2026-11-24"'*) ;;
    *) echo "at midnight in Qingdao today() is: $answer"; exit 1 ;;
esac
! printf '%s\n' "$job" | "$1" form xpath --now soon 2>/dev/null
