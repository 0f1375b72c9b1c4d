"""What stands in modules, put back after a notebook: functions, classes, and the modules there are.

A notebook that replaces `os.getcwd` or a method of DataFrame, or that adds a name to the builtins,
changes it for the whole process. Of every module loaded the functions, classes and modules are
remembered, of this program's own also plain values; of the classes people extend (pandas', plotly's
figure, this program's own) every member. A name that a module has gained is deleted, unless it is a
submodule that was imported: a library that fills names at first use fills them anew.
Traps: other values of foreign modules are left alone, because many are filled in at first use; and
what is put into a library's dictionary or on one of its functions stays.
"""

import builtins
import linecache
import sys
from collections.abc import Callable
from pathlib import Path
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

_OWN = "nmsdreports"
_CODE = (FunctionType, BuiltinFunctionType, MethodType, ModuleType, type)
_WITH_CLASSES = ("pandas", "plotly.basedatatypes", "plotly.graph_objs._figure")
_PLAIN = (str, int, float, tuple, frozenset, Path)
# Members that Python itself sets on a class when it likes.
_PYTHONS = {"__dict__", "__weakref__", "__annotations__", "__abstractmethods__", "_abc_impl"}
_MADE_BY_CLASS_STATEMENT = 1 << 9  # Python's Py_TPFLAGS_HEAPTYPE
_remembered: dict[str, tuple[ModuleType, dict[str, Any], frozenset[str]]] = {}
_classes: dict[type, dict[str, Any]] = {}


def kept_modules() -> Callable[[], None]:
    """Remember what stands in modules now; the function returned puts it back.

    What was remembered of a module once is not looked at again, since it was put back.
    """
    for name, module in list(sys.modules.items()):
        if name != "__main__" and name not in _remembered and isinstance(module, ModuleType):
            _remembered[name] = (module, _members(name, module), frozenset(vars(module)))
            _classes.update({one: _of_class(one) for one in _extended(name, module)})
    there, main = dict(sys.modules), sys.modules["__main__"]
    built_in = vars(builtins)
    names = dict(built_in)
    lines = set(linecache.cache)

    def back() -> None:
        built_in.update(names)  # before a builtin is called
        for name in built_in.keys() - names.keys():
            del built_in[name]
        for name, module in list(sys.modules.items()):
            if name not in there and not (_is_installed(module) or _came_along(name, there)):
                del sys.modules[name]
        sys.modules.update({name: one for name, one in there.items() if not _is(name, one)})
        sys.modules["__main__"] = main
        for module, members, known in _remembered.values():
            held = vars(module)
            for name in held.keys() - known:
                if not isinstance(held[name], ModuleType) or not _is_installed(held[name]):
                    del held[name]
            for name, value in members.items():
                if held.get(name) is not value:
                    held[name] = value
        for one, members in _classes.items():
            _put_back(one, members)
        for name in set(linecache.cache) - lines:
            linecache.cache.pop(name, None)

    return back


def _is(name: str, module: ModuleType) -> bool:
    return sys.modules.get(name) is module


def _members(name: str, module: ModuleType) -> dict[str, Any]:
    kinds = (*_CODE, *_PLAIN) if _is_own(name) else _CODE
    return {key: value for key, value in vars(module).items() if isinstance(value, kinds)}


def _extended(name: str, module: ModuleType) -> list[type]:
    """The classes of a module of which every member is remembered."""
    if name not in _WITH_CLASSES and not _is_own(name):
        return []
    kinds = [one for one in vars(module).values() if isinstance(one, type)]
    return [one for one in kinds if _can_be_changed(one)]


def _can_be_changed(one: type) -> bool:
    return bool(one.__flags__ & _MADE_BY_CLASS_STATEMENT)


def _of_class(one: type) -> dict[str, Any]:
    return {key: value for key, value in vars(one).items() if key not in _PYTHONS}


def _put_back(one: type, members: dict[str, Any]) -> None:
    now = vars(one)
    for name, value in members.items():
        if now.get(name) is not value:
            setattr(one, name, value)
    for name in [name for name in now if name not in members and name not in _PYTHONS]:
        delattr(one, name)


def _is_own(name: str) -> bool:
    return name == _OWN or name.startswith(f"{_OWN}.")


def _came_along(name: str, there: dict[str, ModuleType]) -> bool:
    """Whether a library made this module, which has no file, when it was imported just now."""
    above = name.rpartition(".")[0]
    return above not in there and _is_installed(sys.modules.get(above))


def _is_installed(module: Any) -> bool:
    """Whether a module belongs to Python or to what is installed with it, or to this program."""
    origin = getattr(getattr(module, "__spec__", None), "origin", None)
    if origin in ("built-in", "frozen"):
        return True
    own = [origin, getattr(module, "__file__", None), *(getattr(module, "__path__", None) or [])]
    files = [place for place in own if place and Path(place).is_absolute()]
    inside = (any(Path(file).is_relative_to(root) for root in _ROOTS) for file in files)
    return bool(files) and all(inside)


_ROOTS = (
    *(Path(prefix) for prefix in {sys.prefix, sys.base_prefix}),
    Path(__file__).resolve().parents[1],
)
