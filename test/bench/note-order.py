"""Runs a program, and notes in a file, in their order, when it reads its memory and when it connects: `note-order.py FILE PROGRAM`."""

import os
import runpy
import sys

_, notes_path, program = sys.argv
notes = open(notes_path, "a", buffering=1)


def note(event, words):
    if event == "open" and str(words[0]).startswith("/proc/self/"):
        notes.write("memory\n")
    if event == "socket.connect":
        notes.write("connection\n")


sys.addaudithook(note)
sys.argv = [program]
# The program imports what stands beside it.
sys.path[0] = os.path.dirname(program)
runpy.run_path(program, run_name="__main__")
