"""Personal data: the public inventory, consents, the export and the erasure of an account's data, and retention.

What is kept is declared by the rooms (`portal.holdings`). Public functions of this room:

- `portal.privacy.consents`: `give_consent(user, purpose, *, by, about="")`, `withdraw_consent(...)`,
  `has_consent(user, purpose, about="")`; the texts are in `portal.privacy.texts`.
- `portal.privacy.erasing`: `preview(user)`, `erase_person(user, *, by, basis)`.
- `portal.privacy.exporting`: `archive_of(user)`.
"""
