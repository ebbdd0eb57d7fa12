"""What all of these programs share: how they get their settings, measure, answer, and end.

The settings come as one line of JSON on standard input. The answer is one line of JSON on standard output. A program that warms
up first prints a line that says it is ready. It goes on when it gets another line. After the answer the program waits until its
standard input ends. The input also ends if the process that started the program is killed, so the program never outlives that
process.
"""

import gc
import json
import os
import sys
import threading
import time


told_to_start = threading.Event()
answered = threading.Event()
# Held while a named semaphore is made. It would stay in the system if this program ended in the middle.
semaphore_creation = threading.Lock()
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
        told_to_start.set()
    if not answered.is_set():
        with semaphore_creation:
            os._exit(1)
    input_ended.set()


def answer(**figures):
    """Prints the answer, and returns when this program may end."""
    answered.set()
    print(json.dumps(figures), flush=True)
    input_ended.wait()


def memory_after_imports():
    """The resident memory in MiB, and from now on its peak is counted anew. None where the system does not tell."""
    gc.collect()
    try:
        with open("/proc/self/clear_refs", "w") as references:
            references.write("5")
        with open("/proc/self/status") as status:
            return next((int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS:")), None)
    except OSError:
        return None


def warmup_runs(settings):
    """How many requests each run of the warm-up sends: no more than the timed run."""
    left = settings["warmup"]
    while left > 0:
        yield min(left, settings["requests"])
        left -= settings["requests"]


def wait_for_start(baseline_mib):
    """Says that the warm-up is done, and what the memory was before, and waits until the suite wants the timed run."""
    memory = {} if baseline_mib is None else {"baselineMiB": baseline_mib}
    print(json.dumps({"ready": True, **memory}), flush=True)
    told_to_start.wait()


def measure(settings, send, baseline_mib):
    """Warms up, waits for the start, and answers what the timed run took. `send` takes a number of requests."""
    for count in warmup_runs(settings):
        send(count)
    wait_for_start(baseline_mib)
    clock = Clock()
    received = send(settings["requests"])
    answer(**clock.read(), bytes=received)


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
