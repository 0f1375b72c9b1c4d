"""What a notebook changes around itself, put back for the next one that runs in the process.

A kernel's end takes everything with it; in one process each kind of change has its own way back.
Each function `_kept_…` looks at one kind and returns what puts it back. What cannot be put back (a
thread, a child process, a lowered limit) is told by :func:`spoilt`, and the process must go.
"""

import decimal
import gc
import locale
import logging
import os
import random
import signal
import socket
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nmsdreports.run.module_state import kept_modules

_SEED = 20260401
_stays: list[str] = []


def spoilt() -> bool:
    """Whether a notebook left something in this process that stays."""
    return bool(_stays)


@contextmanager
def kept_surroundings() -> Iterator[None]:
    """Run a notebook inside; afterwards the process is as it was before."""
    backs = [(kept.__name__, kept()) for kept in _KEPT]
    random.seed(_SEED)
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed(_SEED)
    try:
        # entering and leaving also makes every warning new that was given once already
        with warnings.catch_warnings():
            yield
    finally:
        for name, back in backs:
            try:
                back()
            except Exception:  # whatever keeps a way back from working, the process must go
                _stays.append(name)
        gc.collect()


def _kept_modules() -> Callable[[], None]:
    return kept_modules()


def _kept_sys() -> Callable[[], None]:
    names = ("stdin", "displayhook", "excepthook", "unraisablehook", "dont_write_bytecode")
    before = {name: getattr(sys, name) for name in names}
    lists = [(places, list(places)) for places in (sys.path, sys.meta_path, sys.path_hooks)]
    argv, deep, switch = list(sys.argv), sys.getrecursionlimit(), sys.getswitchinterval()
    path, trace, profile = sys.path, sys.gettrace(), sys.getprofile()

    def back() -> None:
        for name, value in before.items():
            setattr(sys, name, value)
        sys.path, sys.argv = path, argv
        for places, content in lists:
            places[:] = content
        sys.setrecursionlimit(deep)
        sys.setswitchinterval(switch)
        sys.settrace(trace)
        sys.setprofile(profile)

    return back


def _kept_environment() -> Callable[[], None]:
    before, zone = dict(os.environ), os.environ.get("TZ")

    def back() -> None:
        moved = os.environ.get("TZ") != zone
        if dict(os.environ) != before:
            os.environ.clear()
            os.environ.update(before)
        if moved and hasattr(time, "tzset"):
            time.tzset()

    return back


def _kept_folder() -> Callable[[], None]:
    before, temporary = Path.cwd(), tempfile.tempdir
    mask = os.umask(0o077)
    os.umask(mask)

    def back() -> None:
        os.chdir(before)
        os.umask(mask)
        tempfile.tempdir = temporary

    return back


def _kept_signals() -> Callable[[], None]:
    # only the main thread may set them; elsewhere a notebook could not either
    if threading.current_thread() is not threading.main_thread():
        return lambda: None
    before = {number: signal.getsignal(number) for number in signal.valid_signals()}

    def back() -> None:
        if hasattr(signal, "alarm"):
            signal.alarm(0)
        for number, handler in before.items():
            if handler is not None and signal.getsignal(number) != handler:
                signal.signal(number, handler)

    return back


def _kept_logging() -> Callable[[], None]:
    def known() -> dict[str, logging.Logger]:
        named = logging.root.manager.loggerDict.items()
        loggers = {name: one for name, one in named if isinstance(one, logging.Logger)}
        return {"": logging.root, **loggers}

    def state(one: logging.Logger) -> tuple[Any, ...]:
        kept = (one.level, one.propagate, one.disabled)
        return (*kept, list(one.handlers), list(one.filters))

    before = {name: state(one) for name, one in known().items()}
    disabled = logging.root.manager.disable

    def back() -> None:
        for name, one in known().items():
            level, *kept = before.get(name, (logging.NOTSET, True, False, [], []))
            if one.level != level:
                one.setLevel(level)
            one.propagate, one.disabled, one.handlers, one.filters = kept
        logging.disable(disabled)

    return back


def _kept_numbers() -> Callable[[], None]:
    """Random states, decimal context, numpy's ways of printing and warning."""
    state, context = random.getstate(), decimal.getcontext().copy()
    numpy = sys.modules.get("numpy")
    if numpy:
        drawn = numpy.random.get_state(legacy=False)
        printed, errors = numpy.get_printoptions(), numpy.geterr()

    def back() -> None:
        random.setstate(state)
        decimal.setcontext(context)
        if numpy:
            numpy.random.set_state(drawn)
            numpy.set_printoptions(**printed)
            numpy.seterr(**errors)

    return back


def _kept_locale() -> Callable[[], None]:
    before, timeout = locale.setlocale(locale.LC_ALL), socket.getdefaulttimeout()

    def back() -> None:
        if locale.setlocale(locale.LC_ALL) != before:
            locale.setlocale(locale.LC_ALL, before)
        socket.setdefaulttimeout(timeout)

    return back


def _kept_pandas() -> Callable[[], None]:
    pandas = sys.modules.get("pandas")
    if pandas is None:
        return lambda: None
    before = {name: pandas.get_option(name) for name in _option_names(pandas.options)}

    def back() -> None:
        for name, value in before.items():
            if pandas.get_option(name) is not value:
                pandas.set_option(name, value)

    return back


def _option_names(options: Any, above: str = "") -> list[str]:
    """The names of pandas' options, at any depth; deprecated ones, which warn, are left out."""
    names = []
    for name in dir(options):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                value = getattr(options, name)
            except Warning:
                continue
        deeper = type(value) is type(options)
        names += _option_names(value, f"{above}{name}.") if deeper else [f"{above}{name}"]
    return names


def _kept_plotly() -> Callable[[], None]:
    """Templates and renderers; a template that was loaded is loaded anew: it can be changed."""
    plotly = sys.modules.get("plotly.io")
    if plotly is None:
        return lambda: None
    parts = [plotly.templates, plotly.renderers, plotly.defaults]
    parts += [plotly.renderers[name] for name in plotly.renderers]
    before = [(part, {name: _copy(value) for name, value in vars(part).items()}) for part in parts]

    def back() -> None:
        for part, values in before:
            vars(part).clear()
            vars(part).update({name: _copy(value) for name, value in values.items()})

    return back


def _copy(value: Any) -> Any:
    return value.copy() if isinstance(value, dict | list) else value


def _kept_collector() -> Callable[[], None]:
    running, levels = gc.isenabled(), gc.get_threshold()

    def back() -> None:
        (gc.enable if running else gc.disable)()
        gc.set_threshold(*levels)

    return back


def _kept_limits() -> Callable[[], None]:
    try:
        import resource
    except ImportError:  # Windows has none
        return lambda: None
    numbers = {getattr(resource, name) for name in dir(resource) if name.startswith("RLIMIT_")}
    before = {number: resource.getrlimit(number) for number in numbers}

    def back() -> None:
        for number, limits in before.items():
            if resource.getrlimit(number) != limits:
                resource.setrlimit(number, limits)

    return back


def _kept_company() -> Callable[[], None]:
    """Threads and child processes cannot be put back: they are only told."""
    threads = set(threading.enumerate())
    children = _has_children()

    def back() -> None:
        if set(threading.enumerate()) - threads or _has_children() > children:
            raise RuntimeError("a thread or a child process is left")

    return back


def _has_children() -> bool:
    if not hasattr(os, "waitid"):
        return False
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


_KEPT = (
    _kept_modules,  # first, since the others call functions that may have been replaced
    _kept_sys,
    _kept_environment,
    _kept_folder,
    _kept_signals,
    _kept_logging,
    _kept_numbers,
    _kept_locale,
    _kept_pandas,
    _kept_plotly,
    _kept_collector,
    _kept_limits,
    _kept_company,
)
