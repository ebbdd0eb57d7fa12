"""Sends requests from many threads, each with a connection of its own."""

import threading
from concurrent.futures import ThreadPoolExecutor

from blocking_client import BlockingClient
from process import Clock, answer, memory_after_imports, numbers, receive_settings, wait_for_start, warmup_runs

settings = receive_settings()
baseline_mib = memory_after_imports()
own = threading.local()
clients = []


def open_client():
    own.client = BlockingClient(settings["origin"])
    clients.append(own.client)


def fetch_order(number):
    return own.client.fetch_order(number)


def send(pool, count):
    return sum(pool.map(fetch_order, numbers(count)))


with ThreadPoolExecutor(settings["atOnce"], initializer=open_client) as pool:
    for count in warmup_runs(settings):
        send(pool, count)
    wait_for_start(baseline_mib)
    clock = Clock()
    received = send(pool, settings["requests"])
    answer(**clock.read(), bytes=received)

for client in clients:
    client.close()
