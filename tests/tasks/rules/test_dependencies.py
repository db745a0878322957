from tasks.rules.dependencies import chain


def test_the_shortest_way_of_waiting_is_found():
    waits = {1: [2, 3], 2: [4], 3: [5], 4: [6], 5: [4], 6: []}
    assert chain(waits, 1, 6) == [1, 2, 4, 6]
    assert chain(waits, 1, 1) == [1]
    assert chain(waits, 6, 1) == []


def test_what_goes_round_is_walked_once():
    assert chain({1: [2], 2: [1]}, 1, 3) == []
