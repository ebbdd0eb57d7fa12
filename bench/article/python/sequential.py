"""Sends requests one by one."""

from contextlib import closing

from blocking_client import BlockingClient
from process import Clock, answer, memory_after_imports, numbers, receive_settings, wait_for_start, warmup_runs

settings = receive_settings()
baseline_mib = memory_after_imports()


def send(client, count):
    return sum(client.fetch_order(number) for number in numbers(count))


with closing(BlockingClient(settings["origin"])) as client:
    for count in warmup_runs(settings):
        send(client, count)
    wait_for_start(baseline_mib)
    clock = Clock()
    received = send(client, settings["requests"])
    answer(**clock.read(), bytes=received)
