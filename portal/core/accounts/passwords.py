"""Rules for passwords, and passwords made for people.

GB/T 22239 (等保) level 2 asks for at least 8 characters of at least 3 of 4 classes.
"""

import secrets
import string

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError

CLASSES_WANTED = 3
GENERATED_LENGTH = 16
# Without characters that are misread for one another when a password is copied from a screen by hand.
LOWER = "".join(set(string.ascii_lowercase) - set("lo"))
UPPER = "".join(set(string.ascii_uppercase) - set("IO"))
DIGITS = "23456789"


def character_classes(password: str) -> int:
    """How many of the four classes occur: capital letters, small letters, digits, everything else."""
    return sum(
        (
            any("A" <= character <= "Z" for character in password),
            any("a" <= character <= "z" for character in password),
            any("0" <= character <= "9" for character in password),
            any(not (character.isascii() and character.isalnum()) for character in password),
        )
    )


class CharacterClassesValidator:
    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if character_classes(password) < CLASSES_WANTED:
            raise ValidationError(self.get_help_text(), code="password_too_few_classes")

    def get_help_text(self) -> str:
        return "密码须包含大写字母、小写字母、数字、符号四类字符中的至少三类。"


def generated_password() -> str:
    """A random password that the validators accept."""
    while True:
        password = "".join(secrets.choice(LOWER + UPPER + DIGITS) for _ in range(GENERATED_LENGTH))
        if character_classes(password) >= CLASSES_WANTED:
            return password
