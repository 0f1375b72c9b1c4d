"""Made-up districts of any size, the same for the same seed.

`simulate` gives the records of one whose rows are drawn by chance (what the verdicts are, only the
policy can tell); `plant` one of which every finding was planted, so that it is known beforehand;
`write_districts` writes such districts into a folder.
Trap: nothing here knows the policy floor, else its truth would be the policy's own opinion.
"""

from nmsdreports.simulate.by_chance import LAST_DAY, simulate
from nmsdreports.simulate.folder import write_districts
from nmsdreports.simulate.planted import Planted, plant

__all__ = ["LAST_DAY", "Planted", "plant", "simulate", "write_districts"]
