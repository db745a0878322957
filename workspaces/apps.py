from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class WorkspacesConfig(AppConfig):
    name = "workspaces"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Collect what every app tells the log, and the boards that it knows."""
        autodiscover_modules("verbs", "queries.places")
