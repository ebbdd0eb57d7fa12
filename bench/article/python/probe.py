"""Says which Python this is, and which aiohttp it has."""

import platform

from process import answer, receive_settings

receive_settings()
try:
    import aiohttp

    found = {"aiohttp": aiohttp.__version__}
except ModuleNotFoundError as error:
    found = {} if error.name == "aiohttp" else {"trouble": repr(error)}
except Exception as error:
    found = {"trouble": repr(error)}
answer(python=platform.python_version(), **found)
