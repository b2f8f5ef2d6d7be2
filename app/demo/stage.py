# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole counter on loopback: district, virtual printer, screen, kiosk; started and stopped together.

Used by app/run and by the end-to-end tests. Everything lives below one folder; nothing of it outlives `Stage.stop`.
"""
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
RIG = ROOT / "app/demo/printer_rig.sh"


class StageError(Exception):
    """Something on the stage did not start or ended by itself."""


PATIENCE = 10  # a machine that is ten times slower, or busy, does the same in the end


def wait_for(what, seconds, check):
    """Polls until `check` gives something true, which is returned. `seconds` is what an idle machine may take."""
    end = time.monotonic() + seconds * PATIENCE
    while time.monotonic() < end:
        value = check()
        if value:
            return value
        time.sleep(0.02)
    raise StageError(f"waited {seconds * PATIENCE} s for {what}")


def free_port_block(count):
    """The first of `count` ports in a row that are free now (below the range the system hands out itself)."""
    for base in range(21000 + os.getpid() % 500 * 20, 32000, 20):
        try:
            for port in range(base, base + count):
                with socket.socket() as probe:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    probe.bind(("127.0.0.1", port))
            return base
        except OSError:
            continue
    raise StageError("no free ports")


class Stage:
    def __init__(self, folder, build):
        self.folder = pathlib.Path(folder).resolve()
        self.build = pathlib.Path(build).resolve()
        self.processes = {}
        self.environment = dict(os.environ, LC_ALL="C.UTF-8",
                                LSAN_OPTIONS=f"suppressions={ROOT}/tests/e2e/lsan.supp:print_suppressions=0")
        self.printer = None
        self.rig_folder = None
        self.display = None
        self.size = None
        self.district_prefix = []  # what the district's process is started through

    # -- programs -------------------------------------------------------------------------------------------------

    def program(self, name):
        return str(self.build / "app/main" / name)

    def control(self, *arguments, check=True, data=None):
        """Runs yimenctl, gives back what it printed."""
        run = subprocess.run([self.program("yimenctl"), *map(str, arguments)], cwd=ROOT, env=self.environment, input=data,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if check and run.returncode != 0:
            raise StageError(f"yimenctl {' '.join(map(str, arguments))}: {run.stderr.strip()}")
        return run.stdout

    def start(self, name, command):
        log = open(self.folder / f"{name}.log", "ab")
        self.processes[name] = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log,
                                                stdin=subprocess.DEVNULL)
        log.close()
        return self.processes[name]

    def alive(self, name):
        process = self.processes.get(name)
        return process is not None and process.poll() is None

    def end(self, name, how=signal.SIGTERM):
        process = self.processes.pop(name, None)
        if process is None:
            return 0
        if process.poll() is None:
            process.send_signal(how)
        try:
            return process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise StageError(f"{name} did not end")

    # -- parts ----------------------------------------------------------------------------------------------------

    def provision(self, counter="001"):
        """Demo district and kiosk, through the real enrolment. Does nothing when they are there already."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if not (self.folder / "kiosk/kiosk.json").exists():
            self.control("provision", "--demo", self.folder, "--counter", counter, "--port-base", free_port_block(4))
        self.config = json.loads((self.folder / "kiosk/kiosk.json").read_text())

    @property
    def lamp(self):
        return self.folder / "lamp"

    @property
    def reader(self):
        return self.folder / "reader"

    def fit(self):
        """A lamp and a code reader of the simulated sort: a file that shows what the lamp does, a FIFO to hold codes up to."""
        self.lamp.write_text("0\n")
        if not self.reader.is_fifo():
            self.reader.unlink(missing_ok=True)
            os.mkfifo(self.reader, 0o600)
        self.config.update(lamp_file=str(self.lamp), code_device=str(self.reader))
        (self.folder / "kiosk/kiosk.json").write_text(json.dumps(self.config, indent=2, ensure_ascii=False) + "\n")

    def lamp_says(self):
        return {"0": "off", "1": "calling", "2": "calling, urgent"}.get(self.lamp.read_text().strip(), "?")

    def hold_up(self, text):
        """Under the code reader of a kiosk that is open."""
        try:
            line = os.open(self.reader, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as error:
            raise StageError(f"no kiosk is open here ({error.strerror})") from error
        with os.fdopen(line, "w") as reader:
            reader.write(text + "\n")

    def pins(self):
        """PINs of the demo's staff, by number."""
        return {entry["number"]: entry["pin"] for entry in json.loads((self.folder / "staff.json").read_text())}

    def start_printer(self):
        self.rig_folder = self.folder / "printer"
        run = subprocess.run([str(RIG), "start", str(self.rig_folder)], cwd=ROOT, env=self.environment,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if run.returncode != 0:
            raise StageError(f"virtual printer: {run.stderr.strip()[-400:]}")
        self.printer = run.stdout.strip().splitlines()[-1]

    def printer_knob(self, *arguments):
        subprocess.run([str(RIG), *map(str, arguments)], cwd=ROOT, env=self.environment, check=True,
                       stdout=subprocess.DEVNULL)

    def start_district(self, role="all"):
        ports = self.folder / "district/ports.json"
        ports.unlink(missing_ok=True)
        self.start("district", [*self.district_prefix, self.program("yimen-district"), "--dir", str(self.folder / "district"), "--role", role,
                                "--print-ports"])
        wait_for("the district", 20, lambda: ports.exists() or not self.alive("district"))
        if not self.alive("district"):
            raise StageError("the district ended: " + self.tail("district"))

    def start_screen(self, width, height):
        """A screen of its own where there is none."""
        self.size = (width, height)
        read, write = os.pipe()
        self.start_passing("screen", ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24", "-nolisten",
                                      "tcp", "-noreset"], write)
        with os.fdopen(read) as numbers:
            number = numbers.readline().strip()
        if not number:
            raise StageError("Xvfb did not start: " + self.tail("screen"))
        self.display = ":" + number
        self.environment["DISPLAY"] = self.display
        self.environment["SDL_VIDEODRIVER"] = "x11"

    def start_passing(self, name, command, descriptor):
        log = open(self.folder / f"{name}.log", "ab")
        self.processes[name] = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log,
                                                stdin=subprocess.DEVNULL, pass_fds=[descriptor])
        os.close(descriptor)
        log.close()

    @property
    def tree_socket(self):
        return str(self.folder / "tree.sock")

    def start_kiosk(self, *extra):
        pathlib.Path(self.tree_socket).unlink(missing_ok=True)
        command = [self.program("yimen-kiosk"), "--kiosk", str(self.folder / "kiosk"), "--tree-socket", self.tree_socket]
        if self.size:
            command += ["--width", str(self.size[0]), "--height", str(self.size[1])]
        if self.printer:
            command += ["--printer", self.printer]
        begin = time.monotonic()
        self.start("kiosk", command + list(map(str, extra)))
        wait_for("the kiosk", 30, lambda: self.tree_answers() or not self.alive("kiosk"))
        if not self.alive("kiosk"):
            raise StageError("the kiosk ended: " + self.tail("kiosk"))
        return (time.monotonic() - begin) * 1000

    def tree_answers(self):
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(2)
                client.connect(self.tree_socket)
                client.sendall(b"frame\n")
                return bool(client.recv(64))
        except OSError:
            return False

    def tail(self, name):
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace")[-800:] if path.exists() else ""

    def stop(self):
        for name in reversed(list(self.processes)):  # whatever was started last goes first
            try:
                self.end(name)
            except StageError:
                pass
        if self.rig_folder:
            subprocess.run([str(RIG), "stop", str(self.rig_folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            self.rig_folder = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def forget(self):
        """Back to an unprovisioned folder."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
