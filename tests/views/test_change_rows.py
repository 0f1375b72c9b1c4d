"""What changed, as a school reads it: nothing of another school, however much was corrected."""

import re
from dataclasses import replace

import numpy as np

from nmsdreports.policy import assess
from nmsdreports.policy.since import Printed, Since, moved_since
from nmsdreports.simulate import simulate
from nmsdreports.views.audience import edition
from nmsdreports.views.changed import table_changed, table_changed_statuses
from tests.policy.test_since import NOW, THEN, corrected


def test_a_school_reads_no_id_of_another_school():
    records = simulate(240, 2)
    changed = corrected(records, np.random.default_rng(2))
    incidents = changed.incidents.copy()
    incidents.loc[:9, "school_id"] = "S3"
    changed = replace(changed, incidents=incidents)
    then, now = assess(records).at(THEN), assess(changed).at(NOW)
    printed = Printed(THEN, then.findings, then.status, records, then.policy)
    since = Since("2026-09", "2026-09", False, "", moved_since(printed, now))

    names = [("accounts", "account_id"), ("incidents", "incident_id"), ("schools", "school_id")]
    for school in records.schools["school_id"]:
        seen = edition(now, "school", school, since=since)
        foreign = {
            found
            for table, key in names
            for frame in [changed.table(table)]
            for found in frame.loc[frame["school_id"] != school, key]
        }
        assert len(seen.changes) > 50 and set(seen.changes["school_id"]) == {school}
        told = [seen.changes, table_changed(seen).frame, table_changed_statuses(seen).frame]
        for frame in told:
            words = re.sub(r"[a-z]+\.csv!\d+", "", frame.to_csv(index=False))
            assert set(re.findall(r"[AIS]\d+\b", words)) & foreign == set()
