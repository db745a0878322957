"""The ASGI application: live streams, and the base of the embedded mode."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mops.settings")

application = get_asgi_application()
