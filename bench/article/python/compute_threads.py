"""Computes in threads. Only one of them runs at a time, if this Python has a global lock (the GIL)."""

from concurrent.futures import ThreadPoolExecutor

from price import price_order
from process import Clock, answer, numbers, receive_settings
from thread_pool import start_threads

settings = receive_settings()


def price(number):
    return price_order(number, settings["rounds"])


with ThreadPoolExecutor(settings["workers"]) as pool:
    start_threads(pool, settings["workers"])
    list(pool.map(price, numbers(settings["warmup"])))
    clock = Clock()
    checksums = list(pool.map(price, numbers(settings["tasks"])))
    answer(**clock.read(), checksums=checksums)
