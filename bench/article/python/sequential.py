"""Sends requests one by one."""

from contextlib import closing

from blocking_client import BlockingClient
from process import measure, memory_after_imports, numbers, receive_settings

settings = receive_settings()
baseline_mib = memory_after_imports()


def send(client, count):
    return sum(client.fetch_order(number) for number in numbers(count))


with closing(BlockingClient(settings["origin"])) as client:
    measure(settings, lambda count: send(client, count), baseline_mib)
