"""Computes in threads. Only one of them runs at a time, if this Python has a global lock (the GIL)."""

import threading
from concurrent.futures import ThreadPoolExecutor

from price import price_order
from process import Clock, answer, numbers, receive_settings

settings = receive_settings()


def price(number):
    return price_order(number, settings["rounds"])


# No thread takes a task before all of them have been started.
all_are_there = threading.Barrier(settings["workers"])

with ThreadPoolExecutor(settings["workers"], initializer=all_are_there.wait) as pool:
    list(pool.map(price, numbers(settings["warmup"])))
    clock = Clock()
    checksums = list(pool.map(price, numbers(settings["tasks"])))
    answer(**clock.read(), checksums=checksums)
