"""What a manifest must look like to be believed; one that anybody edited may look otherwise."""

_FILES = {"*": {"sha256": str}}
REQUIRED = {"month": str, "state": str, "whole": bool, "outputs": _FILES}
OPTIONAL = {
    "before": {"name": str, "state": str, "sha256": str, "restated": bool},
    "failed": [{"name": str}],
    "given": [str],
    "inputs": _FILES,
    "reports": {"*": str},
    "same_as": str,
    "schools": {"*": str},
    "set_aside": {"rows": int, "values": int},
    "settings": {"min_cell": int},
}


def is_manifest(value: object) -> bool:
    """Whether a value read from JSON has every part of a manifest in the form we write."""
    if not fits(value, REQUIRED):
        return False
    given = {name: shape for name, shape in OPTIONAL.items() if value.get(name) is not None}
    return fits(value, given)


def fits(value: object, shape: object) -> bool:
    """Whether a value has a form: a type, a list of one form, or names with the form of each.

    The name `*` stands for every name there is.
    """
    if isinstance(shape, type):
        return isinstance(value, shape)
    if isinstance(shape, list):
        return isinstance(value, list) and all(fits(item, shape[0]) for item in value)
    if not isinstance(value, dict):
        return False
    if "*" in shape:
        return all(fits(item, shape["*"]) for item in value.values())
    return all(name in value and fits(value[name], part) for name, part in shape.items())
