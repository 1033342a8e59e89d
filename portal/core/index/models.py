"""What search keeps in the database: postings (term → documents) and orders (documents in a sorted row).

A collection is a set of documents with numbers of their own, such as the lines of one register. Nothing here knows a register:
the number of a document is the primary key of a row that the caller has. Everything stored belongs to a generation of its
collection: readers see the one that the state row names, a rebuild fills another one beside it.
"""

from django.db import models


class IndexState(models.Model):
    """One row a collection: the lock that its writers take, and what tells readers that something was written.

    `stamp` is random, not counted: a count that a rolled-back transaction had reached would come again with other postings.
    `built` is the same for whole generations: it changes when another one is read, and generation numbers come again after
    a restore. While a rebuild runs, writers write into `building` too and note in `touched` which documents they have
    written there themselves.
    """

    collection = models.CharField("文档集", max_length=32, primary_key=True)
    stamp = models.CharField("版本标记", max_length=32)
    rules = models.PositiveIntegerField("分词规则版本")
    generation = models.PositiveIntegerField("现用的一代", default=0)
    built = models.CharField("建成标记", max_length=32, default="", blank=True)
    building = models.PositiveIntegerField("正在建的一代", null=True, blank=True)
    touched = models.BinaryField("重建期间另有改动的文档", default=b"", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "检索状态"

    def __str__(self) -> str:
        return self.collection


class Posting(models.Model):
    """The documents of one term, as a serialised roaring bitmap.

    Its `id` is made of collection, term and generation (`portal.core.index.keys`), never counted: the table is the index, and no
    second tree has the terms once more. (A number of any other type than this would have one on SQLite.)
    """

    # No constraint in the database: it would look up the one state row for each of a million postings.
    collection = models.ForeignKey(
        IndexState, on_delete=models.CASCADE, related_name="postings", db_constraint=False, db_index=False
    )
    term = models.CharField("词项", max_length=96)
    generation = models.PositiveIntegerField("第几代", default=0)
    bitmap = models.BinaryField("文档")

    class Meta:
        verbose_name = verbose_name_plural = "倒排"

    def __str__(self) -> str:
        return f"{self.collection_id}: {self.term}"


class StoredOrder(models.Model):
    """All documents of a collection in one order (by name, by date), as its writer and as its readers need it.

    `documents` has them one after the other; `ranks` the place of each by its number, `halves` what a page of any result is
    found with (`portal.core.index.orders`). No reader has to work anything out before its first page.
    """

    collection = models.ForeignKey(
        IndexState, on_delete=models.CASCADE, related_name="orders", db_constraint=False, db_index=False
    )
    name = models.CharField("排序", max_length=32)
    generation = models.PositiveIntegerField("第几代", default=0)
    stamp = models.CharField("版本标记", max_length=32)
    documents = models.BinaryField("文档")
    ranks = models.BinaryField("名次", default=b"")
    halves = models.BinaryField("各位名次", default=b"")

    class Meta:
        verbose_name = verbose_name_plural = "排序"
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "name", "generation"], name="index_order_once_a_name"
            )
        ]

    def __str__(self) -> str:
        return f"{self.collection_id}: {self.name}"


class SortKey(models.Model):
    """What a document is sorted by, order by order: a new document is put into its places by comparing it with a few."""

    collection = models.CharField("文档集", max_length=32)
    document = models.PositiveBigIntegerField("文档")
    generation = models.PositiveIntegerField("第几代", default=0)
    keys = models.JSONField("键")

    class Meta:
        verbose_name = verbose_name_plural = "排序键"
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "document", "generation"], name="index_sort_keys_once_a_document"
            )
        ]

    def __str__(self) -> str:
        return f"{self.collection} {self.document}"


class KeptMasks(models.Model):
    """Sets of documents that were worked out for an edition and a day: another process reads them, and the next edition's are
    made from them. `built` are the marks of the generations that they were found in."""

    collection = models.CharField("文档集", max_length=32)
    edition = models.PositiveIntegerField("版号")
    token = models.CharField("版次标记", max_length=32)
    built = models.CharField("建成标记", max_length=80)
    day = models.DateField("日期")
    names = models.JSONField("名称")
    bitmaps = models.BinaryField("文档")
    ranked = models.BinaryField("同一事物的文档")

    class Meta:
        verbose_name = verbose_name_plural = "版次掩码"
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "edition", "token", "built", "day"], name="index_masks_once_a_moment"
            )
        ]

    def __str__(self) -> str:
        return f"{self.collection} {self.edition} {self.day}"
