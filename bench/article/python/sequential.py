"""Sends requests one by one."""

from blocking_client import BlockingClient
from process import Clock, answer, numbers, receive_settings

settings = receive_settings()
client = BlockingClient(settings["origin"])


def send(count):
    return sum(client.fetch_order(number) for number in numbers(count))


send(settings["warmup"])
clock = Clock()
received = send(settings["requests"])
answer(**clock.read(), bytes=received)
