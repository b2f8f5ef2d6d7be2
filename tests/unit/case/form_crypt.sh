#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# yimenctl form encrypt and decrypt, checked from outside with openssl and md5sum alone.
#   form_crypt.sh YIMENCTL
set -euo pipefail
yimenctl=$1
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
cd "$work"

fail() {
    echo "$1" >&2
    exit 1
}

hex() {
    od -An -v -tx1 | tr -d ' \n'
}

unhex() {
    # shellcheck disable=SC2001 # "&" in a replacement by the shell is as new as bash 5.2
    printf '%b' "$(sed 's/../\\x&/g' <<<"$1")"
}

# The text of a manifest's element.
element() {
    sed -n "s|.*<$1>\([^<]*\)</$1>.*|\1|p" sealed/submission.xml
}

rsa_open() {
    openssl pkeyutl -decrypt -inkey private.pem -pkeyopt rsa_padding_mode:oaep \
        -pkeyopt rsa_oaep_md:sha256 -pkeyopt rsa_mgf1_md:sha256
}

openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out private.pem 2>/dev/null
openssl pkey -in private.pem -pubout -out public.pem
printf '%s' '<data xmlns:orx="http://openrosa.org/xforms" id="f" version="2"><name>张三</name><orx:meta>' \
    '<orx:instanceID>uuid:5b9cf8d1-106f-4004-844f-c072d76762ed</orx:instanceID></orx:meta></data>' >record.xml
head -c 100000 /dev/urandom >photo.jpg
: >empty.txt

"$yimenctl" form encrypt --key public.pem --out sealed record.xml photo.jpg empty.txt
if grep -rqa 张三 sealed; then fail "an answer is in clear"; fi

# Opened without our code: key, initialisation vectors, files, element signature.
key=$(element base64EncryptedKey | base64 -d | rsa_open | hex)
instance=uuid:5b9cf8d1-106f-4004-844f-c072d76762ed
seed=$( (printf '%s' "$instance"; unhex "$key") | md5sum | cut -c1-32)
lines=$(printf 'f\n2\n%s\n%s\n' "$(element base64EncryptedKey)" "$instance")
count=0
for name in photo.jpg empty.txt submission.xml; do
    at=$((count % 16 * 2))
    byte=$(printf '%02x' $(((16#${seed:at:2} + 1) % 256)))
    seed=${seed:0:at}$byte${seed:at+2}
    count=$((count + 1))
    openssl enc -d -aes-256-cfb -K "$key" -iv "$seed" -in "sealed/$name.enc" -out padded
    size=$(stat -c %s padded)
    padding=$((16#$(tail -c 1 padded | hex)))
    head -c $((size - padding)) padded >opened
    original=$name
    [ "$name" != submission.xml ] || original=record.xml
    cmp opened "$original" || fail "$name is not what was sealed"
    lines+=$'\n'$name::$(md5sum <opened | cut -c1-32)
done
signature=$(element base64EncryptedElementSignature | base64 -d | rsa_open | hex)
[ "$signature" = "$(printf '%s\n' "$lines" | md5sum | cut -c1-32)" ] || fail "element signature"

"$yimenctl" form decrypt --key private.pem sealed >/dev/null
cmp record.xml sealed/decrypted/submission.xml
cmp photo.jpg sealed/decrypted/photo.jpg
cmp empty.txt sealed/decrypted/empty.txt

# Refused: another key, a changed part, a record without an instance id.
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out other.pem 2>/dev/null
! "$yimenctl" form decrypt --key other.pem --out nowhere sealed 2>/dev/null || fail "another key opened it"
printf 'X' | dd of=sealed/photo.jpg.enc bs=1 seek=5 conv=notrunc 2>/dev/null
! "$yimenctl" form decrypt --key private.pem --out nowhere sealed 2>/dev/null || fail "a changed part passed"
[ ! -e nowhere ] || fail "something was written although it was refused"
echo '<data id="f"/>' >nameless.xml
! "$yimenctl" form encrypt --key public.pem --out no nameless.xml 2>/dev/null || fail "sealed without instance id"
echo ok
