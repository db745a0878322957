from django.apps import AppConfig


class MopsConfig(AppConfig):
    name = "mops"
