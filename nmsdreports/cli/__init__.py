"""The verbs: options, calls, messages, exit status.

Nothing slow is imported before a verb has its options: `--help` and a wrong option answer at once.
Exit status: 0 done, 1 done but something was quarantined or failed, 2 nothing was made.
"""

import click

from nmsdreports.cli.collecting import collect
from nmsdreports.cli.explaining import explain, policy
from nmsdreports.cli.exploring import doctor, explore
from nmsdreports.cli.keeping import publish, verify
from nmsdreports.cli.reading import check, new
from nmsdreports.cli.renewing import rollover
from nmsdreports.cli.reporting import report
from nmsdreports.cli.scheduling import schedule
from nmsdreports.cli.sending import send
from nmsdreports.cli.simulating import simulate
from nmsdreports.cli.tables import table
from nmsdreports.cli.unattended import monthly


@click.group(
    "nmsdreports",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)
@click.version_option(package_name="nmsdreports", message="nmsdreports %(version)s")
def main() -> None:
    """Reports on a district's official social-media accounts.

    SOURCE is the folder with the district's spreadsheets; left out, it is the current folder where
    that holds a district.toml.
    """


VERBS = (
    *(check, report, send, collect, publish, verify, monthly, schedule),
    *(explore, table, explain, policy, rollover, new, doctor, simulate),
)
for verb in VERBS:
    main.add_command(verb)
