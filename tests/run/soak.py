"""Kill the real command at random moments and see what is left on disk.

python -m tests.run.soak 200 7    (how many kills, and the seed of the moments)

Every round goes on with the folder of the round before. Prints a row for each state found and ends
with 1 where readers ever met anything but a whole edition.
"""

import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from nmsdreports.run.publish import MANIFEST, read_manifest
from nmsdreports.run.verify import verify
from tests.checklist.months import SAMPLE

HELLO = Path(__file__).parents[1] / "files" / "notebooks" / "hello.ipynb"


def make_source(folder):
    """A copy of the sample whose reports are short."""
    source = shutil.copytree(SAMPLE, folder / "source")
    (source / "notebooks").mkdir()
    for name in ("school_report", "district_report"):
        shutil.copy(HELLO, source / "notebooks" / f"{name}.ipynb")
    settings = source / "district.toml"
    settings.write_text('notebooks = "notebooks"\n' + settings.read_text("utf-8"), "utf-8")
    return source


def run_for(source, output, seconds=None):
    """Run the month and kill the run after so many seconds; gives whether it had ended before."""
    command = [sys.executable, "-m", "nmsdreports.cli", "report", "--month", "2026-10", "--quiet"]
    run = subprocess.Popen([*command, "--output", output, source], stderr=subprocess.DEVNULL)
    try:
        return run.wait(seconds) is not None
    except subprocess.TimeoutExpired:
        run.kill()
        run.wait()
        return False


def change(source):
    """Give the spreadsheets a new state, so that the next run has work."""
    schools = source / "schools.csv"
    schools.write_text(schools.read_text("utf-8") + "\n", "utf-8")


def state_of(output):
    """What is left, in words; anything that readers must never meet begins with BROKEN."""
    if not output.is_dir() or not any(output.glob("2026*")):
        return "BROKEN: no edition" if (output / "index.html").exists() else "nothing published yet"
    faults = [one for one in verify(output) if one.faults]
    if faults:
        return f"BROKEN: {faults[0].name} {faults[0].faults[0]}"
    words = (
        "one whole edition" if len(list(output.glob("2026*"))) == 1 else "old and new, both whole"
    )
    index = output / "index.html"
    if index.exists():
        text = index.read_text("utf-8")
        led = [path for path in output.glob("2026*") if f'href="{path.name}/index.html"' in text]
        if len(led) != 1 or read_manifest(led[0]) is None:
            return f"BROKEN: {MANIFEST} or index.html leads nowhere"
    else:
        words += ", no index yet"
    waiting = [len(list(path.glob("*.json"))) for path in output.glob(".staging-*.finished")]
    return f"{words}; {sum(waiting)} reports wait" if sum(waiting) else words


def main(rounds, seed):
    """Print the table of what was found; return 1 where anything was broken."""
    moments, found, ended = random.Random(seed), Counter(), 0
    with tempfile.TemporaryDirectory() as folder:
        source, output = make_source(Path(folder)), Path(folder) / "reports"
        began = time.monotonic()
        run_for(source, output)
        longest = time.monotonic() - began
        change(source)
        for number in range(rounds):
            done = run_for(source, output, moments.uniform(0.1, 1.0) * longest)
            ended += done
            found[state_of(output)] += 1
            if done or not list(output.glob(".staging-*")):
                change(source)
            time.sleep(1.2)  # until the kernels have seen that their parent is gone
            print(f"\r{number + 1} of {rounds}", end="", file=sys.stderr)
    print(f"\n{rounds} runs with seed {seed}, {rounds - ended} killed, {ended} had ended before")
    for words, count in found.most_common():
        print(f"{count:6}  {words}")
    return int(any(words.startswith("BROKEN") for words in found))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
