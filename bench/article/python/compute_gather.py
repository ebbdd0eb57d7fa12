"""Computes in coroutines. asyncio.gather starts all of them together."""

import asyncio

from price import price_order
from process import Clock, answer, numbers, receive_settings

settings = receive_settings()


async def price(number):
    return price_order(number, settings["rounds"])


async def compute(count):
    return await asyncio.gather(*[price(number) for number in numbers(count)])


async def main():
    await compute(settings["warmup"])
    clock = Clock()
    checksums = await compute(settings["tasks"])
    answer(**clock.read(), checksums=checksums)


asyncio.run(main())
