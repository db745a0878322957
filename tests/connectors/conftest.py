import pytest

from tests.support.stub import stub_server


@pytest.fixture
def stub(settings):
    """A server of another company on this machine, which may be asked in tests alone."""
    settings.WEB_LOOPBACK = True
    with stub_server() as server:
        yield server
