"""For the person who runs the instance: who is there. Everything else is changed in the product."""

from django.contrib import admin

from workspaces.models import User, Workspace


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    list_display = ("email", "name", "is_active", "is_staff")
    search_fields = ("email", "name")
    fields = ("email", "name", "is_active", "is_staff", "is_superuser")


@admin.register(Workspace)
class WorkspaceAdmin(admin.ModelAdmin):
    list_display = ("slug", "name", "timezone")
    search_fields = ("slug", "name")
    readonly_fields = ("slug", "last_card_number", "opened_at")
