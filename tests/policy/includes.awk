# SPDX-License-Identifier: GPL-3.0-or-later
# Who may include whom. A file's place is its floor and module; an include's place is that of the header.

BEGIN {
    # Inside app: what each module may know, beside base and port (closed over the chain
    # audit, content, xml <- xpath <- form <- record <- weave; record <- case <- receipt, outbox <- sync).
    may["audit"] = ""
    may["content"] = ""
    may["xml"] = ""
    may["xpath"] = "xml"
    may["form"] = "xml xpath"
    may["record"] = "xml xpath form"
    may["weave"] = "xml xpath form record content"
    may["case"] = "audit content xml form record"
    may["receipt"] = "audit content case"
    may["outbox"] = "audit content xml form record case"
    may["sync"] = "audit content xml form record case outbox"
    may["staff"] = "audit"
    may["session"] = "audit content xml form record weave case receipt outbox sync staff"
    may["district"] = "audit content xml form record weave case"
    may["update"] = "content"
    # The store worker's requests include logging in, so the outbox asks staff.
    may["outbox"] = may["outbox"] " staff"
    may["ui"] = "content form record session audit case receipt outbox sync staff"
}

function place(path) {
    if (path ~ /^include\/yimen\//)
        sub(/^include\/yimen\//, "", path)
    else if (path ~ /^app\//)
        sub(/^app\//, "", path)
    else if (path ~ /^ui\//)
        return "ui"
    else if (path ~ /^drivers\//) {
        sub(/^drivers\//, "", path)
        sub(/\/.*/, "", path)
        return "driver:" path
    }
    sub(/\/.*/, "", path)
    return path
}

function word_in(word, list) {
    return (" " list " ") ~ (" " word " ")
}

function allowed(from, to,   driver) {
    if (to == "base" || from == to)
        return 1
    if (from == "base")
        return 0
    if (to == "port")
        return 1
    if (from == "port")
        return 0
    if (from == "main")
        return 1
    if (from ~ /^driver/)
        return to == "driver"
    if (from == "driver")
        return 0
    return word_in(to, may[from])
}

FNR == 1 { from = place(FILENAME) }

/^#include "/ {
    header = $2
    gsub(/"/, "", header)
    if (header ~ /^yimen\//) {
        sub(/^yimen\//, "", header)
        to = header
        sub(/\/.*/, "", to)
    } else
        next # a private header beside its file
    if (!allowed(from, to))
        print FILENAME ":" FNR ": " from " may not know " to
}
