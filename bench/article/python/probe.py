"""Says which Python this is, and which aiohttp it has."""

import platform

from process import answer, receive_settings


def in_words(error):
    return f"{type(error).__name__}: {error}"


receive_settings()
try:
    import aiohttp

    found = {"aiohttp": aiohttp.__version__}
except ModuleNotFoundError as error:
    found = {} if error.name == "aiohttp" else {"trouble": in_words(error)}
except Exception as error:
    found = {"trouble": in_words(error)}
answer(python=platform.python_version(), **found)
