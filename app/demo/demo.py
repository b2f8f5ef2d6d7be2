#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo behind app/run: opens the kiosk against a district and a printer on loopback, or lets a robot resident walk a tour."""
import argparse
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

from evidence import logged_utc_ms, qr_text, wait_for_case
from robot import Robot, resident
from stage import ROOT, Stage, StageError

OUT = ROOT / "out"


def options():
    parser = argparse.ArgumentParser(prog="app/run", description=__doc__)
    parser.add_argument("--tour", action="store_true", help="a robot resident presses the screen; results in out/tour")
    parser.add_argument("--service", help="only this service (default: urgent-relief, then expenditure-relief)")
    parser.add_argument("--size", default="1080x1920", help="screen of the tour in px (default %(default)s)")
    parser.add_argument("--language", choices=("zh", "en", "ko"), help="language of the tour")
    parser.add_argument("--seconds", type=int, help="close by itself after so many seconds")
    parser.add_argument("--printer", metavar="NAME", help="a CUPS queue instead of the virtual printer")
    parser.add_argument("--scan", nargs="?", const="", metavar="TEXT",
                        help="hold a code up to the reader of the kiosk that is open: TEXT, or what was printed last")
    parser.add_argument("--build", default="build/release", help=argparse.SUPPRESS)
    return parser.parse_args()


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None


def milliseconds(begin, end):
    return None if begin is None or end is None else round(end - begin, 1)


def tour_visit(stage, plan, folder, begin_ms):
    """One visit with everything it leaves behind, in `folder`; returns its summary."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    robot = Robot(stage, plan, folder)
    tree = robot.walk(until=("saved",))
    receipt = tree.find("receipt-number")["value"]
    case = wait_for_case(stage, receipt, lambda row: row["state"] == "received" and row["receipt"] == "printed")
    robot.picture("saved-printed")
    visit_end(robot)
    raster = newest(stage.rig_folder, ".pwg")
    summary = {
        "service": plan["service"],
        "receipt": receipt,
        "instance": case["instance"],
        "token": None,
        "ms": {
            "start_to_first_frame": begin_ms,
            "touch_to_frame_p50": None,
            "touch_to_frame_p99": None,
            # By one clock: the kiosk's is the district's, to the second.
            "submit_to_saved": milliseconds(robot.times.get("submit"), robot.times["saved"]),
            "saved_to_accepted": milliseconds(case["saved_utc_ms"], logged_utc_ms(stage, "print accepted", receipt)),
            "saved_to_received": milliseconds(case["saved_utc_ms"], case["received_utc_ms"]),
        },
    }
    if raster:
        shutil.copy(raster, folder / "receipt.pwg")
        summary["qr"] = qr_text(raster)
        summary["token"] = summary["qr"].split("/t/")[1].split("?")[0]
    for kind in ("pdf", "png"):
        kept = newest(stage.folder / "receipts", "." + kind)
        if kept:
            shutil.copy(kept, folder / f"receipt.{kind}")
    slip = newest(stage.folder / "receipts", "slip-*.png")
    if slip:
        shutil.copy(slip, folder / "slip.png")
    record = stage.control("district", "show", "--district", stage.folder / "district", receipt, "--reason", "tour")
    (folder / "district-record.json").write_text(record)
    return summary


def visit_end(robot):
    """From the saved screen back to the attract screen, as a person leaves."""
    robot.plan = dict(robot.plan, language=None)
    for _ in range(8):
        tree = robot.tree()
        if tree.screen == "attract":
            return
        robot.picture(tree.screen)
        target = next((name for name in ("rate.5", "next") if tree.find(name)), None)
        if target is None:
            break
        robot.press(target)
    robot.wait_screen("attract", seconds=60)


def newest(folder, ending):
    files = [path for path in pathlib.Path(folder).rglob("*" + ending)]
    return max(files, key=lambda path: path.stat().st_mtime, default=None)


def tour(choice):
    folder = OUT / "tour"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    width, height = (int(side) for side in choice.size.split("x"))
    services = [choice.service] if choice.service else ["urgent-relief", "expenditure-relief"]
    summaries = []
    with Stage(OUT / "demo-tour", choice.build) as stage:
        stage.forget()
        stage.provision()
        if choice.printer:
            stage.printer = choice.printer
        else:
            stage.start_printer()
        stage.start_district()
        stage.start_screen(width, height)
        latencies = stage.folder / "latency.txt"
        (stage.folder / "receipts").mkdir()
        begin_ms = stage.start_kiosk("--latency-file", latencies, "--keep-receipts", stage.folder / "receipts")
        for service in services:
            plan = resident(service)
            if choice.language:
                plan["language"] = choice.language
            target = folder / service if len(services) > 1 else folder
            summaries.append((target, tour_visit(stage, plan, target, round(begin_ms, 1))))
            print(f"{service}: {summaries[-1][1]['receipt']}")
        stage.end("kiosk")
        times = [float(line) for line in latencies.read_text().split()] if latencies.exists() else []
        for target, summary in summaries:
            summary["ms"]["touch_to_frame_p50"] = percentile(times, 0.50)
            summary["ms"]["touch_to_frame_p99"] = percentile(times, 0.99)
            (target / "summary.json").write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n")
    print(f"see {folder.relative_to(ROOT)}")


def window(choice):
    """The kiosk in a window of the desktop, until it is closed."""
    with Stage(OUT / "demo", choice.build) as stage:
        stage.provision()
        if choice.printer:
            stage.printer = choice.printer
        else:
            stage.start_printer()
        stage.fit()
        stage.start_district()
        extra = ["--seconds", choice.seconds] if choice.seconds else []
        stage.start_kiosk(*extra)
        print("staff (touch the emblem five times): " + ", ".join(f"{number} PIN {pin}" for number, pin in stage.pins().items()))
        print(f"code reader: app/run --scan holds up what was printed last, app/run --scan TEXT a text ({stage.reader})")
        shown = None
        while stage.alive("kiosk"):
            says = stage.lamp_says()
            if says != shown:
                print(f"lamp: {says} ({stage.lamp})", flush=True)
            shown = says
            time.sleep(0.2)


def scan(choice):
    """A code for the kiosk that app/run opened."""
    stage = Stage(OUT / "demo", choice.build)
    text = choice.scan
    if not text:
        raster = newest(stage.folder / "printer", ".pwg")
        if not raster:
            raise StageError("nothing was printed yet")
        text = qr_text(raster)
    stage.hold_up(text)
    print(f"held up: {text}")


def main():
    choice = options()
    try:
        if choice.scan is not None:
            scan(choice)
        elif choice.tour:
            tour(choice)
        else:
            window(choice)
    except (StageError, subprocess.CalledProcessError) as error:
        sys.exit(f"app/run: {error}")
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
