# SPDX-License-Identifier: GPL-3.0-or-later
# Who calls whom. A ring: files of one module that call each other round. Usage:
#   awk -f calls.awk tests/policy/rings pass=1 FILES pass=2 FILES
# `rings` lists the modules that still have a ring of more than three files, and how many it has: a longer one is told,
# and a shorter one too, so that the list only shrinks. Inside app/session calls and includes only go down its floors.

BEGIN {
    most = 3
    rank["room"] = 0; rank["finding"] = 1; rank["visit"] = 2; rank["comeback"] = 3; rank["desk"] = 4; rank[""] = 5
}

function module(path,    parts) {
    split(path, parts, "/")
    return parts[1] == "ui" ? "ui" : parts[1] "/" parts[2]
}

# The floor of a file of app/session; "" above all.
function floor_of(path) {
    sub(/^app\/session\//, "", path)
    return path ~ /\// ? substr(path, 1, index(path, "/") - 1) : ""
}

FILENAME ~ /policy\/rings$/ {
    if ($0 !~ /^#/ && NF >= 2)
        allowed[$1] = $2
    next
}

FNR == 1 { pending = ""; if (pass == 1 && !(FILENAME in seen)) { seen[FILENAME] = 1; order[++files] = FILENAME } }

pass == 1 {
    if ($0 == "{" && pending != "") {
        if (pending in def && def[pending] != FILENAME)
            twice[pending] = 1
        def[pending] = FILENAME
        pending = ""
    } else if ($0 ~ /^[A-Za-z_].*\(/) {
        name = $0
        sub(/\(.*/, "", name)
        sub(/.*[^A-Za-z_0-9]/, "", name)
        if ($0 ~ /^static/) {
            own[FILENAME, name] = 1
            pending = ""
        } else {
            pending = name
        }
    } else if ($0 ~ /^[A-Za-z_#}]/ || $0 ~ /;$/) {
        pending = ""
    }
    next
}

function goes_up(to) {
    return rank[floor_of(to)] > rank[floor_of(FILENAME)]
}

/^#include "/ && FILENAME ~ /^app\/session\// {
    header = $2
    gsub(/"/, "", header)
    sub(/^\.\.\//, "", header)
    if (header ~ /\// && header !~ /^yimen/ && goes_up("app/session/" header))
        print FILENAME ":" FNR ": includes " header ", which lies above"
}

{
    line = $0
    gsub(/"([^"\\]|\\.)*"/, "", line)
    sub(/\/\/.*/, "", line)
    gsub(/(struct|enum|union) [A-Za-z_0-9]+/, "", line)
    gsub(/(->|\.)[A-Za-z_0-9]+/, "", line)
    while (match(line, /[A-Za-z_][A-Za-z_0-9]*/)) {
        name = substr(line, RSTART, RLENGTH)
        line = substr(line, RSTART + RLENGTH)
        if (!(name in def) || name in twice || def[name] == FILENAME || (FILENAME, name) in own)
            continue
        to = def[name]
        if (module(to) != module(FILENAME) || line ~ /^ *(=[^=]|;|\[)/)
            continue
        if (!((FILENAME, to) in edge)) {
            edge[FILENAME, to] = name
            out[FILENAME] = out[FILENAME] " " to
        }
        if (module(to) == "app/session" && goes_up(to))
            print FILENAME ":" FNR ": calls " name " of " to ", which lies above"
    }
}

# Everything that can be reached from this file.
function reach(from,    stack, top, at, next_ones, count, i) {
    top = 1
    stack[1] = from
    while (top > 0) {
        at = stack[top--]
        count = split(out[at], next_ones, " ")
        for (i = 1; i <= count; i++)
            if (!((from, next_ones[i]) in reached)) {
                reached[from, next_ones[i]] = 1
                stack[++top] = next_ones[i]
            }
    }
}

END {
    for (i = 1; i <= files; i++)
        reach(order[i])
    for (i = 1; i <= files; i++) {
        a = order[i]
        if (a in told)
            continue
        count = 1
        ring = a
        for (j = i + 1; j <= files; j++) {
            b = order[j]
            if ((a, b) in reached && (b, a) in reached) {
                count++
                ring = ring " " b
                told[b] = 1
            }
        }
        if (count > largest[module(a)]) {
            largest[module(a)] = count
            which[module(a)] = ring
        }
    }
    for (m in largest) {
        limit = m in allowed ? allowed[m] : most
        if (largest[m] > limit)
            print m ": a ring of " largest[m] " files, " limit " are allowed: " which[m]
        else if (m in allowed && (largest[m] < limit || limit <= most))
            print m ": tests/policy/rings may say " largest[m] ", or nothing"
    }
}
