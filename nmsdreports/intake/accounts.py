"""One key for the many spellings of one account, and never one key for two accounts.

In: platform, handle and address texts; what is known of platforms stands in platforms.toml.
Out: keys such as "facebook:samplepine". Upper case is put aside except in YouTube's channel
identifiers; two forms that may be different accounts (a page and a group of one name) keep
different keys.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs, unquote

import pyarrow as pa

from nmsdreports.intake.choices import nearest
from nmsdreports.intake.grid import TEXT
from nmsdreports.intake.texts import Fault, Parsed
from nmsdreports.settings import fold

_DECLARATION = Path(__file__).with_name("platforms.toml")
_ADDRESS = re.compile(
    r"(?:https?:)?(?://)?(?:[^/@\s]*@)?(?P<host>[\w-]+(?:\.[\w-]+)+)(?::\d+)?"
    r"(?P<path>/[^?#]*)?(?:\?(?P<query>[^#]*))?(?:#.*)?",
    re.IGNORECASE,
)
_LONGEST_ADDRESS = 2_000
_DATED_POST = re.compile(r"/\d{4}/\d{1,2}(/.*)?$")
_INDEX = re.compile(r"/(index\.(html?|php)|default\.aspx?)?$", re.IGNORECASE)


@dataclass(frozen=True)
class Platform:
    """One declared platform; the meaning of each field stands at the head of platforms.toml."""

    id: str
    name: str
    aliases: tuple[str, ...]
    hosts: tuple[str, ...]
    skip: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    numbered: tuple[str, ...] = ()
    lone: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    cased: tuple[str, ...] = ()
    query: str = ""
    dotless: bool = False
    whole: bool = False


# Stands for every page that only collects links.
_COLLECTION = Platform("", "", (), ())


@dataclass(frozen=True)
class Address:
    """What an address says: its platform ("" = none known), the account's name ("" = none), and
    whether it is a link to one post or a collection of links."""

    platform: str
    name: str
    post: bool = False
    collection: bool = False


@cache
def read_platforms() -> dict[str, Platform]:
    """All declared platforms by id."""
    declared = tomllib.loads(_DECLARATION.read_text(encoding="utf-8"))
    return {
        name: Platform(
            name, **{k: tuple(v) if isinstance(v, list) else v for k, v in facts.items()}
        )
        for name, facts in declared.items()
        if isinstance(facts, dict)
    }


@cache
def _hosts() -> dict[str, Platform]:
    declared = tomllib.loads(_DECLARATION.read_text(encoding="utf-8"))
    hosts = {host: platform for platform in read_platforms().values() for host in platform.hosts}
    return hosts | dict.fromkeys(declared["collections"], _COLLECTION)


@cache
def _names() -> dict[str, str]:
    platforms = read_platforms().values()
    names = {fold(alias): platform.name for platform in platforms for alias in platform.aliases}
    return names | {fold(platform.name): platform.name for platform in platforms}


@cache
def _ids() -> dict[str, str]:
    return {platform.name: platform.id for platform in read_platforms().values()}


def parse_platforms(texts: Sequence[str | None]) -> Parsed:
    """The platform's name as reports write it; an unknown one as typed, with a note."""
    values: list[str | None] = []
    faults: dict[int, Fault] = {}
    for position, text in enumerate(texts):
        name = _names().get(fold(text)) if text is not None else None
        values.append(name or text)
        if text is not None and name is None:
            near = nearest(text, _names())
            faults[position] = Fault("unknown-platform", _names()[near] if near else None)
    return Parsed(pa.array(values, TEXT), faults)


def read_address(url: str) -> Address:
    """What one address says about the account it leads to."""
    found = _ADDRESS.fullmatch(url.strip()) if len(url) <= _LONGEST_ADDRESS else None
    if not found:
        return Address("", "")
    host = found["host"].casefold().removeprefix("www.")
    path = unquote(found["path"] or "")
    platform = _platform_of(host)
    if platform is None:
        return _whole("", host, path)
    if platform is _COLLECTION:
        return Address("", f"{host}{_INDEX.sub('', path)}", collection=True)
    if platform.whole:
        return _whole(platform.id, host, path)
    return _within(platform, path, found["query"] or "")


def account_key(own: str, handle: str | None, address: Address | None) -> str | None:
    """The key of the account that a platform's id, a handle and an address name together.

    The address decides where it names an account, since a handle may be typed in any way.
    """
    if address is not None and address.name and not address.collection:
        return f"{address.platform or own}:{address.name}"
    name = handle_name(own, handle)
    return f"{own}:{name}" if name else None


def platform_id(name: str) -> str:
    """The id of a platform by the name that reports write; an unknown one's folded name."""
    return _ids().get(name) or fold(name)


def fits(address: Address, platform: str) -> bool:
    """Whether an address may be one of a platform; a blog may stand under any domain of its own."""
    declared = read_platforms().get(platform)
    if address.collection:
        return False
    if address.platform:
        return address.platform == platform or declared is None
    return declared is None or declared.whole or not address.name


def handle_name(platform: str, handle: str | None) -> str:
    """A handle as the key of its platform holds it; an address typed as a handle is read as one."""
    if not handle:
        return ""
    if "/" in handle:
        address = read_address(handle)
        if address.name:
            return address.name
    name = handle.strip().lstrip("@").casefold().strip("/ ")
    declared = read_platforms().get(platform)
    return name.replace(".", "") if declared and declared.dotless else name


def _platform_of(host: str) -> Platform | None:
    """The platform that a domain, or one that it stands under, belongs to."""
    while "." in host:
        if host in _hosts():
            return _hosts()[host]
        host = host.partition(".")[2]
    return None


def _whole(platform: str, host: str, path: str) -> Address:
    place = _INDEX.sub("", _DATED_POST.sub("", path)).rstrip("/")
    return Address(platform, host.removeprefix("m.") + place, post=bool(_DATED_POST.search(path)))


def _within(platform: Platform, path: str, query: str) -> Address:
    parts = [part for part in path.split("/") if part]
    while parts and parts[0].casefold() in platform.skip:
        parts = parts[1:]
    if platform.query and (not parts or parts[0].casefold() == "profile.php"):
        number = parse_qs(query).get(platform.query, [""])[0]
        return Address(platform.id, number.casefold())
    if not parts:
        return Address(platform.id, "")
    first = parts[0].casefold()
    if first in platform.lone:
        return Address(platform.id, "", post=True)
    if first in platform.numbered:
        numbers = re.findall(r"\d+", parts[-1])
        return Address(platform.id, numbers[-1] if numbers else _bare(platform, parts[-1]))
    kind = f"{first}/" if first in platform.kinds else ""
    if kind and len(parts) < 2:
        return Address(platform.id, "")
    rest = parts[1:] if kind else parts
    name = rest[0] if first in platform.cased else _bare(platform, rest[0])
    post = any(part.casefold() in platform.posts for part in rest[1:2])
    return Address(platform.id, kind + name, post=post)


def _bare(platform: Platform, name: str) -> str:
    name = name.lstrip("@").casefold()
    return name.replace(".", "") if platform.dotless else name
