"""Personal data: the public inventory, consents, the export and the erasure of an account's data, and retention.

What is kept is declared by the rooms (`portal.core.processing`). Public functions of this room:

- `portal.applications.privacy.consents`: `give_consent(user, purpose, *, by, about="")`, `withdraw_consent(...)`,
  `has_consent(user, purpose, about="")`; the texts are in `portal.applications.privacy.texts`.
- `portal.applications.privacy.erasing`: `preview(user)`, `erase_person(user, *, by, basis)`.
- `portal.applications.privacy.exporting`: `archive_of(user)`.
"""
