"""The article's third pitfall: a synchronous call in each of many coroutines, which asyncio.gather starts together."""

import asyncio
from contextlib import closing

import aiohttp

from blocking_client import BlockingClient
from process import answer, numbers, receive_settings

settings = receive_settings()


async def fetch_synchronously(client, number):
    return client.fetch_order(number)


async def fetch(session, number):
    async with session.get(f"{settings['origin']}/orders/{number}") as response:
        return len(await response.read())


async def main():
    orders = numbers(settings["calls"])
    async with aiohttp.ClientSession() as session:
        if settings["isWrong"]:
            with closing(BlockingClient(settings["origin"])) as client:
                bodies = await asyncio.gather(*[fetch_synchronously(client, number) for number in orders])
        else:
            bodies = await asyncio.gather(*[fetch(session, number) for number in orders])
    answer(answers=len(bodies))


asyncio.run(main())
