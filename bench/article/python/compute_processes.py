"""Computes in processes (multiprocessing).

Each worker is a new process ("spawn"). A copy of this one ("fork") would not be safe, because another thread runs here.
"""

import multiprocessing
import os
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from price import price_order
from process import Clock, answer, numbers, receive_settings, semaphore_creation


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
    # Both make named semaphores. Until multiprocessing has noted one, nobody would remove it.
    with semaphore_creation:
        # No worker takes a task before all of them have been started.
        all_are_there = context.Barrier(workers)
        pool = ProcessPoolExecutor(workers, context, begin_worker, (all_are_there,))
    with pool:
        try:
            list(pool.map(price, tasks(settings["warmup"])))
        except BrokenProcessPool:
            # A worker has died, and the pool has ended the others. An abort would wait for their answers for ever.
            raise
        except BaseException:
            # If a process cannot be started, the others must not wait for it. The program would never end.
            all_are_there.abort()
            raise
        clock = Clock()
        priced = list(pool.map(price, tasks(settings["tasks"])))
        figures = clock.read()
        figures["cpuMs"] += sum(cpu_ms for _, cpu_ms in priced)
        answer(**figures, checksums=[checksum for checksum, _ in priced])


if __name__ == "__main__":
    main()
