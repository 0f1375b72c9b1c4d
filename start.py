"""The one way to begin, on Linux, macOS and Windows, with nothing but Python 3.11 or newer.

`report` and every other verb set up once and are passed on to nmsdreports; `test` sets up for
development, then runs every check and test; without a verb, or with --help, HELP is printed.

Without a source, and without a district.toml in the current folder, the made-up district in
data/sample is taken. Only the standard library is used here, and this file can still be read by
the older Pythons that it turns away.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections import deque
from pathlib import Path

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "nmsdreports-setup.json"
SAMPLE = ROOT / "data" / "sample"
SAMPLE_MONTH = "2026-10"
SOURCE_VERBS = ("check", "doctor", "explain", "explore", "report", "table")
CHECKS = (
    ("lint", ["-m", "ruff", "check", "."]),
    ("format", ["-m", "ruff", "format", "--check", "."]),
    (
        "floors",
        ["-c", "from importlinter.cli import lint_imports_command as run; run(['--no-logo'])"],
    ),
    # one worker a file; tests/conftest.py says which files come first
    ("tests", ["-m", "pytest", "-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder"]),
)
LAST_LINES = 12
COMMAND = "py start.py" if os.name == "nt" else "python3 start.py"
HELP = """\
Monthly reports on the official social media accounts of a school district.

  {0} report        makes last month's reports, one a school
  {0} check         says what is wrong in the spreadsheets
  {0} explain NAME  says why an account is judged as it is
  {0} explore       opens a notebook to look around in
  {0} table NAME    prints a table for another program
  {0} policy        prints the guidelines in force
  {0} new FOLDER    makes empty spreadsheets to begin with
  {0} send          writes each principal's e-mail with the report
  {0} collect       takes up what principals answered
  {0} publish MONTH keeps the month's reports for ever
  {0} monthly       does all of this where it is due, else nothing
  {0} schedule      has `monthly` start every weekday morning
  {0} rollover      lists what a new school year asks for
  {0} verify        says whether reports are as they were made
  {0} doctor        says whether this computer can do everything
  {0} simulate      makes up districts (for programmers)
  {0} test          checks the program (for programmers)

Put the folder with your spreadsheets last: {0} report our-district
Left out, a made-up district is shown, so that you can try everything.
The first time takes a few minutes and needs the internet.

More about one of them: {0} report --help, and docs/for-the-office."""

# What pip says, and what a person can do about it; the first that fits is shown.
PIP_TROUBLES = (
    (
        ("no space left", "errno 28", "not enough space", "disk full"),
        "The disk is full: about 1.5 GB must be free in this folder.",
    ),
    (
        ("certificate_verify_failed", "sslerror"),
        "The package index could not be trusted: the network seems to inspect traffic. "
        "Ask whoever runs the network which certificate pip must use (PIP_CERT).",
    ),
    (
        ("do not match the hashes",),
        "A downloaded package is not the one this project was tested with, so it was refused. "
        "Try again; if it stays so, tell whoever runs the network.",
    ),
    (
        ("permission denied", "errno 13", "winerror 5", "access is denied"),
        "This folder may not be written: move the project to a folder of yours, "
        "close programs that use it, and start again.",
    ),
    (
        ("connection", "resolution", "timed out", "unreachable", "proxy", "versions: none"),
        "The package index could not be reached: connect to the internet (only this first time "
        "needs it) and start again. Behind a proxy, set HTTPS_PROXY first.",
    ),
    (
        ("no matching distribution", "could not find a version"),
        "A package is not to be had for this Python: python.org's Python 3.12 is a safe choice.",
    ),
)


class SetupError(Exception):
    """A set-up step that failed: one sentence for a person, and what the program said."""

    def __init__(self, sentence, said=()):
        super().__init__(sentence)
        self.said = list(said)


def say(text):
    """Print one line about progress where it disturbs no output."""
    print(text, file=sys.stderr, flush=True)


def version_sentence(version):
    """Return what to install, or nothing where this Python will do."""
    if tuple(version[:2]) >= OLDEST:
        return ""
    return (
        f"This is Python {version[0]}.{version[1]}, and nmsdreports needs Python "
        f"{OLDEST[0]}.{OLDEST[1]} or newer: install it from python.org "
        "(or with your system's package manager), then start again."
    )


def venv_python(venv=VENV):
    """Return the path of a virtual environment's own Python."""
    return venv / "Scripts" / "python.exe" if os.name == "nt" else venv / "bin" / "python"


def fingerprint(lock, root=ROOT):
    """Return what a finished set-up is recognised by: lock, package list, Python and folder."""
    parts = [(root / "requirements" / lock).read_bytes(), (root / "pyproject.toml").read_bytes()]
    parts += [sys.version.encode(), str(root).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def is_ready(lock, stamp=STAMP, python=None):
    """Return whether the environment was set up from this lock (dev holds all of run)."""
    try:
        done = json.loads(stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    known = {lock, "dev.lock"}
    wanted = {name: fingerprint(name) for name in known}
    if not any(done.get(name) == wanted[name] for name in known):
        return False
    return runs(python or venv_python())


def runs(python):
    """Return whether this Python starts (its own installation may have been removed)."""
    try:
        done = subprocess.run([str(python), "-c", ""], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def trouble_sentence(lines):
    """Return what a person can do about pip's last words."""
    text = "\n".join(lines).lower()
    for signs, sentence in PIP_TROUBLES:
        if any(sign in text for sign in signs):
            return sentence
    return "The packages could not be installed. What pip said last is above."


def make_venv():
    """Create the virtual environment, or take the one that is there when it still starts."""
    if runs(venv_python()):
        return
    say("  a Python environment of the project's own, in .venv (a few seconds)")
    if VENV.exists():
        shutil.rmtree(VENV, ignore_errors=True)
    command = [sys.executable, "-m", "venv", str(VENV)]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode:
        said = (done.stdout + done.stderr).strip().splitlines()[-LAST_LINES:]
        if "ensurepip" in " ".join(said):
            raise SetupError(
                "This Python came without its venv part: on Debian or Ubuntu run "
                "'sudo apt install python3-venv', then start again.",
                said,
            )
        raise SetupError(trouble_sentence(said), said)


def run_pip(arguments):
    """Run pip in the environment, showing how far it is; raise with its last lines."""
    command = [str(venv_python()), "-m", "pip", "--disable-pip-version-check", "--no-input"]
    command += ["install", "--progress-bar", "off", *arguments]
    last = deque(maxlen=LAST_LINES)
    seen = 0
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        cwd=ROOT,
    ) as pip:
        for line in pip.stdout:
            if not line.startswith(("Ignoring ", "Processing ", "  Downloading ")):
                last.append(line.rstrip())
            if line.startswith(("Collecting ", "Processing ", "Requirement already satisfied")):
                seen += 1
                if seen % 25 == 0:
                    say(f"    {seen} packages looked at")
            elif line.startswith("Installing collected") and seen > 1:
                say("    unpacking them (about a minute)")
    if pip.returncode:
        raise SetupError(trouble_sentence(last), last)


def set_up(lock):
    """Make .venv what the lock says, once; do nothing when that was done before."""
    if is_ready(lock):
        return
    began = time.monotonic()
    say("Setting up nmsdreports, this once:")
    make_venv()
    STAMP.unlink(missing_ok=True)
    say("  the packages it stands on, checked by their hashes (one to four minutes)")
    run_pip(["--require-hashes", "-r", str(ROOT / "requirements" / lock)])
    say("  nmsdreports itself (a few seconds)")
    run_pip(["--no-deps", "--no-build-isolation", "-e", str(ROOT)])
    STAMP.write_text(json.dumps({lock: fingerprint(lock)}) + "\n", encoding="utf-8")
    say(f"Set up in {time.monotonic() - began:.0f} seconds.\n")


def run_tests(arguments):
    """Run every check of CHECKS, all of them whatever fails, and sum up."""
    results = []
    for name, command in CHECKS:
        say(f"== {name}")
        extra = arguments if name == "tests" else []
        status = subprocess.call([str(venv_python()), *command, *extra], cwd=ROOT)
        results.append((name, status))
    say("")
    for name, status in results:
        say(f"{name:<8} {'good' if status == 0 else f'FAILED (exit status {status})'}")
    return 0 if all(status == 0 for _, status in results) else 1


def verb_environment(verb, folder):
    """Return the environment for a verb: the sample where no district is at hand."""
    environment = {**os.environ, "NMSDREPORTS_COMMAND": COMMAND}
    if verb in SOURCE_VERBS and not (folder / "district.toml").exists():
        environment.setdefault("NMSDREPORTS_SOURCE", str(SAMPLE))
        environment.setdefault("NMSDREPORTS_SAMPLE_MONTH", SAMPLE_MONTH)
    return environment


def run_verb(arguments):
    """Pass the verb and its options on to the program."""
    verb = arguments[0] if arguments else ""
    environment = verb_environment(verb, Path.cwd())
    return subprocess.call(
        [str(venv_python()), "-m", "nmsdreports.cli", *arguments], env=environment
    )


def main(arguments):
    """Set up what is missing, then run what was asked for; return the exit status."""
    if not arguments or arguments[0] in ("-h", "--help"):
        print(HELP.format(COMMAND))
        return 0 if arguments else 2
    testing = arguments[0] == "test"
    try:
        set_up("dev.lock" if testing else "run.lock")
    except SetupError as error:
        for line in error.said:
            say(f"    {line}")
        say(f"\n{error}")
        return 2
    except OSError as error:
        say(f"\n{trouble_sentence([str(error)])} ({error})")
        return 2
    return run_tests(arguments[1:]) if testing else run_verb(arguments)


if __name__ == "__main__":
    too_old = version_sentence(sys.version_info)
    if too_old:
        sys.exit(too_old)
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        say("\nStopped.")
        sys.exit(130)
