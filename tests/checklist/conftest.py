"""What the tests of numbers share: the reports of the sample's month, read once each."""

import pytest

from tests.checklist import reading
from tests.checklist.cells import REPORTS
from tests.checklist.months import BEFORE
from tests.checklist.truth import Truth
from tests.views import workbooks


@pytest.fixture(scope="module")
def printed(sample_month):
    return Truth(sample_month.source).read_then(sample_month.edition.with_name(BEFORE))


@pytest.fixture(scope="module", params=REPORTS)
def report(request, sample_month):
    return sample_month.reports[request.param]


@pytest.fixture(scope="module")
def truth(printed, report):
    return printed.narrowed(report.school_id)


@pytest.fixture(scope="module")
def book(report):
    return workbooks.read(report.workbook)


@pytest.fixture(scope="module")
def page(report):
    return reading.Page.of(report.page)
