"""What `python -m nmsdreports.cli` runs."""

import os

from nmsdreports.cli import main
from nmsdreports.cli.common import COMMAND_VARIABLE

main(prog_name=os.environ.get(COMMAND_VARIABLE, "nmsdreports"))
