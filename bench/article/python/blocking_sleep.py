"""The article's first pitfall: time.sleep in a coroutine. Another coroutine counts the turns that it gets meanwhile."""

import asyncio
import time

from process import answer, receive_settings

settings = receive_settings()
seconds = settings["sleepMs"] / 1000


async def bad_practice():
    time.sleep(seconds)


async def good_practice():
    await asyncio.sleep(seconds)


turns = 0


async def take_turns():
    global turns
    while True:
        await asyncio.sleep(0.001)
        turns += 1


async def main():
    other = asyncio.create_task(take_turns())
    while turns == 0:
        await asyncio.sleep(0)
    turns_before = turns
    await (bad_practice() if settings["isWrong"] else good_practice())
    turns_meanwhile = turns - turns_before
    other.cancel()
    answer(turnsOfOther=turns_meanwhile)


asyncio.run(main())
