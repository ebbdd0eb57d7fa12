"""Sends requests from many threads, each with a connection of its own."""

import threading
from concurrent.futures import ThreadPoolExecutor

from blocking_client import BlockingClient
from process import measure, memory_after_imports, numbers, receive_settings
from thread_pool import start_threads

settings = receive_settings()
baseline_mib = memory_after_imports()
own = threading.local()
clients = []


def open_client():
    own.client = BlockingClient(settings["origin"])
    clients.append(own.client)
    own.client.connect()


def fetch_order(number):
    return own.client.fetch_order(number)


def send(pool, count):
    return sum(pool.map(fetch_order, numbers(count)))


with ThreadPoolExecutor(settings["atOnce"]) as pool:
    # The API answers the warm-up at once. Some threads would send all of it, and the others would connect while the clock runs.
    start_threads(pool, settings["atOnce"], open_client)
    measure(settings, lambda count: send(pool, count), baseline_mib)

for client in clients:
    client.close()
