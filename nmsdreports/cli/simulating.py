"""The verb that makes districts up: simulate."""

from pathlib import Path

import click

from nmsdreports.cli.common import Refused, quiet_option, refuses, say

_MOST = {"districts": 10_000, "accounts": 1_000_000, "months": 240, "seed": 2**31 - 1}
_LEAST = {"seed": 0}


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--districts", default="1", show_default=True, metavar="N", help="How many.")
@click.option(
    "--accounts", default="60", show_default=True, metavar="M", help="Accounts of each district."
)
@click.option(
    "--months", default="24", show_default=True, metavar="K", help="Months in which they began."
)
@click.option(
    "--seed", default="2026", show_default=True, metavar="S", help="Another seed, other districts."
)
@quiet_option
@refuses
def simulate(
    folder: Path, districts: str, accounts: str, months: str, seed: str, quiet: bool
) -> None:
    """Make up districts of any size in FOLDER, with their truth.

    Registries and logs as an office has them, up to October 31, 2026, and in the folder truth every
    finding that they hold. The same numbers make the same files.
    """
    from nmsdreports.simulate import write_districts

    many, size, length, start = (
        _whole(name, text)
        for name, text in (
            ("districts", districts),
            ("accounts", accounts),
            ("months", months),
            ("seed", seed),
        )
    )
    if folder.exists() and not folder.is_dir():
        raise Refused(f'"{folder}" is a file; name a new folder.')
    if folder.exists() and any(folder.iterdir()):
        raise Refused(f'"{folder}" is not empty; name a new folder, so that nothing is lost.')
    step = max(1, many // 10)

    def told(number: int) -> None:
        if not quiet and many > 1 and (number % step == 0 or number == many):
            say(f"  {number:,} of {many:,}")

    names = write_districts(folder, many, size, length, start, told)
    if not quiet:
        each = f"{size:,} {'account' if size == 1 else 'accounts'}"
        count = "1 district" if many == 1 else f"{many:,} districts"
        command = click.get_current_context().find_root().info_name
        say(f"Wrote {count} of {each} into {folder}, their findings into {folder / 'truth'}")
        say(f"Then: {command} report --month 2026-10 {folder / names[0]}")


def _whole(name: str, text: str) -> int:
    """The number that an option gives, or a sentence why it cannot be taken."""
    least, most = _LEAST.get(name, 1), _MOST[name]
    digits = text.strip()
    if digits.isascii() and digits.isdigit() and least <= int(digits) <= most:
        return int(digits)
    raise Refused(f'--{name} cannot be "{text}"; write a whole number from {least} to {most:,}.')
