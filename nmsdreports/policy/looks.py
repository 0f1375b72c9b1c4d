"""How the policy floor's objects show themselves: what each holds, and what to try next."""

from nmsdreports.intake.looks import Look

POLICY = ("guidelines", "rules", "recorded", "assumed_launch_on")
ASSESSMENT = ("at", "explain", "findings", "subjects", "records", "policy")
STANDING = (
    *("status", "findings", "rates", "incidents", "moves", "changes", "trend", "in_time"),
    *("approvals", "notifications", "in_use", "watch", "explain", "as_of", "month"),
    *("records", "policy", "assessment"),
)


def look_of_policy(policy) -> Look:
    """The guidelines by how they are known."""
    methods = [rule.method for rule in policy.rules]
    return Look(
        f"Policy: {len(methods)} guidelines",
        {
            "decided by the record": methods.count("record"),
            "known through the incident log": methods.count("incident"),
            "advice, never checked": methods.count("advice"),
        },
        ("policy.guidelines",),
    )


def look_of_assessment(assessment) -> Look:
    """All verdicts of all time."""
    return Look(
        f"Assessment of {assessment.records.settings.name}: duties and findings of all time",
        {"subjects": len(assessment.subjects), "findings": len(assessment.findings)},
        ('assessment.at("2026-10-31")', "assessment.findings"),
    )


def look_of_standing(standing) -> Look:
    """One day: findings and how many of them are open and overdue."""
    found = standing.findings
    return Look(
        f"Standing of {standing.records.settings.name} at the end of {standing.as_of:%Y-%m-%d}",
        {
            "findings so far": len(found),
            "of them open": int(found["open"].sum()),
            "of them overdue": int((found["overdue"] & ~found["excepted"]).sum()),
            "more past their day, but under an exception": int(
                (found["overdue"] & found["excepted"]).sum()
            ),
        },
        ("standing.findings", "standing.status", "standing.rates", 'standing.explain("A006")'),
    )
