"""The inside of a worker process: it calls what it is sent and answers with what came of it.

It listens on its standard input and answers on what was its standard output; a notebook sees
neither. Where the other side is gone it ends at once, whatever it is at work on.
"""

import gc
import os
import pickle
import queue
import signal
import struct
import sys
import threading
from typing import BinaryIO

_LENGTH = struct.Struct(">Q")


def write_frame(stream: BinaryIO, data: bytes) -> None:
    """Write one message."""
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def read_frame(stream: BinaryIO) -> bytes | None:
    """Read one message; None where the other side is gone."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    data = stream.read(length)
    return data if len(data) == length else None


def serve() -> None:
    """Answer until nobody asks any more; the first thing asked gets this process ready."""
    asked, answers = _taken_over()
    waiting: queue.SimpleQueue = queue.SimpleQueue()

    def listen() -> None:
        while (frame := read_frame(asked)) is not None:
            waiting.put(frame)
        os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    write_frame(answers, _answer(waiting.get()))
    # What is here now stays to the end, so looking for rubbish need not look at it.
    gc.collect()
    gc.freeze()
    while True:
        write_frame(answers, _answer(waiting.get()))


def _answer(frame: bytes) -> bytes:
    from nmsdreports.run.surroundings import spoilt

    value = error = None
    try:
        function, arguments, named = pickle.loads(frame)
        value = function(*arguments, **named)
    except BaseException as raised:  # whatever it is belongs to who asked
        error = raised
    try:
        return pickle.dumps((value, error, not spoilt()))
    except Exception:  # there are errors that cannot be sent
        return pickle.dumps((None, RuntimeError(f"{type(error).__name__}: {error}"), False))


def _taken_over() -> tuple[BinaryIO, BinaryIO]:
    """The ways in and out; afterwards standard input is empty and standard output goes nowhere."""
    asked, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    os.close(nothing)
    sys.argv = [""]
    # a terminal's Ctrl-C is for the process that started this one
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return asked, answers
