"""An import is saved, taken back and ended in short transactions; whoever is killed between two is taken up there."""

import pytest
from django.db import OperationalError

from catalog.imports import ending, importing, jobs
from catalog.imports.models import ImportRun
from catalog.imports.saving import plans as saving
from catalog.imports.saving import reverting, steps
from catalog.products.models import Product
from catalog.publication.compiling.compile import Reason, enter_products, take_out
from catalog.publication.models import Action, Batch, BatchEntry
from catalog.publication.publishing import workflow
from portal.core.audit.changes import save_working
from portal.core.workflow import NotAllowed
from tests.make import make_enterprise, make_product, publish_products
from tools.benchmark import locks as benchmark_locks

from .conftest import HEADINGS, product_row
from .test_reverting import everything
from .workbooks import write_xlsx

pytestmark = pytest.mark.django_db
State = ImportRun.State
ROWS = 5


class Killed(BaseException):
    """The process ended here: no code of ours gets to tidy up."""


@pytest.fixture(autouse=True)
def small_steps(monkeypatch):
    monkeypatch.setattr(ImportRun, "step_rows", 2)
    monkeypatch.setattr(ending, "ENTERPRISES", 1)


@pytest.fixture
def rows():
    maker = make_enterprise()
    return [HEADINGS, *(product_row(maker, number) for number in range(ROWS))]


def killed_at(monkeypatch, owner, name, call, error=Killed):
    """The `call`-th call of it never comes back."""
    inner, calls = getattr(owner, name), []

    def dies(*args, **kwargs):
        calls.append(1)
        if len(calls) == call:
            raise error
        return inner(*args, **kwargs)

    monkeypatch.setattr(owner, name, dies)


def cut_off(monkeypatch, import_rows, rows, call=2, **options):
    with monkeypatch.context() as patch:
        killed_at(patch, saving.ProductSaver, "save", call)
        with pytest.raises(Killed):
            import_rows(rows, **options)
    return ImportRun.objects.get()


def facts():
    return sorted(Product.objects.values_list("name", "certificate__number", "brand"))


def test_no_transaction_saves_or_takes_back_more_rows_than_a_step(import_rows, rows, editor, monkeypatch):
    sizes = []
    inner = saving.ProductSaver.save
    monkeypatch.setattr(
        saving.ProductSaver, "save", lambda self, chunk: (sizes.append(len(chunk)), inner(self, chunk))
    )
    run = import_rows(rows).run
    assert sizes == [2, 2, 1]

    sizes.clear()
    removed = reverting._remove
    monkeypatch.setattr(
        reverting, "_remove", lambda model, run, ids: (sizes.append(len(ids)), removed(model, run, ids))
    )
    reverting.revert(run, by=editor)
    assert sizes == [2, 2, 1] * 2  # products, then certificates


@pytest.mark.django_db(transaction=True)
def test_each_step_is_a_transaction_of_its_own(import_rows, rows, editor):
    held = benchmark_locks.Held("saved", ROWS)
    with benchmark_locks.watched(held):
        run = import_rows(rows).run
    saved = len(held.holds)
    assert saved >= 3
    with benchmark_locks.watched(held):
        reverting.revert(run, by=editor)
    assert len(held.holds) - saved >= 9  # entries, products and certificates, by twos


def test_a_slow_machine_gets_less_to_do_at_once(monkeypatch):
    monkeypatch.setattr(ImportRun, "step_rows", 500)
    assert steps._fitting(500, 2 * steps.WANTED) == 250
    assert steps._fitting(250, 100.0) == steps.SMALLEST
    assert steps._fitting(250, 0.0) == 500


def test_an_import_that_was_killed_goes_on_where_it_stood(import_rows, rows, editor, monkeypatch):
    run = cut_off(monkeypatch, import_rows, rows)
    assert (run.state, run.done, Product.objects.count()) == (State.SAVING, 2, 2)

    jobs.save_run.call(run.pk, editor.pk)
    jobs.save_run.call(run.pk, editor.pk)  # a second one finds nothing to do

    run.refresh_from_db()
    assert (run.state, run.done, run.report["new"]) == (State.SAVED, ROWS, ROWS)
    assert len(facts()) == BatchEntry.objects.filter(source=run.source).count() == ROWS
    reverting.revert(run, by=editor)
    assert not Product.objects.exists()
    assert not BatchEntry.objects.exists()


def test_the_command_goes_on_too(import_rows, rows, monkeypatch, tmp_path):
    file = write_xlsx(tmp_path / "一份.xlsx", {"清单": rows})
    cut_off(monkeypatch, import_rows, file)

    again = import_rows(file)

    assert again.is_saved
    assert ImportRun.objects.count() == 1
    assert len(facts()) == ROWS


def test_a_draft_with_a_part_of_an_import_goes_nowhere(import_rows, rows, editor, monkeypatch):
    run = cut_off(monkeypatch, import_rows, rows)
    for act in (
        lambda: workflow.submit(run.batch, by=editor),
        lambda: workflow.cancel(run.batch, by=editor, reason="示例"),
    ):
        with pytest.raises(NotAllowed) as refused:
            act()
        assert refused.value.rule == "batch.import_unfinished"
        assert "清单.xlsx" in refused.value.sentence
    assert Batch.objects.get().state == Batch.State.DRAFT


def test_a_part_is_not_given_up_but_taken_back(import_rows, rows, editor, monkeypatch):
    run = cut_off(monkeypatch, import_rows, rows)
    ImportRun.objects.update(state=State.FAILED)
    with pytest.raises(NotAllowed) as refused:
        jobs.discard(run, by=editor)
    assert refused.value.rule == "import.unfinished"

    reverting.revert(run, by=editor)

    assert not Product.objects.exists()
    assert Batch.objects.get().imports.unfinished().count() == 0


def test_an_edit_between_two_steps_is_not_overwritten(import_rows, rows, editor, monkeypatch):
    calls = []

    def step_and_edit(run, state, count):
        calls.append(count)
        if len(calls) == 2:
            product = Product.objects.order_by("pk").first()
            product.brand = "同事改的"
            save_working(product, by=editor)
        return real(run, state, count)

    real = importing.step
    monkeypatch.setattr(importing, "step", step_and_edit)
    imported = import_rows(rows)
    run = imported.run

    # Checked again, the row contradicts what somebody wrote meanwhile: it is told, and the rest waits for a decision.
    assert [fault.rule for fault in imported.outcome.faults] == ["duplicate-in-draft"]
    assert run.state == State.CHECKED
    assert run.is_unfinished
    jobs.order_save(run, by=editor, valid_only=True)
    run.refresh_from_db()
    assert run.state == State.SAVED
    assert Product.objects.order_by("pk").first().brand == "同事改的"
    assert Product.objects.count() == ROWS


def test_taking_back_that_was_killed_goes_on_where_it_stood(import_rows, rows, editor, monkeypatch):
    import_rows(rows[:3])
    BatchEntry.objects.update(source="")
    before = everything()
    changed = [HEADINGS, *([*row[:4], "新牌", *row[5:]] for row in rows[1:])]
    run = import_rows(changed, name="第二份.xlsx").run
    for call in (1, 3):
        with monkeypatch.context() as patch:
            killed_at(patch, reverting, "_restore" if call == 1 else "_remove", call if call == 1 else 2)
            with pytest.raises(Killed):
                reverting.revert(run, by=editor)
        run.refresh_from_db()
        assert run.state == State.UNDOING
        with pytest.raises(NotAllowed):
            workflow.submit(run.batch, by=editor)

    jobs.undo_run.call(run.pk, editor.pk)

    run.refresh_from_db()
    assert run.state == State.TAKEN_BACK
    assert everything() == before


def test_taking_back_stops_at_what_came_to_rest_on_it_and_can_go_on(import_rows, rows, editor, monkeypatch):
    run = import_rows(rows).run
    entries, calls = reverting._take_entries_out, []

    def edit_in_between(locked):
        entries(locked)
        product = Product.objects.order_by("-pk").first()
        product.brand = "同事改的"
        if not calls:
            save_working(product, by=editor)
        calls.append(1)

    monkeypatch.setattr(reverting, "_take_entries_out", edit_in_between)
    with pytest.raises(NotAllowed) as refused:
        reverting.revert(run, by=editor)

    run.refresh_from_db()
    assert refused.value.rule == "import.changed_since"
    assert run.state == State.FAILED
    assert run.is_unfinished
    assert refused.value.sentence == run.report["refusal"]


def test_a_database_that_is_busy_leaves_the_run_to_go_on(import_rows, rows, editor, monkeypatch):
    run = cut_off(monkeypatch, import_rows, rows)
    with monkeypatch.context() as patch:
        killed_at(patch, saving.ProductSaver, "save", 2, OperationalError("could not connect"))
        with pytest.raises(OperationalError):
            jobs.save_run.call(run.pk, editor.pk)
    run.refresh_from_db()
    assert run.state == State.SAVING

    jobs.save_run.call(run.pk, editor.pk)

    run.refresh_from_db()
    assert run.state == State.SAVED


def test_what_a_complete_file_lacks_is_ended_in_steps(import_rows, editor, tmp_path, monkeypatch):
    maker = make_enterprise()
    publish_products(*(make_product(enterprise=maker) for _number in range(ROWS)))
    run = import_rows([HEADINGS, product_row(maker, 77)], is_complete=True).run
    reason = Reason("other", "示例")
    with monkeypatch.context() as patch:
        killed_at(patch, ending, "_enter_products", 2)
        with pytest.raises(Killed):
            ending.end_missing(run, run.report["missing_ids"], reason=reason, by=editor, typed=ROWS)
    run.refresh_from_db()
    assert (run.state, run.done) == (State.SAVING, 2)
    with pytest.raises(NotAllowed):
        workflow.submit(run.batch, by=editor)

    jobs.save_run.call(run.pk, editor.pk)

    run.refresh_from_db()
    assert run.state == State.SAVED
    removals = BatchEntry.objects.filter(batch=run.batch, action=Action.REMOVE)
    assert removals.count() == ROWS
    assert ending.ORDER not in run.report


def test_entries_go_in_and_out_some_at_a_time(editor, monkeypatch):
    monkeypatch.setattr("catalog.publication.compiling.compile.AT_ONCE", 2)
    batch = workflow_draft(editor)
    products = [make_product() for _number in range(ROWS)]
    assert enter_products(batch, products, by=editor) == ROWS
    assert enter_products(batch, products, by=editor) == 0
    assert take_out(batch, batch.entries.all(), by=editor) == ROWS
    assert take_out(batch, batch.entries.all(), by=editor) == 0


def workflow_draft(editor):
    from catalog.publication.compiling.numbering import current_draft

    return current_draft("national", Batch.Kind.BATCH, by=editor)
