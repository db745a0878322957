"""The site with its style guide, which only DEBUG shows."""

from django.urls import path

from mops.styleguide import styleguide
from mops.urls import urlpatterns as site

urlpatterns = [path("styleguide/", styleguide, name="styleguide"), *site]
