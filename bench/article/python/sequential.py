"""Sends requests one by one."""

from blocking_client import BlockingClient
from process import Clock, answer, memory_after_imports, numbers, receive_settings, wait_for_start, warmup_runs

settings = receive_settings()
baseline_mib = memory_after_imports()
client = BlockingClient(settings["origin"])


def send(count):
    return sum(client.fetch_order(number) for number in numbers(count))


for count in warmup_runs(settings):
    send(count)
wait_for_start(baseline_mib)
clock = Clock()
received = send(settings["requests"])
answer(**clock.read(), bytes=received)
