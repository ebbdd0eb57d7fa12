"""Sends requests as the article does: one session of aiohttp, a coroutine for each request, and asyncio.gather.

aiohttp itself limits how many connections there are. The article's program leaves this limit as it is, at 100.
"""

import asyncio

import aiohttp

from blocking_client import check_order
from process import Clock, answer, memory_after_imports, numbers, receive_settings, wait_for_start, warmup_runs

settings = receive_settings()
baseline_mib = memory_after_imports()


def open_session():
    if settings["limit"] == "default":
        return aiohttp.ClientSession()
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=settings["limit"]))


async def fetch_order(session, number):
    async with session.get(f"{settings['origin']}/orders/{number}") as response:
        body = await response.read()
        check_order(number, response.status, body)
        return len(body)


async def send(session, count):
    return sum(await asyncio.gather(*[fetch_order(session, number) for number in numbers(count)]))


async def main():
    async with open_session() as session:
        for count in warmup_runs(settings):
            await send(session, count)
        wait_for_start(baseline_mib)
        clock = Clock()
        received = await send(session, settings["requests"])
        answer(**clock.read(), bytes=received)


asyncio.run(main())
