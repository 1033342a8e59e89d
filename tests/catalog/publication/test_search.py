"""What a list shows, counts, leaves out and sorts, at an edition and on a day."""

import datetime

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.publication.compiling import compile
from catalog.publication.models import Action, ProductLine
from catalog.publication.publishing import workflow
from catalog.publication.search import preparation
from catalog.publication.search.listing import Question, list_enterprises, list_products
from catalog.publication.search.rows import product_rows
from catalog.publication.tasks import prepare_index
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.index.documents import by_term
from portal.core.index.postings import discard
from tests.catalog.publication.stories import index_faults
from tests.make import (
    enter,
    make_batch,
    make_category,
    make_certificate,
    make_division,
    make_enterprise,
    make_product,
    make_requirement,
    make_user,
    publish,
    publish_products,
)

pytestmark = pytest.mark.django_db
TODAY = clock.today()


def ask(words="", *, edition=None, day=TODAY, sort="newest", validity="current", facets=None, **chosen):
    number = Edition.objects.current_number() if edition is None else edition
    return list_products(
        Question(number, day, words, {k: [v] for k, v in chosen.items()}, validity, sort, facets or {})
    )


def names(listing, size=100):
    ids = listing.page(1, size)
    return [row.line.name for row in product_rows(ids, listing.question.edition, listing.question.day)]


@pytest.mark.parametrize(
    "words",
    ["卷材", "防", "fangshui", "fsjc", "防水捲材", "SL-CGP-777", "slcgp777", "示例甲", "0000001", "PY 类"],
)
def test_a_product_is_found_by_what_people_type(words):
    enterprise = make_enterprise(name="示例甲防水有限公司")
    certificate = make_certificate(number="SL-CGP-777")
    publish_products(make_product(name="自粘防水卷材", enterprise=enterprise, certificate=certificate))
    window = make_category("30", "建筑门窗")
    other = make_enterprise(name="某某窗业")
    publish_products(
        make_product(name="断桥窗", models_text="60", brand="别的", enterprise=other, category=window)
    )
    assert names(ask(words))[0] == "自粘防水卷材"
    assert words.isdigit() or ask(words).total == 1  # digits in a row are also found in other long codes


def test_words_that_nothing_matches_find_nothing():
    publish_products(make_product(name="自粘防水卷材"))
    assert ask("水泥").total == 0
    assert ask("！？").total == 0


def test_each_filter_leaves_one_in_and_one_out():
    fujian = make_product(name="甲", category=make_category("13"), certificate=make_certificate(star="3"))
    make_division("370000", "山东省")
    shandong = make_product(
        name="乙",
        category=make_category("20", "瓷砖", group_code="G4", house_part="floor"),
        certificate=make_certificate(star="1"),
        enterprise=make_enterprise(division=make_division("370000", "山东省")),
    )
    first = publish_products(fujian)
    publish_products(shandong)
    for chosen in (
        {"category": "13"},
        {"category": "G3"},
        {"star": "3"},
        {"province": "350000"},
        {"batch": first.slug},
        {"part": "roof"},
    ):
        assert names(ask(**chosen)) == ["甲"], chosen


def test_national_and_local_lists_and_their_bases_are_told_apart():
    certified = make_product(name="认证品")
    publish_products(certified)
    local = make_product(name="地方品", requirement=make_requirement())
    publish(enter(make_batch(publisher="350000"), local, certified))
    assert sorted(names(ask(publisher="350000"))) == ["地方品", "认证品"]
    assert names(ask(publisher="national")) == ["认证品"]
    assert names(ask(basis="local")) == ["地方品"]


def test_what_stands_on_two_lists_is_one_row_until_a_list_is_asked_for():
    both, national = make_product(name="两份清单"), make_product(name="国家清单")
    publish_products(both, national)
    local = publish(enter(make_batch(publisher="350000"), both))
    publishers = {"publisher": ["national", "350000"], "province": ["350000"]}
    listing = ask(facets=publishers)
    assert sorted(names(listing)) == ["两份清单", "国家清单"]
    assert listing.counts("publisher") == {"national": 2, "350000": 1}
    assert listing.counts("province") == {"350000": 2}
    assert names(ask(publisher="350000")) == ["两份清单"]
    assert names(ask(batch=local.slug)) == ["两份清单"]
    assert ask(validity="all").total == 2
    assert ask(validity="all", publisher="350000").total == 1
    batch = make_batch(kind="adjustment")
    reason = compile.Reason("withdrawn", "退出国家清单", TODAY)
    compile.act_on(batch, both, Action.REMOVE, by=batch.created_by, reason=reason)
    publish(batch)
    assert sorted(names(ask())) == ["两份清单", "国家清单"]
    assert ask(edition=1).total == 2
    everyone = list_enterprises(Question(Edition.objects.current_number(), TODAY))
    assert everyone.total == 2


def test_the_default_list_leaves_out_what_is_not_in_force_and_says_how_many():
    soon = TODAY + datetime.timedelta(days=10)
    ending = make_product(name="将到期", certificate=make_certificate(valid_until=soon))
    lasting = make_product(name="长期")
    removed = make_product(name="移出")
    suspended = make_product(name="暂停")
    revoked = make_product(name="撤销")
    publish_products(ending, lasting, removed, suspended, revoked)
    batch = make_batch(kind="adjustment")
    reason = compile.Reason("quality", "抽查不合格", TODAY)
    compile.act_on(batch, removed, Action.REMOVE, by=batch.created_by, reason=reason)
    compile.act_on(batch, suspended, Action.SUSPEND, by=batch.created_by, reason=reason)
    revoked.certificate.status, revoked.certificate.status_on = "revoked", TODAY
    revoked.certificate.save()
    compile.enter_certificates(batch, [revoked.certificate], by=batch.created_by)
    publish(batch)
    assert sorted(names(ask())) == sorted(["将到期", "长期"])
    assert names(ask(validity="ending")) == ["将到期"]
    assert ask().left_out() == {"suspended": 1, "revoked": 1, "removed": 1}
    after = soon + datetime.timedelta(days=1)
    assert names(ask(day=soon, validity="expired")) == []
    assert names(ask(day=after, validity="expired")) == ["将到期"]
    assert ask(day=after).left_out() == {"suspended": 1, "revoked": 1, "removed": 1, "expired": 1}
    assert ask(validity="all").total == 5
    assert ask(edition=1).total == 5


def test_facet_counts_leave_their_own_choice_out():
    publish_products(
        make_product(certificate=make_certificate(star="3")),
        make_product(certificate=make_certificate(star="3")),
        make_product(certificate=make_certificate(star="1")),
    )
    listing = ask(star="3", facets={"star": ["1", "2", "3"], "province": ["350000"]})
    assert listing.counts("star") == {"1": 1, "2": 0, "3": 2}
    assert listing.counts("province") == {"350000": 2}


def test_each_sort_has_its_order():
    day = TODAY + datetime.timedelta(days=200)
    publish_products(
        make_product(name="波形瓦", certificate=make_certificate(star="1", valid_until=day)),
        make_product(
            name="安瓦", certificate=make_certificate(star="2", valid_until=day + datetime.timedelta(2))
        ),
        make_product(
            name="瓷砖", certificate=make_certificate(star="3", valid_until=day + datetime.timedelta(1))
        ),
    )
    assert names(ask(sort="newest")) == ["瓷砖", "安瓦", "波形瓦"]
    assert names(ask(sort="name")) == ["安瓦", "波形瓦", "瓷砖"]
    assert names(ask(sort="star")) == ["瓷砖", "安瓦", "波形瓦"]
    assert names(ask(sort="end")) == ["波形瓦", "瓷砖", "安瓦"]


def test_a_literal_hit_stands_before_a_scattered_one():
    category = make_category("30", "其他")
    publish_products(
        make_product(name="防水卷材", category=category), make_product(name="水防卷材防水", category=category)
    )
    assert names(ask("防水卷材")) == ["防水卷材"]
    assert names(ask("卷材 防水")) == ["水防卷材防水", "防水卷材"]


def test_lines_of_a_batch_in_notice_are_in_no_list():
    batch = workflow.submit(enter(make_batch(notice_days=5), make_product()), by=make_user("editor"))
    workflow.open_notice(workflow.approve(batch, by=make_user("reviewer")), by=make_user("publisher"))
    assert ask(validity="all").total == 0


def test_a_star_that_changes_moves_every_product_of_the_certificate():
    certificate = make_certificate(star="1")
    publish_products(*(make_product(certificate=certificate) for _ in range(2)))
    certificate.star = "2"
    certificate.save()
    batch = make_batch(kind="adjustment")
    compile.enter_certificates(batch, [certificate], by=batch.created_by)
    publish(batch)
    assert (ask(star="1").total, ask(star="2").total) == (0, 2)
    assert ask(star="1", edition=1).total == 2


def test_an_enterprise_is_found_by_former_name_and_code():
    enterprise = make_enterprise(name="示例新名建材有限公司")
    enterprise.former_names.create(name="示例旧号建材厂")
    publish_products(make_product(enterprise=enterprise), make_product())
    edition = Edition.objects.current_number()
    for words in ("旧号", enterprise.uscc, "xinming"):
        assert list_enterprises(Question(edition, TODAY, words)).total == 1


def test_exports_walk_the_same_rows_as_the_pages(monkeypatch):
    monkeypatch.setattr("catalog.publication.search.listing.ROWS_AT_A_TIME", 3)
    publish_products(*(make_product() for _ in range(8)))
    listing = ask(sort="name")
    exported = [pk for chunk in listing.everything() for pk in chunk]
    assert exported == listing.page(1, 5) + listing.page(2, 5)
    assert len(exported) == 8


def test_building_the_index_anew_changes_no_posting():
    publish_products(make_product(), make_product())
    returned = workflow.submit(enter(make_batch(ordinal=9), make_product()), by=make_user("editor"))
    workflow.send_back(returned, by=make_user("reviewer"), reason="重来")
    assert index_faults() == []
    call_command("build_index", verbosity=0)
    assert index_faults() == []
    assert ask().total == 2


def test_a_lost_posting_is_found_and_mended(capsys):
    publish_products(make_product(name="防水卷材"))
    register = preparation.REGISTERS[0]
    discard(register.collection, by_term(register.documents(ProductLine.objects.all())))
    with pytest.raises(SystemExit):
        call_command("build_index", check=True)
    assert ask("防水").total == 0
    call_command("build_index")
    assert ask("防水").total == 1


def test_the_number_of_queries_does_not_grow_with_the_list(django_assert_max_num_queries):
    publish_products(make_product())
    publish_products(*(make_product() for _ in range(30)))
    ask("卷材")  # the first question of an edition reads its bitmaps and its vocabulary
    with django_assert_max_num_queries(11):
        listing = ask("卷材", star="3", facets={"star": ["1", "3"]})
        product_rows(listing.page(1, 20), listing.question.edition, TODAY)
        listing.left_out()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(part=st.integers(0, 5), length=st.integers(1, 4))
def test_every_part_of_a_chinese_name_finds_it(part, length):
    name = "高分子增强复合防水片材"
    if not ProductLine.objects.filter(name=name).exists():
        publish_products(make_product(name=name))
    assert ask(name[part : part + length]).total == 1


def test_a_batch_that_was_cancelled_after_freezing_is_missed_by_no_check():
    batch = make_batch()
    product = make_product()
    compile.enter_products(batch, [product], by=batch.created_by)
    compile.enter_missing_enterprises(batch, by=batch.created_by)
    batch = workflow.submit(batch, by=batch.created_by)
    preparation.ensure_prepared(batch)
    workflow.cancel(batch, by=batch.created_by, reason="放错了")
    assert index_faults() == []
    prepare_index.func(batch.pk)  # the job comes late
    assert index_faults() == []
    call_command("build_index")
    assert index_faults() == []
