from django.apps import AppConfig

from mops.celery import send_wake
from workspaces.operations.waking import install_sender


class MopsConfig(AppConfig):
    name = "mops"

    def ready(self) -> None:
        """Tell the apps how a job is woken."""
        install_sender(send_wake)
