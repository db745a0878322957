"""Who can sign in."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


def name_shown(name: str, email: str) -> str:
    """What somebody is called: the name, or the local part of the address where none was given."""
    return name or email.partition("@")[0]


class UserManager(BaseUserManager["User"]):
    """Makes people; the e-mail address is kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Make a person; without a password they cannot sign in by one."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Make a person who may open the admin pages."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]
    """A person; the e-mail address is the login.

    Where they are and what they read: without a `timezone` it is that of their first workspace,
    without a `language` that of the installation. On `quiet_days` no digest is sent on days on
    which they do not work.
    """

    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    timezone = models.CharField(_("time zone"), max_length=64, blank=True, default="")
    language = models.CharField(_("language"), max_length=10, blank=True, default="")
    wants_digest = models.BooleanField(default=True)
    quiet_days = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="one_user_per_email",
                violation_error_message=_("Somebody with this e-mail address exists."),
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """The name, or the local part of the address where none was given."""
        return name_shown(self.name, self.email)

    @property
    def initials(self) -> str:
        """One or two letters for the avatar."""
        parts = self.display_name.replace(".", " ").split()
        return "".join(part[0] for part in parts[:2]).upper() or "?"

    @property
    def hue(self) -> int:
        """1-6: which of the quiet avatar colours this person has."""
        return (self.pk or 0) % 6 + 1
