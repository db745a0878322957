"""What a person changes about themselves."""

from workspaces.models import User


def rename_user(user: User, name: str) -> User:
    """Change how the person is called; no workspace's log tells of it, for it belongs to none."""
    User.objects.filter(pk=user.pk).update(name=name.strip())
    user.name = name.strip()
    return user
