"""What all of these programs share: how they get their settings, measure, answer, and end.

The settings come as one line of JSON on standard input. The answer is one line of JSON on standard output. Then the program
waits until its standard input ends. The input also ends if the process that started the program is killed, so the program
never outlives that process.
"""

import json
import os
import sys
import threading
import time


answered = threading.Event()
input_ended = threading.Event()


def receive_settings():
    line = b""
    while not line.endswith(b"\n"):
        more = os.read(0, 65536)
        if more == b"":
            sys.exit("expected a line of settings on standard input, got its end")
        line += more
    threading.Thread(target=watch_input, daemon=True).start()
    return json.loads(line)


def watch_input():
    # Not sys.stdin: a thread that waits in it holds its lock, and then Python cannot shut down.
    while os.read(0, 65536) != b"":
        pass
    if not answered.is_set():
        os._exit(1)
    input_ended.set()


def answer(**figures):
    """Prints the answer, and returns when this program may end."""
    answered.set()
    print(json.dumps(figures), flush=True)
    input_ended.wait()


class Clock:
    """The time and the CPU time of this process, all its threads included, in milliseconds."""

    def __init__(self):
        self.started = time.perf_counter()
        self.cpu_started = time.process_time()

    def read(self):
        return {
            "timeMs": (time.perf_counter() - self.started) * 1000,
            "cpuMs": (time.process_time() - self.cpu_started) * 1000,
        }


def numbers(count):
    """The numbers of the first orders."""
    return range(1, count + 1)
