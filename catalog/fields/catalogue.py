"""The fields of the three registers, by the names of their columns."""

from collections.abc import Iterable
from types import MappingProxyType

from catalog.fields import codes, phones, printed, readings, websites
from catalog.fields.codes import CodeField
from catalog.fields.field import Field
from portal.core.text.normalise import clean_name

PHONE_LIMIT = 40


def _by_name(fields: Iterable[Field]) -> MappingProxyType[str, Field]:
    return MappingProxyType({field.name: field for field in fields})


ENTERPRISE = _by_name(
    [
        CodeField(
            "uscc", "统一社会信用代码", 18, is_required=True, rule=codes.code, empty=None, typed_limit=60
        ),
        Field(
            "name",
            "企业名称",
            120,
            help="照营业执照填写。",
            is_required=True,
            tidy=clean_name,
            rule=printed.registered_name,
        ),
        Field(
            "former_name",
            "曾用名",
            120,
            may_be_left_out=True,
            tidy=clean_name,
            rule=printed.registered_name,
        ),
        Field(
            "division",
            "所在地",
            100,
            help="省、市、县（区），例如 福建省泉州市南安市；也可以写六位区划代码。",
        ),
        Field("address", "地址", 200, may_be_left_out=True),
        Field(
            "phone",
            "单位电话",
            PHONE_LIMIT,
            help="单位的座机或客服电话，不要写个人手机。",
            may_be_left_out=True,
            rule=phones.phone_numbers,
            typed_limit=60,
        ),
        Field(
            "website",
            "网址",
            200,
            help="例如 www.example.com；没有就空着。",
            may_be_left_out=True,
            rule=websites.website,
        ),
        Field(
            "sells_in",
            "销售范围",
            400,
            help="「全国」，或几个地区，中间用顿号分开，例如 福建省、江西省；不详就空着。",
            typed_limit=2000,
        ),
        Field("contact_person", "联系人", 40, may_be_left_out=True, is_personal=True),
        Field(
            "contact_phone",
            "联系人电话",
            PHONE_LIMIT,
            help="办理单位需要时打这个电话；只有承办人看得到，每次查看都有记录。",
            may_be_left_out=True,
            is_personal=True,
            rule=phones.phone_numbers,
            typed_limit=60,
        ),
    ]
)

CERTIFICATE = _by_name(
    [
        Field("body", "认证机构", 100, help="证书上盖章的机构。", is_required=True, tidy=clean_name),
        Field(
            "number",
            "证书编号",
            64,
            help="照证书原样填写，括号和横线都保留。",
            is_required=True,
            tidy=clean_name,
            rule=printed.printed_number,
        ),
        Field(
            "star",
            "认证等级",
            40,
            help="绿色产品认证没有星级，选「绿色产品」。",
            is_required=True,
            rule=readings.star,
        ),
        Field(
            "applicant_name",
            "认证委托人",
            120,
            help="照证书填写；可以是旧名称。",
            may_be_left_out=True,
            tidy=clean_name,
            rule=printed.printed,
        ),
        Field("maker_name", "制造商", 120, may_be_left_out=True, tidy=clean_name, rule=printed.printed),
        Field("factory_name", "生产厂", 120, may_be_left_out=True, tidy=clean_name, rule=printed.printed),
        Field(
            "standard",
            "认证依据标准",
            200,
            help="例如 T/CECS 10038-2019。",
            may_be_left_out=True,
            rule=printed.printed,
        ),
        Field("issued_on", "发证日期", 100, rule=readings.day, empty=None),
        Field("valid_until", "有效期至", 100, is_required=True, rule=readings.last_day, empty=None),
        Field("status", "证书状态", 60, rule=readings.status),
        Field("status_on", "状态日期", 100, rule=readings.day, empty=None),
        Field("status_reason", "状态原因", 200, may_be_left_out=True),
    ]
)

PRODUCT = _by_name(
    [
        Field(
            "name",
            "产品名称",
            120,
            help="照证书填写。",
            is_required=True,
            tidy=clean_name,
            rule=printed.printed,
        ),
        Field("category", "产品类别", 120, is_required=True),
        Field(
            "brand",
            "品牌",
            60,
            help="没有就空着。",
            may_be_left_out=True,
            tidy=clean_name,
            rule=printed.printed,
        ),
        Field("models_text", "规格型号", 20_000, help="照证书附件填写，几个型号用顿号分开。"),
        Field("requirement", "地方技术要求", 140),
    ]
)
