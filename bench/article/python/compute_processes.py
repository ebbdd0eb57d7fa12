"""Computes in processes (multiprocessing).

Each worker is a new process ("spawn"). A copy of this one ("fork") would not be safe, because another thread runs here.
"""

import multiprocessing
import os
import threading
import time
from concurrent.futures import ProcessPoolExecutor

from price import price_order
from process import Clock, answer, making, numbers, receive_settings


def begin_worker(all_are_there):
    threading.Thread(target=end_with_parent, daemon=True).start()
    all_are_there.wait()


def end_with_parent():
    """A worker whose parent was killed would wait for its next task for ever."""
    multiprocessing.parent_process().join()
    os._exit(1)


def price(task):
    """The price, and the CPU time that it took in this worker."""
    started = time.process_time()
    checksum = price_order(*task)
    return checksum, (time.process_time() - started) * 1000


def main():
    settings = receive_settings()
    workers = settings["workers"]

    def tasks(count):
        return [(number, settings["rounds"]) for number in numbers(count)]

    context = multiprocessing.get_context("spawn")
    # Both make named semaphores, which belong to nobody before multiprocessing has taken note of them.
    with making:
        # No worker takes a task before all of them have been started.
        all_are_there = context.Barrier(workers)
        pool = ProcessPoolExecutor(workers, context, begin_worker, (all_are_there,))
    with pool:
        list(pool.map(price, tasks(settings["warmup"])))
        clock = Clock()
        priced = list(pool.map(price, tasks(settings["tasks"])))
        figures = clock.read()
        figures["cpuMs"] += sum(cpu_ms for _, cpu_ms in priced)
        answer(**figures, checksums=[checksum for checksum, _ in priced])


if __name__ == "__main__":
    main()
