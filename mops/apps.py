from django.apps import AppConfig
from django.core.checks import register

from mops import checks
from mops.celery import send_wake
from workspaces.live.bell import announce
from workspaces.operations.waking import install_announcer, install_sender


class MopsConfig(AppConfig):
    name = "mops"

    def ready(self) -> None:
        """Say how jobs are woken and followers told; check the settings of an installation."""
        install_sender(send_wake)
        install_announcer(announce)
        register(checks.check_services, deploy=True)
