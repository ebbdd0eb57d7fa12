"""The worst case of the article's third pitfall. The thread of the event loop waits for work that only this loop can do.

This is a deadlock. So a second thread gets some orders meanwhile, looks where the first one stands, and answers in its place.
"""

import asyncio
import inspect
import os
import sys
import threading
import traceback
from concurrent.futures import Future

import aiohttp

from blocking_client import BlockingClient
from process import answer, receive_settings

settings = receive_settings()


async def fetch_order(number):
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{settings['origin']}/orders/{number}") as response:
            return await response.text()


def fetch_synchronously(coroutine, loop):
    """Waits for a coroutine without await. This works in every thread except that of the loop."""
    return asyncio.run_coroutine_threadsafe(coroutine, loop).result()


def is_in_result(frame):
    """Whether a thread waits in Future.result()."""
    while frame is not None:
        if frame.f_code is Future.result.__code__:
            return True
        frame = frame.f_back
    return False


def watch(loop_thread, coroutine):
    """Gets orders until the other thread stood at each of some in a row, and its coroutine had not begun. Then it answers."""
    client = BlockingClient(settings["origin"])
    orders = 0
    while orders < settings["ordersMeanwhile"]:
        client.fetch_order(1)
        stands = is_in_result(sys._current_frames()[loop_thread.ident])
        has_begun = inspect.getcoroutinestate(coroutine) != inspect.CORO_CREATED
        orders = orders + 1 if stands and not has_begun else 0
    answer(answers=0, stands="in Future.result()")


def report(loop_thread, coroutine):
    """Watches, and ends the program. The other thread stands for ever, so it must end even if this one fails."""
    try:
        watch(loop_thread, coroutine)
    except Exception:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)


async def main():
    coroutine = fetch_order(1)
    if settings["isWrong"]:
        threading.Thread(target=report, args=(threading.current_thread(), coroutine), daemon=True).start()
        fetch_synchronously(coroutine, asyncio.get_running_loop())
    else:
        await coroutine
    answer(answers=1, stands="nowhere")


asyncio.run(main())
