#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A virtual receipt printer (ippeveprinter) behind a print system of its own (cupsd), on free loopback ports; for the
# demo and the tests. Nothing of it touches the system's printers, and nothing outlives `stop`.
#   printer_rig.sh start FOLDER             prints two lines: direct address, address of the queue in the print system
#   printer_rig.sh stop FOLDER              as often as you like
#   printer_rig.sh paper-out|refill FOLDER  takes the roll out, puts it in
#   printer_rig.sh cover-open|cover-close FOLDER   matters while printing
#   printer_rig.sh offline|online FOLDER    pulls the plug of the printer (what it was doing is lost), puts it in
#   printer_rig.sh slow FOLDER SECONDS      each receipt takes so long from now on
#   printer_rig.sh cups-stop|cups-start FOLDER     the print system itself
#   printer_rig.sh pages FOLDER             how many receipts came out; they are FOLDER/paper/001.pwg, ...
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
action=${1:?what to do}
folder=${2:?which folder}
export LC_ALL=C.UTF-8 PATH="$PATH:/usr/sbin:/sbin"

say_why() {
    echo "printer rig: $*" >&2
    exit 1
}

wait_until() { # tenths of a second, command...
    local tries=$1
    shift
    while ! "$@" >/dev/null 2>&1; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || return 1
        sleep 0.1
    done
}

# A process of ours: its id is in FOLDER/NAME.pid, with the time it started, so that no stranger is ever ended.
started_at() { awk '{ sub(/.*\) /, ""); if ($1 != "Z") print $20 }' "/proc/$1/stat" 2>/dev/null; }

launch() { # name, command...
    local name=$1
    shift
    setsid "$@" </dev/null >>"$folder/$name.log" 2>&1 &
    echo "$! $(started_at $!)" >"$folder/$name.pid"
}

alive() { # name
    local id born
    [ -f "$folder/$1.pid" ] || return 1
    read -r id born <"$folder/$1.pid"
    [ -n "$born" ] && [ "$(started_at "$id")" = "$born" ]
}

gone() { ! alive "$1"; }

end() { # name, signal
    local id born
    alive "$1" || { rm -f "$folder/$1.pid"; return 0; }
    read -r id born <"$folder/$1.pid"
    # The whole session: a backend that is waiting, a command that is printing.
    kill "-$2" -- "-$id" 2>/dev/null || kill "-$2" "$id" 2>/dev/null || true
    if ! wait_until 30 gone "$1"; then
        kill -KILL -- "-$id" 2>/dev/null || true
        wait_until 30 gone "$1" || true
    fi
    rm -f "$folder/$1.pid"
}

free_ports() {
    python3 - <<'PYTHON'
import socket
held = []
for _ in range(2):
    for _ in range(50):
        a = socket.socket(); a.bind(("127.0.0.1", 0)); held.append(a)
        b = socket.socket(socket.AF_INET6)
        held.append(b)
        try:
            b.bind(("::1", a.getsockname()[1]))
        except OSError:
            continue
        break
    print(a.getsockname()[1])
PYTHON
}

# -- the printer -------------------------------------------------------------------------------------------------------

printer_answers() { curl -sf -m 2 -o /dev/null "http://127.0.0.1:$(cat "$folder/printer.port")/"; }

printer_start() {
    DBUS_SYSTEM_BUS_ADDRESS="unix:path=$(cat "$folder/run")/bus" # it asks for one, though it announces nothing
    export DBUS_SYSTEM_BUS_ADDRESS
    launch printer ippeveprinter -r off -n localhost -p "$(cat "$folder/printer.port")" -d "$folder/spool" \
        -a "$here/printer.conf" -c "$folder/receive" "Yimen virtual printer"
    wait_until 100 printer_answers || say_why "the printer does not answer: $(tail -3 "$folder/printer.log")"
}

level() { # 0 or 100
    curl -sf -m 5 -o /dev/null "http://127.0.0.1:$(cat "$folder/printer.port")/media?size0=custom_80x200mm_80x200mm&type0=continuous&level0=$1" ||
        say_why "the printer does not take the roll"
}

job_is_canceled() {
    ipptool -q -T 3 -d "job=$IPP_JOB_ID" "ipp://127.0.0.1:$(cat "$folder/printer.port")/ipp/print" "$folder/canceled.test"
}

# What the printer does with a job: called by it with the document.
receive() {
    local document=$1 count
    if [ -f "$folder/cover-open" ]; then
        echo "STATE: +cover-open-error" >&2
        while [ -f "$folder/cover-open" ]; do sleep 0.05; done
        echo "STATE: -cover-open-error" >&2
    fi
    [ ! -f "$folder/slow" ] || sleep "$(cat "$folder/slow")"
    # A printer drops a job that was taken back before it began.
    ! job_is_canceled || exit 0
    (
        flock 9
        count=$(($(find "$folder/paper" -name '[0-9]*.pwg' | wc -l) + 1))
        cp "$document" "$folder/paper/.coming"
        mv "$folder/paper/.coming" "$folder/paper/$(printf %03d "$count").pwg"
    ) 9>"$folder/paper/.lock"
    echo "ATTR: job-impressions-completed=1" >&2
}

# -- the print system --------------------------------------------------------------------------------------------------

write_configuration() {
    local run=$1 user=lp group=lp
    if [ "$(id -u)" != 0 ]; then
        user=$(id -un) group=$(id -gn)
    fi
    cat >"$run/cups-files.conf" <<CONF
ServerRoot $run
RequestRoot $run/spool
TempDir $run/tmp
CacheDir $run/cache
StateDir $run/state
AccessLog $run/access.log
ErrorLog $run/error.log
PageLog $run/page.log
DataDir /usr/share/cups
ServerBin /usr/lib/cups
SystemGroup $(id -gn)
User $user
Group $group
Printcap
CONF
    cat >"$run/cupsd.conf" <<CONF
Listen 127.0.0.1:$(cat "$folder/cups.port")
LogLevel warn
Browsing No
WebInterface No
DefaultAuthType None
DirtyCleanInterval 0
ErrorPolicy abort-job
PreserveJobFiles No
PreserveJobHistory 86400
JobPrivateAccess all
JobPrivateValues none
MultipleOperationTimeout 20
<Location />
  Order allow,deny
  Allow from 127.0.0.1
</Location>
<Policy default>
  JobPrivateAccess all
  JobPrivateValues none
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
CONF
    mkdir -p "$run/spool/tmp" "$run/tmp" "$run/cache" "$run/state" "$run/ppd"
    if [ "$(id -u)" = 0 ]; then
        chgrp -R lp "$run"
        chmod 1770 "$run/tmp" "$run/spool/tmp"
        chmod 710 "$run/spool"
        chmod 770 "$run/cache"
    fi
    cat >"$run/bus.conf" <<CONF
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <listen>unix:path=$run/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
</busconfig>
CONF
}

cups_answers() { curl -s -m 2 -o /dev/null "http://127.0.0.1:$(cat "$folder/cups.port")/"; }

cups_start() {
    local run
    run=$(cat "$folder/run")
    launch cups cupsd -f -c "$run/cupsd.conf" -s "$run/cups-files.conf"
    wait_until 100 cups_answers || say_why "the print system does not answer: $(tail -3 "$folder/cups.log")"
}

queue_is_ready() { curl -sf -m 2 -o /dev/null "http://127.0.0.1:$(cat "$folder/cups.port")/printers/receipt.ppd"; }

make_queue() {
    lpadmin -h "127.0.0.1:$(cat "$folder/cups.port")" -p receipt -E -m everywhere -o printer-error-policy=abort-job \
        -v "ipp://localhost:$(cat "$folder/printer.port")/ipp/print" >>"$folder/cups.log" 2>&1 ||
        say_why "no queue: $(tail -3 "$folder/cups.log")"
    wait_until 150 queue_is_ready || say_why "the queue is not ready"
}

# ----------------------------------------------------------------------------------------------------------------------

start() {
    local run
    stop
    mkdir -p "$folder/paper" "$folder/spool"
    folder=$(cd "$folder" && pwd)
    rm -f "$folder"/paper/*.pwg "$folder"/*.log
    # Short, and open to the user the print system runs as, wherever FOLDER is.
    run=$(mktemp -d /tmp/yimen-printer.XXXXXX)
    chmod 711 "$run"
    echo "$run" >"$folder/run"
    { read -r printer_port; read -r cups_port; } < <(free_ports)
    echo "$printer_port" >"$folder/printer.port"
    echo "$cups_port" >"$folder/cups.port"
    write_configuration "$run"
    # shellcheck disable=SC2016 # it is the written script's own $1
    printf '#!/bin/sh\nexec %q receive %q "$1"\n' "$here/printer_rig.sh" "$folder" >"$folder/receive"
    chmod +x "$folder/receive"
    cat >"$folder/canceled.test" <<'TEST'
{
    OPERATION Get-Job-Attributes
    GROUP operation-attributes-tag
    ATTR charset attributes-charset utf-8
    ATTR language attributes-natural-language en
    ATTR uri printer-uri $uri
    ATTR integer job-id $job
    STATUS successful-ok
    EXPECT job-state-reasons WITH-VALUE "processing-to-stop-point"
}
TEST
    launch bus dbus-daemon --nofork --nopidfile --config-file="$run/bus.conf"
    wait_until 50 test -S "$run/bus" || say_why "no message bus"
    printer_start
    cups_start
    make_queue
    echo "ipp://127.0.0.1:$printer_port/ipp/print"
    echo "ipp://127.0.0.1:$cups_port/printers/receipt"
}

stop() {
    [ -d "$folder" ] || return 0
    folder=$(cd "$folder" && pwd)
    end cups TERM
    end printer KILL
    end bus TERM
    if [ -f "$folder/run" ]; then
        case $(cat "$folder/run") in /tmp/yimen-printer.*) rm -rf "$(cat "$folder/run")" ;; esac
    fi
    rm -rf "$folder/spool" "$folder"/{run,slow,cover-open,receive,canceled.test,printer.port,cups.port}
}

case $action in
    start) start ;;
    stop) stop ;;
    receive) receive "$3" ;;
    paper-out) level 0 ;;
    refill) level 100 ;;
    cover-open) touch "$folder/cover-open" ;;
    cover-close) rm -f "$folder/cover-open" ;;
    offline) end printer KILL ;;
    online) alive printer || printer_start ;;
    slow) echo "${3:?seconds}" >"$folder/slow" ;;
    cups-stop) end cups TERM ;;
    cups-start) alive cups || cups_start ;;
    pages) find "$folder/paper" -name '[0-9]*.pwg' | wc -l ;;
    *) say_why "unknown: $action" ;;
esac
