#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# yimenctl staff add, queue list, audit verify and slip make on a kiosk's folder.
#   commands.sh YIMENCTL
set -euo pipefail
yimenctl=$1
kiosk=$(mktemp -d)
trap 'rm -r "$kiosk"' EXIT
mkdir "$kiosk/keys" "$kiosk/data"
head -c 32 /dev/urandom >"$kiosk/keys/root.secret"
"$yimenctl" content key --out "$kiosk/pair" >/dev/null # the same kind of key
# shellcheck disable=SC2059
printf "$(tr -d '\n' <"$kiosk/pair.key" | sed 's/../\\x&/g')" >"$kiosk/keys/signing.secret"

fail() {
    echo "$1" >&2
    exit 1
}

refused() { # exit code, command...
    local expected=$1 code=0
    shift
    "$@" >/dev/null 2>&1 </dev/null || code=$?
    [ "$code" = "$expected" ] || fail "exit code $code instead of $expected: $*"
}

refused 1 "$yimenctl" queue list --kiosk "$kiosk"
[ ! -e "$kiosk/data/kiosk.db" ] || fail "looking made a database"
refused 2 "$yimenctl" queue list
refused 2 "$yimenctl" queue list --kiosk
refused 2 "$yimenctl" audit verify --folder "$kiosk"

"$yimenctl" staff add --kiosk "$kiosk" --number 1001 --role clerk <<<739164
refused 2 "$yimenctl" staff add --kiosk "$kiosk" --number 1002 --role clerk
! "$yimenctl" staff add --kiosk "$kiosk" --number 1002 --role clerk <<<123456 2>/dev/null || fail "weak PIN"
! "$yimenctl" staff add --kiosk "$kiosk" --number 1001 --role clerk <<<850274 2>/dev/null || fail "twice"
"$yimenctl" staff add --kiosk "$kiosk" --number 1001 --role supervisor --replace <<<850274
! grep -qa -e 739164 -e 850274 "$kiosk"/data/* || fail "a PIN is on the disk"

"$yimenctl" audit verify --kiosk "$kiosk" | grep -qE '^2 entries, head [0-9a-f]{64}$' || fail "audit verify"
"$yimenctl" audit export --kiosk "$kiosk" >"$kiosk/audit.txt" || fail "audit export"
[ "$(wc -l <"$kiosk/audit.txt")" = 3 ] || fail "two entries and the head"
grep -qE '^YIMEN-AUDIT/1 2 [0-9A-F]{64} [0-9A-F]{128}$' "$kiosk/audit.txt" || fail "the signed head"
"$yimenctl" queue list --kiosk "$kiosk" | grep -qx '0 unsent, 0 received, 0 urgent calls open' || fail "queue list"
"$yimenctl" queue list --kiosk "$kiosk" --json | grep -q '"cases": \[\]' || fail "queue list --json"

# A stock of hand slips: numbers of type 9, none twice, each of them logged. (cairo keeps 768 bytes a PDF.)
head -c 32 /dev/urandom >"$kiosk/keys/content.pub"
cat >"$kiosk/kiosk.json" <<END
{"format": 1, "profile": "demo", "counter": "001", "incarnation": 3, "device_id": "kiosk-001", "device_key_id": "key",
 "sealing_key_id": "seal", "server": "https://localhost:8443", "public_host": "localhost:8444", "printer": "sim", "openrosa_only": true}
END
export ASAN_OPTIONS=detect_leaks=0
slip=("$yimenctl" slip make --kiosk "$kiosk" --assets "$(dirname "$0")/../../../assets" --out "$kiosk/slips.pdf")
refused 2 "${slip[@]}" --count 51
"${slip[@]}" --count 3 >"$kiosk/numbers" || fail "slip make"
"${slip[@]}" --count 2 --language ko >>"$kiosk/numbers" || fail "slip make once more"
[ "$(grep -cE '^370212001[0-9]{6}93[0-9]{4}$' "$kiosk/numbers")" = 5 ] || fail "five numbers"
[ "$(sort -u "$kiosk/numbers" | wc -l)" = 5 ] || fail "a number twice"
head -c 5 "$kiosk/slips.pdf" | grep -q '%PDF-' || fail "no PDF"
"$yimenctl" audit verify --kiosk "$kiosk" | grep -qE '^7 entries, head' || fail "numbers are logged"
# More than one sheet of paper has room for: on several, all of them.
"${slip[@]}" --count 11 | wc -l | grep -qx 11 || fail "eleven slips"
[ "$(head -qc 5 "$kiosk"/slips.pdf "$kiosk"/slips-2.pdf "$kiosk"/slips-3.pdf)" = '%PDF-%PDF-%PDF-' ] || fail "three sheets"
[ ! -e "$kiosk/slips-4.pdf" ] || fail "a sheet too many"
echo ok
