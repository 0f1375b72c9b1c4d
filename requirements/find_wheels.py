"""Asks pip which wheel of each locked package serves each system; writes wheels.json.

    python requirements/find_wheels.py

Needs the network and some hundred megabytes of traffic; run it whenever the lock changes. A test
holds what is written against the lock, without the network.
"""

import hashlib
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from packaging.markers import Marker

HERE = Path(__file__).parent
LOCK, FOUND = HERE / "dev.lock", HERE / "wheels.json"
LINUX = [f"manylinux_2_{n}_x86_64" for n in (28, 17, 12, 5)] + ["manylinux2014_x86_64"]
PLATFORMS = {
    "Linux x64": (LINUX, "linux", "Linux", "x86_64"),
    "Windows x64": (["win_amd64"], "win32", "Windows", "AMD64"),
    "macOS x64": (["macosx_13_0_x86_64"], "darwin", "Darwin", "x86_64"),
    "macOS arm64": (["macosx_14_0_arm64"], "darwin", "Darwin", "arm64"),
}
PYTHONS = ("3.11", "3.12")


def pins(platform: str, python: str) -> list[str]:
    """The packages, as name==version, that the lock has for a platform and a Python."""
    _, sys_platform, system, machine = PLATFORMS[platform]
    here = {"sys_platform": sys_platform, "platform_system": system, "platform_machine": machine}
    here |= {"os_name": "nt" if sys_platform == "win32" else "posix"}
    here |= {"python_version": python, "python_full_version": f"{python}.9"}
    lines = re.findall(r"^(\S+==\S+)(?: ; (.+?))? \\$", LOCK.read_text("utf-8"), re.MULTILINE)
    return [pin for pin, marker in lines if not marker or Marker(marker).evaluate(here)]


def wheels(platform: str, python: str, wanted: list[str]) -> dict[str, str]:
    """File name and SHA-256 of the wheel that pip takes for each pin that has one."""
    options = [option for tag in PLATFORMS[platform][0] for option in ("--platform", tag)]
    # the versions are pinned; pip would hold them against the Python that runs it
    options += ["--python-version", f"{python}.9", "--ignore-requires-python", "--no-deps"]
    options += ["--quiet", "--dry-run", "--ignore-installed", "--only-binary=:all:"]
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "pip", "install", *options, "--target", folder]
        command += ["--report", str(report), *wanted]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            none = re.findall(r"No matching distribution found for (\S+)", done.stderr)
            if not none:
                raise SystemExit(done.stderr)
            return wheels(platform, python, [pin for pin in wanted if pin not in none])
        found = [one["download_info"] for one in json.loads(report.read_text())["install"]]
    return {one["url"].rsplit("/", 1)[1]: one["archive_info"]["hashes"]["sha256"] for one in found}


def plain_name(wheel: str) -> str:
    """The package of a wheel's file name, as locks write it."""
    return re.sub(r"[-_.]+", "-", wheel.split("-")[0]).lower()


def main() -> None:
    """Ask for every platform and Python; a wheel that serves all is asked for only once."""
    found: dict[str, str] = {}
    systems: dict[str, list[str]] = {}
    for platform in PLATFORMS:
        for python in PYTHONS:
            everywhere = {plain_name(wheel) for wheel in found if wheel.endswith("-none-any.whl")}
            needed = pins(platform, python)
            wanted = [pin for pin in needed if pin.split("==")[0] not in everywhere]
            taken = wheels(platform, python, wanted)
            found |= taken
            without = {pin.split("==")[0] for pin in wanted} - set(map(plain_name, taken))
            systems[f"{platform}, Python {python}"] = sorted(without)
            print(platform, python, len(taken), "wheels; none for", without, file=sys.stderr)
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    facts = {"lock": digest, "without": systems, "wheels": dict(sorted(found.items()))}
    FOUND.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
