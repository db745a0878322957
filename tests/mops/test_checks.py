from mops.checks import NO_POSTGRES, NO_REDIS, check_services


def test_an_installation_of_several_processes_is_told_which_server_it_lacks(settings):
    settings.EMBEDDED, settings.REDIS_URL, settings.SQLITE = False, "", True
    assert check_services() == [NO_REDIS, NO_POSTGRES]
    settings.REDIS_URL, settings.SQLITE = "redis://redis:6379/0", False
    assert check_services() == []


def test_the_embedded_mode_needs_neither(settings):
    settings.EMBEDDED, settings.REDIS_URL, settings.SQLITE = True, "", True
    assert check_services() == []
