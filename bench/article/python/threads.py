"""Sends requests from many threads, each with a connection of its own."""

import threading
from concurrent.futures import ThreadPoolExecutor

from blocking_client import BlockingClient
from process import Clock, answer, numbers, receive_settings

settings = receive_settings()
own = threading.local()


def open_client():
    own.client = BlockingClient(settings["origin"])


def fetch_order(number):
    return own.client.fetch_order(number)


with ThreadPoolExecutor(settings["atOnce"], initializer=open_client) as pool:
    sum(pool.map(fetch_order, numbers(settings["warmup"])))
    clock = Clock()
    received = sum(pool.map(fetch_order, numbers(settings["requests"])))
    answer(**clock.read(), bytes=received)
