#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What `cmake --install` puts somewhere stands by itself: moved to another place, and with sources and build out of
# reach, it says its version, reads a form, provisions a counter and opens the kiosk's window.
#   installed.sh BUILD SOURCE
# Exit code 77: this machine lets nobody hide a folder from a program.
set -euo pipefail
build=$1 source=$2
unshare --user --map-root-user --mount true 2>/dev/null || { echo "SKIPPED: no mount namespace of one's own here"; exit 77; }

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cmake --install "$build" --prefix "$folder/staged" >/dev/null
mv "$folder/staged" "$folder/moved"

export folder source
unshare --user --map-root-user --mount bash -euo pipefail <<'AWAY'
mount -t tmpfs none "$source"
[ ! -e "$source/assets" ]
cd "$folder"
for program in yimen-kiosk yimen-district yimenctl; do
    [[ $("moved/bin/$program" --version) == "$program "* ]]
done
moved/bin/yimenctl form check moved/share/yimen/forms/urgent_relief.xml
moved/bin/yimenctl provision --demo demo
SDL_VIDEODRIVER=dummy SDL_AUDIODRIVER=dummy ASAN_OPTIONS=detect_leaks=0 \
    moved/bin/yimen-kiosk --kiosk demo/kiosk --width 1080 --height 1920 --printer sim --seconds 1 \
    --latency-file latencies 2>kiosk.log || { cat kiosk.log; exit 1; }
! grep -E 'ERROR|look|theme' kiosk.log
AWAY
