"""End the real command at random moments and see what is left on disk.

python -m tests.run.soak 200 11       (how many runs, and the seed of all that is random)
python -m tests.run.soak 200 11 30    (and after how many minutes it ends all the same)
python -m tests.run.soak steps        (ends a run at each file operation of publishing in turn)

Every run goes on in the folder of the one before. Each is ended at a random moment: killed, told to
stop by the system, stopped by Ctrl-C, or let run to its end; half of them make their reports
without a kernel, so that the moments of publishing are met often. Prints what readers found after
each, and ends with 1 where that was ever anything but a whole edition, where a run took more than
five seconds to end, and where an interrupted month was not completed by a later run.
"""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path

from nmsdreports.run.damage import INDEX
from nmsdreports.run.lock import LOCK
from nmsdreports.run.publish import as_made, editions
from nmsdreports.run.verify import verify
from tests.checklist.months import SAMPLE
from tests.run import killed
from tests.run.processes import children_of, still_running

HELLO = Path(__file__).parents[1] / "files" / "notebooks" / "hello.ipynb"
QUICK = [str(Path(__file__).with_name("quick_night.py")), "2026-11-24T20:00+00:00"]
HOW = {"real": ["-m", "nmsdreports.cli"], "quick": QUICK}
MEASURED_EVERY = 25  # other work makes a machine slower and faster
SIGNALS = {
    "kill -9": signal.SIGKILL,
    "SIGTERM": signal.SIGTERM,
    "Ctrl-C": signal.SIGINT,
}
STOPPED = {"kill -9": {-9}, "SIGTERM": {143, -15}, "Ctrl-C": {130, -2}}
"""How a run may end; by the signal itself where it had not begun to listen."""
COLUMNS = (
    "runs", "ended before", "nothing yet", "old intact", "new whole", "index still old",
    "reports wait", "lock left", "child left", "BROKEN",
)  # fmt: skip


def make_source(folder):
    """A copy of the sample whose reports are short."""
    source = shutil.copytree(SAMPLE, folder / "source")
    (source / "notebooks").mkdir()
    for name in ("school_report", "district_report"):
        shutil.copy(HELLO, source / "notebooks" / f"{name}.ipynb")
    shutil.copy(HELLO.with_name("board.ipynb"), source / "notebooks" / "board_charts.ipynb")
    settings = source / "district.toml"
    settings.write_text('notebooks = "notebooks"\n' + settings.read_text("utf-8"), "utf-8")
    return source


def run_for(how, source, output, ending="", seconds=None):
    """Run the month and end it after so many seconds.

    Gives the exit status, whether it had ended before, its children that live on, and its words.
    """
    asked = ["report", "--month", "2026-10", "--quiet", "--output", str(output), str(source)]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        run = subprocess.Popen([sys.executable, *how, *asked], stderr=said, start_new_session=True)
        children = []
        try:
            run.wait(seconds)
            before = True
        except subprocess.TimeoutExpired:
            before, children = False, children_of(run.pid)
            if ending == "Ctrl-C":  # a terminal sends it to every process
                os.killpg(run.pid, SIGNALS[ending])
            else:
                run.send_signal(SIGNALS[ending])
            try:
                run.wait(5)
            except subprocess.TimeoutExpired:
                children.append(run.pid)
                run.kill()
                run.wait()
        said.seek(0)
        return run.returncode, before, still_running(children), said.read()


def time_of(how, source, output):
    """How many seconds the month takes on this machine now."""
    began = time.monotonic()
    run_for(how, source, output)
    return time.monotonic() - began


def change(source):
    """Give the spreadsheets a new state, so that the next run has work."""
    schools = source / "schools.csv"
    schools.write_text(schools.read_text("utf-8") + "\n", "utf-8")


def led_to(output):
    """The folder that the page of all months leads to; nothing where there is no page."""
    index = output / INDEX
    if not index.exists():
        return None
    (name,) = re.findall(r'href="([^"/]+)/index\.html"', index.read_text("utf-8"))
    return output / name


def faults_of(output):
    """What readers must never meet, in words."""
    if not output.is_dir():
        return []
    led, standing = led_to(output), editions(output)
    if not standing:
        return ["no edition, but a page that leads to one"] if led else []
    faults = [
        f"{one.name} {fault}" for one in verify(output) for fault in one.faults if one.name != INDEX
    ]
    if led is not None and not as_made(led):
        faults.append(f"{INDEX} leads to {led.name}, which is not whole")
    return faults


def look(output, before, counts):
    """Count what readers find now; `before` is the edition they were led to before the run."""
    faults = faults_of(output)
    now = led_to(output) if output.is_dir() else None
    newest = [found[-1] for found in editions(output).values()]
    seen = "nothing yet" if now is None else "old intact" if now == before else "new whole"
    counts["BROKEN" if faults else seen] += 1
    counts["index still old"] += bool(newest and now != newest[0])
    counts["reports wait"] += any(output.glob(".staging-*.finished/*.json"))
    counts["lock left"] += (output / LOCK).exists()
    return faults


def main(rounds, seed, minutes=24 * 60):
    """Print the table of what was found; return 1 where anything was broken."""
    chance, table, statuses = random.Random(seed), defaultdict(Counter), defaultdict(Counter)
    broken, interrupted, completed = [], 0, 0
    end = time.monotonic() + 60 * minutes
    # Where a shell has put us into the background, our runs would take no Ctrl-C either.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with tempfile.TemporaryDirectory() as folder:
        source, output = make_source(Path(folder)), Path(folder) / "reports"
        for number in range(rounds + 1):
            if number % MEASURED_EVERY == 0:
                aside = Path(folder) / f"aside {number}"
                longest = {name: time_of(how, source, aside / name) for name, how in HOW.items()}
            name = chance.choice(list(HOW))
            ending = chance.choice(["kill -9", "kill -9", "SIGTERM", "Ctrl-C"])
            seconds = chance.uniform(0.05, 1.1) * longest[name]
            last = number == rounds or time.monotonic() > end
            if last:  # let run to its end
                name, ending, seconds = "real", "none", None
            before = led_to(output) if output.is_dir() else None
            status, done, living, said = run_for(HOW[name], source, output, ending, seconds)
            counts = table[f"{ending}, {name}"]
            counts["runs"] += 1
            counts["ended before"] += done
            counts["child left"] += bool(living)
            statuses[ending][status] += 1
            faults = look(output, before, counts)
            if status not in ({0} if done else STOPPED[ending] | {0}):
                faults.append(f"ended with {status}")
            # Python's own words for a Ctrl-C that came before the program had begun.
            if "Traceback" in said and status != -signal.SIGINT:
                faults.append(said.splitlines()[-1])
            if done:
                completed += interrupted
                interrupted = 0
                left = [path.name for path in output.iterdir() if path.name.startswith(".")]
                faults += [f"{left} left by a run that ended by itself"] if left else []
                change(source)
            else:
                interrupted += 1
            broken += [f"run {number}, {ending}: {fault}" for fault in faults]
            print(f"\r{number + 1} of {rounds + 1}", end="", file=sys.stderr)
            if last:
                break
    print(f"\n{number} runs ended at random moments with seed {seed}, and a last one let run")
    widths = [max(len(name), 5) for name in COLUMNS]
    print(f"{'':16}", *(f"{name:>{width}}" for name, width in zip(COLUMNS, widths, strict=True)))
    for row in sorted(table):
        cells = zip(COLUMNS, widths, strict=True)
        print(f"{row:16}", *(f"{table[row][name]:>{width}}" for name, width in cells))
    for ending, found in statuses.items():
        print(f"exit status after {ending}: {dict(sorted(found.items()))}")
    print(f"{completed} interrupted runs were completed by a later one, {interrupted} were not")
    print("\n".join(broken) or "nothing broken")
    return int(bool(broken or interrupted))


def main_steps():
    """End a run at each file operation of publishing in turn; return 1 where anything was broken.

    Prints what readers found, by the operation that did not take place any more.
    """
    found = defaultdict(Counter)
    with tempfile.TemporaryDirectory() as folder:
        source, start = killed.write_source(Path(folder) / "source"), Path(folder) / "start"
        killed.publish(source, start, step=-1)
        killed.change(source)
        whole = shutil.copytree(start, Path(folder) / "whole")
        _, listed = killed.publish(source, whole, step=-1)
        for step, line in enumerate(listed):
            seen = killed.seen_after(source, start, Path(folder) / f"work {step}", step)
            found[line.split()[0]][seen] += 1
            shutil.rmtree(Path(folder) / f"work {step}")
            print(f"\r{step + 1} of {len(listed)}", end="", file=sys.stderr)
    print(f"\n{len(listed)} runs ended, each before another file operation of publishing")
    for operation, counts in sorted(found.items()):
        print(f"{operation:10} {dict(sorted(counts.items()))}")
    return int(any(set(counts) - {"2026-10", "2026-10-2"} for counts in found.values()))


if __name__ == "__main__":
    steps = sys.argv[1:] == ["steps"]
    sys.exit(main_steps() if steps else main(*map(int, sys.argv[1:])))
