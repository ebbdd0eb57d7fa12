"""Starts all threads of a pool before the first of them has work to do."""

import threading


def start_threads(pool, count, prepare=lambda: None):
    """Returns when `count` threads run, and each of them has called `prepare`.

    A pool starts a thread only if no other one is idle. So some would otherwise start while the clock runs, or never.
    """
    all_are_there = threading.Barrier(count)

    def begin(_):
        # Each thread gets one of these tasks, because none can finish its own before all of them have come here.
        all_are_there.wait()
        prepare()

    try:
        list(pool.map(begin, range(count)))
    except BaseException:
        # If one cannot be started, the others must not wait for it. The program would never end.
        all_are_there.abort()
        raise
