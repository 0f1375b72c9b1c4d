"""A second, deliberately naive reading of the rules, to hold the program's answers against.

In: anything shaped like `nmsdreports.intake.Records`. Out: plain rows (lists of dictionaries).
It walks days one by one, knows no arrays and shares no line with `nmsdreports.policy`; the
guidelines are a table of its own. Read beside the rules in this order: `guidelines` (the table),
`facts` (rows at the door), `people` (owners, deciders, authority), `notices`, `duties` (subjects
with what they owe and what meets it), `status` (one day's statuses; findings), `counts` (rates,
incidents, moves). Where the rules leave a choice, the code says "Choice" beside it.
"""

from tests.oracle.counts import incident_rows, move_rows, rate_rows
from tests.oracle.duties import subjects
from tests.oracle.facts import Facts, as_day, facts_of
from tests.oracle.status import finding_rows, status_rows

__all__ = ["Facts", "as_day", "facts_of", "second_reading"]


def second_reading(records, as_of) -> dict[str, list[dict]]:
    """Return the rows of status, findings, rates, incidents and moves at the end of a day."""
    facts = facts_of(records)
    day = as_day(as_of)
    found = subjects(facts)
    statuses = status_rows(found, day)
    return {
        "status": statuses,
        "findings": finding_rows(facts, found, day),
        "rates": rate_rows(facts, statuses),
        "incidents": incident_rows(facts, day),
        "moves": move_rows(facts, found, day),
    }
