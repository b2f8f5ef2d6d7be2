# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
# How a rule is looked at: a command that prints what breaks it, and the lines of tests/policy/exceptions that may stay.
# shellcheck disable=SC2034 # the one who reads this file ends with it
status=0

check() { # name, command...
    local name=$1 found
    shift
    found=$("$@" | grep -vFf <(sed -n "s/^$name  *\([^ ]*\).*/\1/p" tests/policy/exceptions) || true)
    if [ -n "$found" ]; then
        printf 'policy %s:\n%s\n' "$name" "$found"
        status=1
    else
        echo "policy $name: ok"
    fi
}

# Files of the checkout, also those that no commit has yet.
tracked() { # patterns...
    git ls-files --cached --others --exclude-standard -- "$@" | sort -u |
        while read -r file; do [ -f "$file" ] && echo "$file"; done
}

# What changed since main, with what no commit has yet; in CI everything. For the checks that are slow.
changed() { # patterns...
    [ "${CI:-}" != true ] || { tracked "$@"; return; }
    local base
    base=$(git merge-base HEAD main 2>/dev/null || git rev-parse HEAD)
    # On main itself: what the last commit brought.
    [ "$base" != "$(git rev-parse HEAD)" ] || base=$(git rev-parse -q --verify HEAD~ || echo "$base")
    { git diff --name-only "$base" -- "$@"; git ls-files --others --exclude-standard -- "$@"; } | sort -u |
        while read -r file; do [ -f "$file" ] && echo "$file"; done
}

# Those among the files named on standard input that such a program reads, by their first line.
begins_with() { # program: an extended expression
    # shellcheck disable=SC2016 # awk's own $0
    xargs -r awk -v program="^#! */.*[ /](env )?($1)( |$)" 'FNR == 1 { if ($0 ~ program) print FILENAME; nextfile }'
}
