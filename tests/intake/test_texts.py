import pandas as pd
import pytest

from nmsdreports.intake.texts import tidy


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("  a\u00a0b \t", "a b"),
        ("Cafe\u0301", "Café"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("family 👩\u200d👧 day", "family 👩\u200d👧 day"),
        ("stray\u200djoiner", "strayjoiner"),
        ("\u201cquoted\u201d", "\u201cquoted\u201d"),
        ("bell\x07", "bell"),
        ("a\r\nb", "a\nb"),
        ("'=SUM(A1)", "=SUM(A1)"),
        ("'tis", "'tis"),
    ],
)
def test_invisible_characters_go_and_visible_ones_stay(text, tidied):
    assert tidy(text) == tidied
    assert tidy(tidied) == tidied


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("w@example.org", "w@example.org"),
        ("mailto:w@example.org", "w@example.org"),
        ("Wanda N <w@example.org>", "w@example.org"),
        ('"N, Wanda" <w@example.org>', "w@example.org"),
        ("anonymous", None),
    ],
)
def test_one_address_is_taken_out_of_its_wrapping(district, text, address):
    records = district.accounts("registered_email", text).check()
    value = records.accounts.loc[0, "registered_email"]
    assert value == address if address else pd.isna(value)
    assert "error" not in set(records.problems["level"])


def test_lists_are_joined_by_one_mark(district):
    records = district.accounts("owner", "Ann Lee | Bo Ray", "Lee, Ann", "Ann;Bo;", "A\nB").check()
    assert records.accounts["owner"].tolist() == ["Ann Lee|Bo Ray", "Lee, Ann", "Ann|Bo", "A|B"]


@pytest.mark.parametrize(
    "text", ["call 360-555-0142", "(360) 555-0142", "ssn 123-45-6789", "student 1234567 said"]
)
def test_private_numbers_in_free_words_are_warned_of_and_hidden(district, only, text):
    records = district.accounts("note", text).check()
    problem = only(records, "private-number")
    assert (problem["level"], problem["value"]) == ("warning", "…")
    assert problem["message"].endswith("phone, social security or student number; take it out.")
    assert text not in records.problems.to_csv()
    assert text not in records.originals.to_csv()
    assert records.accounts.loc[0, "note"] == text, "kept for the office's screen"


def test_years_and_days_in_free_words_are_no_private_numbers(district):
    records = district.accounts("note", "approved in 2026-27, see 9/3/2026, room 214").check()
    assert "private-number" not in set(records.problems["code"])
