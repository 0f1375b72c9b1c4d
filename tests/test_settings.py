import pandas as pd
import pytest

from nmsdreports.settings import InputError, Settings, fold, guideline_names, read_settings


def write(folder, text):
    (folder / "district.toml").write_text(text, encoding="utf-8")
    return folder


def test_without_district_toml_every_setting_has_its_default(tmp_path):
    settings = read_settings(tmp_path)
    assert settings == Settings()
    assert settings.name == "North Mason School District"
    assert settings.email_domains == ("nmsd.wednet.edu",)
    assert (settings.days.response, settings.days.report_every) == (5, None)


def test_settings_are_read_and_paths_stand_beside_the_file(tmp_path):
    (tmp_path / "own.toml").write_text("")
    settings = read_settings(
        write(
            tmp_path,
            """
name = "Sample District"
email_domains = ["@Sample.example.org"]
policy = "own.toml"
contact = { name = "Office", email = "office@example.org", phone = "1" }
[days]
notice_lead = 3
assumed_launch_on = 2025-09-01
[files]
accounts = "registry.xlsx"
[mapping]
"Who posts?" = "owner"
""",
        )
    )
    assert settings.policy == (tmp_path / "own.toml").resolve()
    assert settings.email_domains == ("sample.example.org",)
    assert settings.contact.email == "office@example.org"
    assert settings.days.assumed_launch_on == pd.Timestamp("2025-09-01")
    assert settings.files == {"accounts": ["registry.xlsx"]}
    assert settings.mapping == {"who posts": "owner"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('nam = "x"', "district.toml: has no setting 'nam' (did you mean 'name'?)."),
        (
            "[days]\nrespons = 3",
            "district.toml: [days] has no setting 'respons' (did you mean 'response'?).",
        ),
        ('[mail]\npassword = "x"', "[mail] has no setting 'password'"),
        (
            "[days]\nmonitor_every = 10000000000",
            "'monitor_every' must be a whole number from 1 to 3,650, not 10000000000.",
        ),
        ("min_cell = 0", "'min_cell' must be a whole number from 1 to 65,535, not 0."),
        ("min_cell = true", "'min_cell' must be a whole number"),
        ('time_zone = "Mars/Olympus"', "must be a time zone such as 'America/Los_Angeles'"),
        ('policy = "gone.toml"', "'policy' names 'gone.toml', which is not there."),
        ('engine = "steam"', "'engine' must be one of 'in-process', 'kernel'"),
        ("days = 3", "'days' is a section; write [days] on its own line."),
        ('[days]\nassumed_launch_on = "soon"', "must be a day such as 2026-09-01"),
        ("name = ", "district.toml cannot be read"),
    ],
)
def test_a_wrong_setting_is_one_sentence(tmp_path, text, sentence):
    with pytest.raises(InputError) as caught:
        read_settings(write(tmp_path, text))
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("name = Sample District", 'a text needs straight quotation marks: name = "Sample Dis'),
        ("name = \u201cSample\u201d  # ours", 'quotation marks: name = "Sample"'),
        ('name = "Sample', 'a text ends with the quotation mark " with which it begins'),
        ("name =", "behind the = its value is missing"),
        ("just words", "a setting is written as its name, = and its value"),
        ("[days", "a section stands between [ and ]"),
        ('email_domains = ["a.example.org"', "a list ends with ]"),
        ("min_cell = 1.2.3", "Expected newline or end of document after a statement"),
    ],
)
def test_a_line_that_is_no_toml_is_shown_with_what_was_meant(tmp_path, line, expected):
    with pytest.raises(InputError) as caught:
        read_settings(write(tmp_path, f'time_zone = "UTC"\n{line}\n'))
    said = str(caught.value)
    assert said.startswith(f"district.toml cannot be read: line 2 ({line}): ")
    assert expected in said


def test_all_faulty_lines_and_all_wrong_settings_are_named(tmp_path):
    with pytest.raises(InputError) as caught:
        read_settings(write(tmp_path, "name = Ours\nmin_cell = 10\ntime_zone = Pacific\n"))
    assert "line 1 (name = Ours)" in str(caught.value)
    assert "line 3 (time_zone = Pacific)" in str(caught.value)
    with pytest.raises(InputError) as caught:
        read_settings(
            write(tmp_path, 'nam = "x"\nmin_cell = 0\n[days]\nrespons = 3\nmonitor = 2\n')
        )
    for fault in ("'nam'", "'min_cell' must be", "'respons'", "'monitor'"):
        assert fault in str(caught.value)


def test_guidelines_are_known_by_id_alias_and_unambiguous_clause(tmp_path):
    names = guideline_names(Settings())
    assert names["professional boundaries"] == "professional-boundaries"
    assert names[fold("Professional 7")] == "professional-boundaries"
    assert fold("Professional 8") not in names, "two guidelines share that clause"
    assert "caution" not in names, "advice is never checked"


def test_the_districts_policy_file_adds_guidelines_and_aliases(tmp_path):
    policy = tmp_path / "own.toml"
    policy.write_text('[bio-link]\nwording = "x"\naliases = ["link in bio"]\n', encoding="utf-8")
    names = guideline_names(Settings(policy=policy))
    assert names["link in bio"] == names["bio link"] == "bio-link"


def test_fold_puts_case_spaces_and_punctuation_aside():
    assert fold("  St.\u00a0Mary\u2019s – High_School:") == fold("st mary's high school")
    assert fold("🎺") == "🎺"
