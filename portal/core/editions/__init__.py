"""Editions: the numbered states of everything public, and the one door to them.

The order of locks
------------------
Every act takes what it needs of this list from the top down, holds it to the end of its transaction, and reads under the
lock what it decides on. Nothing further up is ever asked for again, so no two acts can wait for each other.

1. the matter: the case, the import, the enquiry, the version, and then the record that the version belongs to
   (`portal.core.workflow.take`, `portal.core.workflow.versions`)
2. batches, several by number: one that takes a step, drafts that something is put into
3. the door: `portal.core.editions.release.lock_editions`. Held by everything that makes an edition, and by an approval
4. the registers: `catalog.publication.publishing.locks.lock_registers`. Held by whoever freezes lines or drops frozen ones, redacts,
   or writes working rows by cases and imports
5. working rows: enterprises, then certificates, then products, several by number
6. lines and other public rows; then the index states

A redaction takes 3, 4 and 6 at once, so what is public is wholly before or wholly after any submission, approval and publication.
What it takes out of 1, 2 and 5 goes before and behind that, each by itself: it is remembered, so nobody publishes it meanwhile.
A row of 5 alone, edited at the desk, waits for nobody while it is held. The index job reads lines and takes nothing but 6.
"""
