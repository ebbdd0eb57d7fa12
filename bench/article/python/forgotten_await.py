"""The article's second pitfall: calls of an async function, without await or with it."""

import asyncio

import aiohttp

from process import answer, numbers, receive_settings

settings = receive_settings()


async def fetch_order(session, number):
    async with session.get(f"{settings['origin']}/orders/{number}") as response:
        return await response.text()


async def main():
    answers = 0
    async with aiohttp.ClientSession() as session:
        for number in numbers(settings["calls"]):
            result = fetch_order(session, number) if settings["isWrong"] else await fetch_order(session, number)
            answers += isinstance(result, str)
        # The last one is awaited. So all that was started before has had the time to reach the API.
        await fetch_order(session, settings["calls"] + 1)
    answer(answers=answers)


asyncio.run(main())
