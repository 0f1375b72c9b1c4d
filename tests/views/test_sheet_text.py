import pytest

from nmsdreports.views.sheet_text import LONGEST_TEXT, clean_text, text_width, wrap_text


def test_control_characters_and_half_characters_are_removed_but_line_breaks_stay():
    assert clean_text("a\x00b\x1fc\ud800d\ufffee\r\nf\rg\th") == ("abcde\nf\ng\th", False)


def test_a_long_text_is_cut_and_says_so():
    text, cut = clean_text("x" * 40_000)
    assert cut
    assert len(text) == LONGEST_TEXT
    assert text.endswith("… (cut)")
    assert clean_text("x" * LONGEST_TEXT) == ("x" * LONGEST_TEXT, False)


def test_a_text_that_excel_would_read_as_an_escape_stays_as_typed():
    # Excel reads _x0041_ as "A" and _x005F_ as "_"
    assert clean_text("_x0041_") == ("_x005F_x0041_", False)
    assert clean_text("a_x_b") == ("a_x_b", False)


@pytest.mark.parametrize("text", ["", "one", "one two three", "a\nb", "w" * 50, "one  two "])
@pytest.mark.parametrize("width", [3, 8, 100])
def test_lines_keep_every_word_and_the_width(text, width):
    lines = wrap_text(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(text_width(line) <= width or len(line) == 1 for line in lines)


def test_narrow_letters_take_less_room_than_wide_ones():
    assert text_width("iiii") < text_width("0000") < text_width("MMMM") < text_width("漢字漢字")
