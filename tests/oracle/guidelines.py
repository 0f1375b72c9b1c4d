"""The table of guidelines as plain data, and which values decide which of them."""

# id: (method, severity, days to fix)
GUIDELINES = {
    "program-purpose": ("record", "medium", 10),
    "supervisor-approval": ("record", "high", 5),
    "admin-rights": ("record", "high", 5),
    "professional-label": ("record", "medium", 10),
    "audience-privacy": ("record", "medium", 10),
    "conduct-standards": ("incident", "high", 5),
    "professional-boundaries": ("incident", "critical", 1),
    "parent-notice": ("record", "high", 3),
    "concern-response": ("record", "medium", 5),
    "use-reported": ("record", "medium", 10),
    "policy-and-law": ("incident", "high", 5),
    "confidential-information": ("incident", "critical", 1),
    "prohibited-language": ("incident", "high", 2),
    "student-identity": ("incident", "critical", 1),
    "student-monitoring": ("record", "medium", 5),
    "district-email": ("record", "medium", 10),
    "separate-email": ("incident", "medium", 10),
    "personal-contact": ("incident", "critical", 1),
    "emergency-notice": ("record", "high", 1),
    "personal-student-information": ("incident", "critical", 1),
    "logo-use": ("incident", "medium", 5),
    "school-disruption": ("incident", "high", 5),
}  # the three of method advice are listed in reports, never checked: they have no rows here

RECORD = [name for name, (method, _, _) in GUIDELINES.items() if method == "record"]
OF_AN_ACCOUNT = [name for name in RECORD if name not in ("concern-response", "emergency-notice")]

ONLY_WHERE_STUDENTS_ARE_INVITED = ("parent-notice", "student-monitoring")
PURPOSES = ("instructional", "educational", "communication", "extracurricular")
CLASSROOM_AUDIENCES = ("class", "grade", "team")
NEVER_INCIDENT_FINDINGS_IN_AN_EMERGENCY = ("personal-contact", "emergency-notice")

# Blank cannot mean "no" in these columns of the registry (nor in launched_on, see `duties`).
MUST_BE_GIVEN = {
    "program-purpose": ["purpose"],
    "parent-notice": ["students_invited"],
    "student-monitoring": ["students_invited"],
    "district-email": ["registered_email"],
}

# One unreadable value among these, in any row of the account, makes the guideline not assessed
# for that account. Choice: a column decides or it does not, whatever else the row says (an
# unreadable valid_until of a denied request counts too); launched_on and closed_on decide always.
DECIDES = {
    "program-purpose": {"accounts": ["purpose"]},
    "supervisor-approval": {
        "accounts": ["approved_on", "approved_by"],
        "approvals": ["decision", "decided_on", "decided_by", "valid_until"],
    },
    "admin-rights": {
        "accounts": ["admin_granted_on", "admin_holder"],
        "admins": ["person", "role", "granted_on", "revoked_on"],
    },
    "professional-label": {"accounts": ["labelled_on"]},
    "audience-privacy": {"accounts": ["audience", "visibility"]},
    "parent-notice": {
        "accounts": ["students_invited", "parents_notified_on"],
        "notices": ["activity", "starts_on", "groups_invited", "groups_notified", "sent_on"],
    },
    "use-reported": {"accounts": ["reported_on"]},
    "student-monitoring": {
        "accounts": ["students_invited", "monitored_on"],
        "reviews": ["reviewed_on"],
    },
    "district-email": {"accounts": ["registered_email"]},
}
# Choices: who owns an account decides where there is an approval or a grant to judge by it; the
# reason of a public account (`public_reason`) decides where one is asked for.
OWNERS_DECIDE = ("supervisor-approval", "admin-rights")
OWNER_COLUMNS = ("owner", "owner_email")
ALWAYS_DECIDE = ["launched_on", "closed_on"]
DECIDES_A_CONCERN = ["received_on", "responded_on"]
DECIDES_AN_EMERGENCY = ["occurred_on", "supervisor_notified_on"]
