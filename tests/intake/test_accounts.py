import pytest

from nmsdreports.intake.accounts import (
    account_key,
    platform_id,
    read_address,
    read_platforms,
)

HEAD = ["account_id", "school_id", "platform", "handle", "url"]


def key(platform, handle=None, url=None):
    return account_key(platform_id(platform), handle, read_address(url) if url else None)


@pytest.mark.parametrize(
    ("platform", "spellings"),
    [
        (
            "Facebook",
            [
                (None, "https://www.facebook.com/SamplePine/"),
                (None, "http://m.facebook.com/samplepine?mibextid=x&fbclid=1"),
                (None, "facebook.com/sample.pine#about"),
                (None, "https://fb.com/samplepine/posts/123"),
                ("@SamplePine", None),
                ("samplepine", "https://en-gb.facebook.com/pg/samplepine/about"),
            ],
        ),
        (
            "X",
            [
                (None, "https://twitter.com/SamplePine"),
                (None, "https://x.com/samplepine?s=20"),
                (None, "https://mobile.twitter.com/samplepine/status/1"),
                ("@samplepine", None),
            ],
        ),
        ("Instagram", [("@s.pine", None), (None, "https://www.instagram.com/S.Pine/?hl=en")]),
        ("YouTube", [("@SamplePine", None), (None, "https://www.youtube.com/@samplepine/videos")]),
        ("TikTok", [("samplepine", None), (None, "https://www.tiktok.com/@samplepine/video/7")]),
        ("Threads", [("@samplepine", None), (None, "https://www.threads.net/@samplepine")]),
        (
            "Bluesky",
            [("@pine.bsky.social", None), (None, "https://bsky.app/profile/pine.bsky.social")],
        ),
        (
            "LinkedIn",
            [
                (None, "https://uk.linkedin.com/company/sample-pine/"),
                (None, "https://www.linkedin.com/company/sample-pine/posts/?x=1"),
            ],
        ),
        (
            "Blog",
            [
                (None, "https://sampleroom12.wordpress.com"),
                (None, "http://www.sampleroom12.wordpress.com/2026/09/01/hello/"),
            ],
        ),
    ],
)
def test_the_spellings_of_one_account_have_one_key(platform, spellings):
    keys = {key(platform, handle, url) for handle, url in spellings}
    assert len(keys) == 1, keys
    assert None not in keys


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Facebook", None, "facebook.com/pine"), ("Facebook", None, "facebook.com/groups/pine")),
        (("Facebook", "@pine", None), ("Instagram", "@pine", None)),
        (("Instagram", "@s.pine", None), ("Instagram", "@spine", None)),
        (("YouTube", None, "youtube.com/user/pine"), ("YouTube", None, "youtube.com/@pine")),
        (
            ("YouTube", None, "youtube.com/channel/UCabc"),
            ("YouTube", None, "youtube.com/channel/UCABC"),
        ),
        (
            ("LinkedIn", None, "linkedin.com/in/pine"),
            ("LinkedIn", None, "linkedin.com/school/pine"),
        ),
        (
            ("Facebook", None, "facebook.com/profile.php?id=1"),
            ("Facebook", None, "facebook.com/profile.php?id=2"),
        ),
        (
            ("Blog", None, "https://pine.wixsite.com/room1"),
            ("Blog", None, "https://pine.wixsite.com/room2"),
        ),
    ],
)
def test_two_accounts_never_share_a_key(one, other):
    assert key(*one) != key(*other)


def test_a_page_is_known_by_its_number_in_every_form():
    urls = [
        "https://www.facebook.com/profile.php?id=100064",
        "https://www.facebook.com/people/Sample-Pine/100064/",
        "https://www.facebook.com/p/Sample-Pine-100064/",
        "https://www.facebook.com/pages/Sample-Pine/100064",
    ]
    assert {key("Facebook", None, url) for url in urls} == {"facebook:100064"}


def test_a_post_without_an_account_falls_back_on_the_handle():
    assert key("Instagram", "@pine", "https://www.instagram.com/p/Cx1/") == "instagram:pine"
    assert key("Instagram", None, "https://www.instagram.com/p/Cx1/") is None


def test_every_declared_field_of_a_platform_is_used_by_some_platform():
    for field in (
        "skip",
        "kinds",
        "numbered",
        "lone",
        "posts",
        "cased",
        "query",
        "dotless",
        "whole",
    ):
        assert any(getattr(platform, field) for platform in read_platforms().values()), field


def test_an_unknown_platform_is_kept_with_a_note(district, only):
    rows = [HEAD, ["A1", "S1", "Mastodon", "@pine", ""], ["A2", "S1", "Facebok", "@oak", ""]]
    records = district.csv("accounts.csv", rows).check()
    assert records.accounts["platform"].tolist() == ["Mastodon", "Facebok"]
    notes = records.problems[records.problems["code"] == "unknown-platform"]
    assert notes["suggestion"].tolist()[1:] == ["Facebook"]
    assert notes["level"].eq("note").all()
