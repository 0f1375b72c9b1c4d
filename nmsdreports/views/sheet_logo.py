"""The district's logo at the top right of a sheet."""

from openpyxl.drawing.image import Image
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.xdr import XDRPositiveSize2D
from openpyxl.utils.units import pixels_to_EMU
from openpyxl.worksheet.worksheet import Worksheet

from nmsdreports.views.logo import Logo

DRAWN = ("png", "jpeg")
"""The kinds of pictures that every spreadsheet program draws."""

_HIGHEST, _WIDEST = 52, 180
_PIXELS_PER_CHARACTER = 8


class _Picture(Image):
    """An image of openpyxl's whose bytes and size are known, so that no library measures it."""

    def __init__(self, logo: Logo):
        self._logo = logo
        self.format = logo.kind
        self.width, self.height = _size(logo)

    def _data(self) -> bytes:
        return self._logo.data


def logo_room(logo: Logo | None) -> float:
    """How many characters' width the logo takes from the lines beside it."""
    return _size(logo)[0] / _PIXELS_PER_CHARACTER + 2 if logo else 0


def put_logo(sheet: Worksheet, logo: Logo, widths: list[float]) -> None:
    """Draw the logo in the first row so that it ends where the columns of `widths` end."""
    picture = _Picture(logo)
    left = max(0, sum(widths) * _PIXELS_PER_CHARACTER - picture.width)
    column = 0
    while column < len(widths) - 1 and left >= widths[column] * _PIXELS_PER_CHARACTER:
        left -= widths[column] * _PIXELS_PER_CHARACTER
        column += 1
    start = AnchorMarker(col=column, colOff=pixels_to_EMU(int(left)), row=0, rowOff=0)
    size = XDRPositiveSize2D(pixels_to_EMU(picture.width), pixels_to_EMU(picture.height))
    picture.anchor = OneCellAnchor(_from=start, ext=size)
    sheet.add_image(picture)


def _size(logo: Logo) -> tuple[int, int]:
    """Width and height in pixels, as large as there is room for."""
    scale = min(1, _HIGHEST / logo.height, _WIDEST / logo.width)
    return max(1, round(logo.width * scale)), max(1, round(logo.height * scale))
