#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# yimenctl doctor on a kiosk's folder that is broken in one way after another: it says what, and what mends it.
#   doctor.sh YIMENCTL
set -euo pipefail
yimenctl=$1
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
"$yimenctl" provision --demo "$folder/made" >"$folder/provision" 2>&1 || { cat "$folder/provision"; exit 1; }
kiosk=$folder/made/kiosk

fail() {
    echo "$1" >&2
    exit 1
}

says() { # exit code, text...
    local expected=$1 code=0 out
    shift
    out=$("$yimenctl" doctor --kiosk "$kiosk" 2>&1) || code=$?
    [ "$code" = "$expected" ] || fail "exit code $code instead of $expected: $out"
    for text in "$@"; do
        grep -qF -- "$text" <<<"$out" || fail "\"$text\" is not in: $out"
    done
}

says 0 "What provisioning made is there and whole."

broken() { # file, code, text: first cut short, then gone
    mv "$kiosk/$1" "$folder/kept"
    printf x >"$kiosk/$1"
    chmod 600 "$kiosk/$1"
    says 1 "$2" "$1" "enroll"
    rm "$kiosk/$1"
    says 1 "$2" "$1" "enroll"
    mv "$folder/kept" "$kiosk/$1"
}
broken keys/signing.secret KEYS-BROKEN
broken keys/root.secret KEYS-BROKEN
broken keys/sealing.pem SEALING-KEY
broken data/kiosk.db STORE-

# Two halves that are no pair.
cp -p "$kiosk/keys/signing.secret" "$folder/kept"
head -c 64 /dev/urandom >"$kiosk/keys/signing.secret"
says 1 "KEYS-BROKEN" "keys/signing.secret is no signing key"
mv "$folder/kept" "$kiosk/keys/signing.secret"

# Of a demo modes are said and do not close it; the exit code is not that of a whole one.
chmod 644 "$kiosk/keys/root.secret"
says 3 "KEYS-OPEN" "(a demo opens with it)" "chmod 600"
chmod 600 "$kiosk/keys/root.secret"

# What anybody may read is not asked to be hidden.
chmod 666 "$kiosk/keys/sealing.pem"
says 3 "KEYS-LOOSE" "chmod go-w"
chmod 644 "$kiosk/keys/sealing.pem"

# Nothing was made or mended by looking. What the district has not set yet is said, and is no fault.
says 0 "What provisioning made is there and whole." "TO-BE-SET" "counter 001 has no telephone yet"
code=0
"$yimenctl" doctor >/dev/null 2>&1 || code=$?
[ "$code" = 2 ] || fail "without a folder: exit code $code"
