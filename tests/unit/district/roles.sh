#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Each role of the back office runs with its own keys alone: the private sealing key is the opener's, and no process that
# listens, nor the desk, needs it; the opener needs none of theirs.
#   roles.sh yimenctl yimen-district
set -euo pipefail
yimenctl=$1 program=$2 assets=$(cd "$(dirname "$0")/../../.." && pwd)/assets
folder=$(mktemp -d)
running=
trap '[ -z "$running" ] || kill "$running" 2>/dev/null || true; rm -rf "$folder"' EXIT
fail() {
    echo "roles: $*" >&2
    cat "$folder/log" >&2 2>/dev/null || true
    exit 1
}
keys=$folder/demo/district/keys
"$yimenctl" provision --demo "$folder/demo" --assets "$assets" >/dev/null 2>"$folder/log" || fail "provision"
sed -i 's/"\(device\|public\)_port": [0-9]*/"\1_port": 0/' "$folder/demo/district/district.json"

# Runs a role until it says that it is ready.
runs() {
    mkfifo "$folder/says"
    "$program" --dir "$folder/demo/district" --role "$1" 2>"$folder/says" &
    running=$!
    local ready=
    while read -r line; do
        echo "$line" >>"$folder/log"
        case $line in *" listening "*) ready=yes && break ;; esac
    done <"$folder/says"
    rm "$folder/says"
    [ -n "$ready" ] || fail "$1 does not run"
    kill -TERM "$running"
    wait "$running" 2>/dev/null || true
    running=
}
ends() {
    if "$program" --dir "$folder/demo/district" --role "$1" 2>"$folder/log"; then fail "$1 ran"; fi
    grep -q -- "$2" "$folder/log" || fail "$1 does not say $2"
}

mkdir "$folder/elsewhere"
mv "$keys/sealing.key" "$folder/elsewhere/"
for role in ingest public owner; do runs "$role"; done
"$yimenctl" district list --district "$folder/demo/district" >/dev/null || fail "the desk lists"
ends opener "sealing.key"
ends all "sealing.key"
mv "$folder/elsewhere/sealing.key" "$keys/"

for key in ca.key district.key server.key; do mv "$keys/$key" "$folder/elsewhere/"; done
runs opener
ends ingest "key"
ends desk "usage"

mv "$folder/elsewhere/"*.key "$keys/"
# The role that only reads waits for a store that is missing, or older, and goes on when it is there.
waits() {
    local ready='' waited=
    : >"$folder/log"
    mkfifo "$folder/says"
    "$program" --dir "$folder/demo/district" --role public 2>"$folder/says" &
    running=$!
    while read -r line; do
        echo "$line" >>"$folder/log"
        case $line in
        *" store-not-ready "*) [ -n "$waited" ] || "$@" && waited=yes ;;
        *" listening "*) ready=yes && break ;;
        esac
    done <"$folder/says"
    rm "$folder/says"
    [ -n "$ready" ] || fail "public does not wait"
    grep -q store-not-ready "$folder/log" || fail "public found a store"
    kill -TERM "$running"
    wait "$running" || fail "public does not end well"
    running=
}
version() {
    python3 - "$folder/demo/district/district.db" "$1" <<'END'
import sqlite3
import sys
store = sqlite3.connect(sys.argv[1])
known = store.execute("PRAGMA user_version").fetchone()[0]
store.execute(f"PRAGMA user_version = {known + int(sys.argv[2])}")
END
}
version -1
waits version 1
mv "$folder/demo/district/district.db" "$folder/elsewhere/"
waits mv "$folder/elsewhere/district.db" "$folder/demo/district/"
