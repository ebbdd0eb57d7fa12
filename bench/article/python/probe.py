"""Says which Python this is, which aiohttp it has, and what would bring it one.

Python compiles what it imports for the first time, and keeps the result in a cache. So this program imports what the others need.
They would otherwise compile it while their memory is measured.
"""

import sys

# An older Python cannot be told where its cache is. It would write beside these programs.
sys.dont_write_bytecode = sys.version_info < (3, 8)

import asyncio
import concurrent.futures.thread
import contextlib
import encodings.idna
import importlib.util
import inspect
import os
import platform
import sysconfig
import traceback

import blocking_client
import price
import thread_pool
from process import answer, receive_settings

try:
    import concurrent.futures.process
    import multiprocessing.synchronize
except ImportError:
    # Some systems have no semaphores, so this Python has no pool of processes. The other programs run all the same.
    pass

# The Python of the system's own packages.
SYSTEMS_OWN = "/usr/bin/python3"


def in_words(error):
    return f"{type(error).__name__}: {error}"


def find_aiohttp():
    try:
        import aiohttp

        return {"aiohttp": aiohttp.__version__}
    except ModuleNotFoundError as error:
        return {} if error.name == "aiohttp" else {"trouble": in_words(error)}
    except Exception as error:
        return {"trouble": in_words(error)}


def is_virtual():
    return sys.prefix != sys.base_prefix


def is_systems():
    return not is_virtual() and os.path.realpath(sys.executable or "") == os.path.realpath(SYSTEMS_OWN)


def installer():
    """The module that brings packages: pip; ensurepip, which brings pip; or venv, where pip would refuse (PEP 668)."""
    marker = os.path.join(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED")
    if not is_virtual() and os.path.exists(marker):
        return "venv"
    return "pip" if importlib.util.find_spec("pip") else "ensurepip"


receive_settings()
answer(python=platform.python_version(), **find_aiohttp(), isSystems=is_systems(), installer=installer())
