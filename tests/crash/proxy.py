#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Between kiosk and district: a line that delays, breaks off in the middle, or loses the answer.

    proxy.py ADDRESS PORT TARGET-PORT        told on standard input, a line each:
        delay MS          every piece waits so long
        break PERCENT     of the pieces the kiosk sends go through in part, and the line breaks, half of them by a reset
        deafen PERCENT    of the answers to a case are lost, and the line breaks
        silence PERCENT   of them are lost, and nothing else is heard: the kiosk has to wait for its time-out
"""
import random
import socket
import struct
import sys
import threading
import time

PIECE = 4096
CASE = 6000  # bytes: more than a handshake and a question take
settings = {"delay": 0, "break": 0, "deafen": 0, "silence": 0}


def happens(name):
    return random.random() * 100 < settings[name]


def reset(connection):
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
    except OSError:
        pass


class Line:
    """One connection of the kiosk, and ours to the district."""

    def __init__(self, kiosk, district):
        self.kiosk, self.district, self.asked = kiosk, district, 0

    def there(self, piece):
        """A piece on its way to the district; False: the line has broken."""
        self.asked += len(piece)
        if not happens("break"):
            self.district.sendall(piece)
            return True
        self.district.sendall(piece[:random.randrange(len(piece))])
        for end in (self.kiosk, self.district):
            reset(end) if random.random() < 0.5 else end.shutdown(socket.SHUT_RDWR)
        return False

    def back(self, piece):
        """A piece of an answer; False: the line has broken."""
        if self.asked >= CASE and happens("silence"):
            return True
        if self.asked < CASE or not happens("deafen"):
            self.kiosk.sendall(piece)
            return True
        reset(self.kiosk)
        self.district.shutdown(socket.SHUT_RDWR)
        return False

    def carry(self, source, target, pass_on):
        """One direction, until it ends or is ended."""
        try:
            while piece := source.recv(PIECE):
                time.sleep(settings["delay"] / 1000)
                if not pass_on(piece):
                    return
            target.shutdown(socket.SHUT_WR)
        except OSError:
            reset(self.kiosk)
            reset(self.district)


def serve(kiosk, port):
    try:
        district = socket.create_connection(("127.0.0.1", port), 5)
    except OSError:
        return reset(kiosk)
    district.settimeout(None)
    line = Line(kiosk, district)
    threading.Thread(target=line.carry, args=(kiosk, district, line.there), daemon=True).start()
    line.carry(district, kiosk, line.back)


def main():
    address, port, target = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    listener = socket.create_server((address, port), backlog=64)
    print("ready", flush=True)

    def accept():
        while True:
            client, _ = listener.accept()
            threading.Thread(target=serve, args=(client, target), daemon=True).start()
    threading.Thread(target=accept, daemon=True).start()
    for line in sys.stdin:
        name, number = line.split()
        settings[name] = int(number)


main()
