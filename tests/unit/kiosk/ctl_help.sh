#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Every command of yimenctl says how it is called, and knows the options it says; completion and manual
# come from the same table.
#   ctl_help.sh YIMENCTL
set -euo pipefail
yimenctl=$1
export ASAN_OPTIONS=detect_leaks=0

fail() {
    echo "$1" >&2
    exit 1
}

code_of() { # command...
    local code=0
    "$@" >/dev/null 2>&1 </dev/null || code=$?
    echo "$code"
}

work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
"$yimenctl" completion >"$work/completion"
bash -n "$work/completion" || fail "the completion is no bash"
"$yimenctl" manual >"$work/manual"
count=0
while IFS= read -r line; do
    read -r -a command <<<"${line:2:25}"
    [ "${#command[@]}" -ge 1 ] || continue
    count=$((count + 1))
    help=$("$yimenctl" "${command[@]}" --help) || fail "${command[*]} --help fails"
    [[ $help == "usage: yimenctl ${command[*]}"* ]] || fail "${command[*]} --help says: $help"
    [ "$(code_of "$yimenctl" "${command[@]}" --no-such-option)" = 2 ] || fail "${command[*]}: an unknown option"
    [ "$(grep -cxF ".B ${command[0]} ${command[1]:-}" "$work/manual")" = 1 ] || fail "${command[*]} is not in the manual"
    while IFS= read -r option; do
        grep -qF -- "$option" <(grep -F "\"${command[*]}" "$work/completion") || fail "${command[*]} $option is not completed"
    done < <(grep -oE -- '--[a-z-]+' <<<"${help%%$'\n'*}" | sort -u)
done < <("$yimenctl" --help | tail -n +2)
[ "$count" -ge 40 ] || fail "only $count commands"
[ "$(code_of "$yimenctl" nonsense)" = 2 ] || fail "nonsense is a command"
[ "$(code_of "$yimenctl" district --help)" = 0 ] || fail "a group's help"
"$yimenctl" district --help | grep -q accept-audit || fail "a group's commands"
echo ok
