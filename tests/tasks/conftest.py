import pytest

from tests.make.tasks import make_board


@pytest.fixture
def board(acme):
    return make_board(acme)
