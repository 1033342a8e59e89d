"""A list on which every kind has products of makers that are called by another kind, for the tables of everyday queries."""

from catalog.products import facts as product_facts
from catalog.products.models import Category, Product
from catalog.regions.facts import divisions
from catalog.regions.models import Division
from portal.core.facts import add_missing
from tests.make import make_certificate, make_enterprise, make_product, publish_products

NAMES = {
    "101": "农房用预应力混凝土空心板、预制混凝土叠合楼板",
    "102": "冷弯薄壁型钢房屋构件、彩钢夹芯板",
    "103": "结构用胶合木、杉木结构规格材",
    "104": "烧结页岩多孔砖、蒸压加气混凝土砌块、烧结煤矸石空心砖",
    "105": "外墙用岩棉保温板、屋面用挤塑聚苯乙烯泡沫塑料板、水泥基保温装饰一体板",
    "106": "农房用预拌混凝土、再生骨料预拌混凝土",
    "107": "预拌抹灰砂浆、陶瓷砖胶粘剂、内墙耐水腻子",
    "108": "聚羧酸系高性能减水剂",
    "201": "断桥铝合金平开窗、塑料平开窗、断桥铝合金推拉门",
    "202": "单元式玻璃幕墙",
    "203": "三玻两腔中空玻璃、低辐射镀膜中空玻璃",
    "204": "铝合金百叶外遮阳帘",
    "205": "隔热断桥铝合金型材、未增塑聚氯乙烯门窗型材",
    "206": "钢质入户门、农房保温防盗户门",
    "207": "铝塑复合板",
    "208": "瓷质抛釉砖、外墙通体砖、陶瓷仿古砖、干压陶质瓦",
    "209": "节水型坐便器、陶瓷洗面器、农村户厕用冲水蹲便器",
    "210": "无石棉硅酸钙板、纤维水泥外墙板",
    "211": "装饰石膏板、石膏装饰线条",
    "212": "天然花岗石板材、人造石英石板材",
    "213": "玻镁装饰板",
    "214": "铝扣板集成吊顶、轻钢龙骨矿棉板吊顶",
    "215": "竹木纤维集成墙面",
    "216": "耐水纸面石膏板",
    "301": "硅酮建筑密封胶、中性硅酮耐候密封胶",
    "302": "弹性体改性沥青防水卷材、自粘聚合物改性沥青防水卷材、聚氯乙烯防水卷材",
    "303": "聚合物水泥防水涂料、单组分聚氨酯防水涂料、屋面用丙烯酸防水涂料",
    "304": "净味内墙乳胶漆、外墙合成树脂乳液涂料、水性内墙涂料",
    "305": "建筑反射隔热涂料",
    "306": "室内甲醛净化涂覆材料",
    "307": "水性环氧地坪涂料",
    "401": "陶瓷片密封水嘴、节水型感应水嘴、农村户厕节水冲洗阀水嘴",
    "402": "铜制球阀",
    "403": "给水用聚乙烯管材、排水用硬聚氯乙烯管材、冷热水用无规共聚聚丙烯管材",
    "405": "家用反渗透净水机",
    "406": "家用软水机",
    "407": "农家乐用油脂分离器",
    "408": "村级一体化中水处理设备",
    "409": "庭院雨水收集处理设备",
    "501": "空气源热泵热水机、低温型空气源热泵采暖机组",
    "502": "水地源热泵机组",
    "503": "户式新风净化机",
    "504": "户用固体电蓄热装置",
    "505": "单晶硅光伏组件、光伏屋面瓦",
    "506": "LED球泡灯、LED路灯",
    "507": "导光管采光系统",
    "508": "户用光伏发电系统",
    "602": "农村供水智能水表、采暖房间温控器",
    "35601": "实木复合地板、无醛添加刨花板",
    "35602": "内墙涂料、水性木器涂料",
    "35603": "节水型坐便器、陶瓷小便器",
    "35604": "钢化中空玻璃、夹层安全玻璃",
    "35606": "家用太阳能热水系统",
    "35607": "竹木整体橱柜",
    "35608": "建筑绝热用玻璃棉制品",
    "35609": "喷涂速凝橡胶沥青防水涂料、建筑用聚氨酯密封胶",
    "35610": "陶瓷岩板、干压陶瓷砖",
    "35612": "木塑户外地板",
}
MODELS = {
    "给水用聚乙烯管材": "PE100 SDR11 dn63、dn110",
    "排水用硬聚氯乙烯管材": "PVC-U dn110",
    "冷热水用无规共聚聚丙烯管材": "PP-R S3.2 dn20",
    "聚合物水泥防水涂料": "JS I型",
    "弹性体改性沥青防水卷材": "SBS I PY 3 mm",
}
# Called by something that they hardly make; every kind goes round all of them.
MAKERS = (
    ("示例水泥有限公司", "350200"),
    ("示例玻璃科技有限公司", "440605"),
    ("示例砌块建材有限公司", "350524"),
    ("示例门窗有限公司", "610100"),
    ("示例瓷砖贸易有限公司", "320500"),
    ("示例防水科技有限公司", "150200"),
    ("示例涂料有限公司", "330100"),
    ("示例荷塘卫浴有限公司", "440600"),
)
FURTHER_MAKER = ("示例青瓦防水科技有限公司", "350100")
STARS = ("3", "2", "1")
# Kind, name, place of the maker among MAKERS, star, number: what single queries ask for.
FURTHER = (
    ("208", "瓷质抛光砖", 0, "3", "SL-CGP-2024-0901"),
    ("208", "瓷质抛光砖", 2, "3", "SL-CGP-2024-0902"),
    ("35601", "强化木地板", 1, "2", "SL-CGP-2024-0903"),
    ("35601", "强化木地板", 3, "3", "SL-CGP-2024-0904"),
    ("105", "模塑聚苯板", 5, "1", "SL-CGP-2024-0905"),
    ("35602", "粉末涂料", 6, "2", "SL-CGP-2024-0906"),
    ("302", "热塑性聚烯烃防水卷材", 8, "1", "SL-CGP-777"),
)


def lay() -> None:
    """Each name from two makers of different places, all stars in turn."""
    add_missing(divisions(), identity=["code"])
    add_missing(product_facts.catalogues(), identity=["version"])
    add_missing(product_facts.categories(), identity=["code"])
    makers = [make_enterprise(name=name, division=Division.objects.get(code=code)) for name, code in MAKERS]
    goods: list[Product] = []
    for code, names in NAMES.items():
        category = Category.objects.get(code=code)
        for name in names.split("、"):
            for _twice in range(2):
                place = len(goods)
                star = "green" if code.startswith("356") else STARS[place % 3]
                number = f"SL-CGP-{2023 + place % 3}-{place + 101:04d}"
                goods.append(
                    make_product(
                        name=name,
                        category=category,
                        enterprise=makers[(place * 3 + place // 8) % len(makers)],
                        brand=makers[(place * 3 + place // 8) % len(makers)].name[:4],
                        models_text=MODELS.get(name, f"I型 A{place:03d}"),
                        certificate=make_certificate(
                            star=star, number=number, standard=category.standard_number
                        ),
                    )
                )
    makers.append(
        make_enterprise(name=FURTHER_MAKER[0], division=Division.objects.get(code=FURTHER_MAKER[1]))
    )
    for code, name, maker, star, number in FURTHER:
        category = Category.objects.get(code=code)
        certificate = make_certificate(star=star, number=number, standard=category.standard_number)
        goods.append(
            make_product(name=name, category=category, enterprise=makers[maker], certificate=certificate)
        )
    publish_products(*goods)
