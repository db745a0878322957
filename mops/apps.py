from django.apps import AppConfig
from django.core.checks import register

from mops import checks
from mops.celery import send_wake
from workspaces.operations.waking import install_sender


class MopsConfig(AppConfig):
    name = "mops"

    def ready(self) -> None:
        """Tell the apps how a job is woken; check the settings of an installation."""
        install_sender(send_wake)
        register(checks.check_services, deploy=True)
