"""The words people write above a column, by register and field. Data; the rules that use it are in `headings`.

Words are written as `headings.normalise` leaves them: no spaces, brackets or line breaks, small letters. In each
field the words of the first line name it beyond doubt; those of the second name it only where no other column
does, and may then serve the field after the slash.
"""

from dataclasses import dataclass

PRODUCTS, ENTERPRISES = "products", "enterprises"


@dataclass(frozen=True)
class Field:
    """One thing a column may hold. `weak` words give way to `words`, and may mean `else_field` instead."""

    name: str
    label: str
    words: str
    weak: str = ""
    else_field: str = ""
    is_joined: bool = False  # several columns together, such as 规格 and 型号
    is_key: bool = False  # a heading row has at least one of these


_MAKER_WORDS = (
    "companyname manufacturer enterprisename 企业名称 企业全称 企业名 企业 获证企业 获证企业名称 获证单位 获证单位名称 获证组织 获证组织名称 持证企业 持证单位 持证人 "
    "证书持有人 证书持有者 证书持有企业 单位名称 单位全称 单位 公司名称 公司全称 公司 申报企业 申报企业名称 申报单位 申报单位名称 申请企业 "
    "申请企业名称 申请单位 申请单位名称 申请人 厂商 厂商名称 所属企业 参与企业 参加企业 入选企业 入围企业 推荐企业 供应商 供应商名称 "
    "供货企业 供应企业 企业单位名称 企业公司名称 名录企业 企业名称全称 营业执照名称"
)
_PRODUCING_WORDS = "生产企业 生产企业名称 生产厂家 生产厂家名称 生产厂商 生产厂商名称 生产单位 生产单位名称 生产商 厂家 厂家名称 厂名 制造企业 工厂名称"
_USCC_WORDS = (
    "统一社会信用代码 社会信用代码 统一信用代码 统一社会代码 统一社会信用码 信用代码 统一代码 企业信用代码 税号 纳税人识别号 企业税号 "
    "统一社会信用代码证号 统一社会信用代码税号 社会统一信用代码 信用代码税号 纳税识别号 uscc unifiedsocialcreditcode"
)
_USCC_WEAK = (
    "营业执照号 营业执照号码 营业执照注册号 营业执照编号 工商注册号 注册号 组织机构代码 机构代码 企业代码"
)

_PRODUCT_FIELDS = (
    Field("serial", "清单编号", "清单编号 清单号 产品清单编号 清单产品编号 平台编号 公布编号", is_key=True),
    Field("enterprise", "企业名称", _MAKER_WORDS, _PRODUCING_WORDS, else_field="factory_name", is_key=True),
    Field("uscc", "统一社会信用代码", _USCC_WORDS, _USCC_WEAK, is_key=True),
    Field(
        "category",
        "产品类别",
        "category productcategory producttype 产品类别 产品类别名称 产品类型 产品种类 产品品类 品类 品类名称 类别 类别名称 建材种类 建材类别 建材品种 建材品类 产品分类 小类 产品小类 "
        "二级分类 二级类别 二级类目 二级品类 认证产品类别 认证产品种类 目录类别 类目 种类 产品目录 认证类别 认证品种 产品品种 品种 产品类目",
        "分类 类型 认证单元 认证单元类别 认证范围",
    ),
    Field(
        "name",
        "产品名称",
        "productname 产品名称 产品名 产品全称 获证产品 获证产品名称 认证产品 认证产品名称 品名 建材名称 材料名称 商品名称 商品名 建材产品名称 入选产品 "
        "入选产品名称 推荐产品 推荐产品名称 产品通用名称 获证产品单元名称 产品单元名称 单元产品名称",
        "产品 名称 单元名称 认证单元名称 货物名称 物资名称 商品",
        is_key=True,
    ),
    Field(
        "brand",
        "品牌",
        "brand 品牌 商标 产品品牌 品牌名称 商标名称 品牌商标 商标品牌 注册商标 产品商标 品牌名",
    ),
    Field(
        "models_text",
        "规格型号",
        "model modelno specification 规格型号 型号规格 规格 型号 产品规格 产品型号 产品规格型号 产品型号规格 型号及规格 规格及型号 规格和型号 规格与型号 主要规格型号 "
        "覆盖型号 认证型号 认证规格 获证规格型号 规格型号系列 型号系列 产品规格及型号 产品型号及规格 规格尺寸 系列型号 规格型号说明",
        "系列 产品系列 尺寸 产品描述",
        is_joined=True,
    ),
    Field(
        "body",
        "认证机构",
        "certificationbody certifyingbody issuingbody 认证机构 认证机构名称 发证机构 发证机构名称 颁证机构 颁证机构名称 发证单位 颁证单位 认证单位 发证机关 颁发机构 证书颁发机构 评价机构 "
        "认证发证机构 证书发证机构",
        "机构 机构名称",
    ),
    Field(
        "certificate_number",
        "证书编号",
        "证书编号 证书号 证书号码 证书编码 认证证书编号 认证证书号 认证证书号码 证书注册号 证书注册编号 标识证书编号 证号 认证编号 获证证书编号 "
        "证书no 证书no编号 证书编号no 绿色建材证书编号 绿色建材认证证书编号 绿色产品证书编号 评价标识证书编号 certificateno certificatenumber",
        "证书 认证证书",
        is_key=True,
    ),
    Field(
        "star",
        "星级",
        "star stars starrating starlevel 星级 认证等级 等级 认证星级 证书等级 证书星级 产品等级 产品星级 星级等级 等级星级 评价等级 评价星级 标识等级 标识星级 评价标识等级 "
        "绿色建材评价标识等级 获证等级 获证星级 认证级别 级别 绿色等级 绿色建材等级 绿色建材星级 绿色建材认证等级 星级级别 绿色建材评价等级 认证星级等级",
        "认证结果 认证类型",
    ),
    Field(
        "issued_on",
        "发证日期",
        "issuedate dateofissue 发证日期 发证时间 获证日期 获证时间 颁证日期 颁证时间 颁发日期 颁发时间 证书颁发日期 证书发证日期 签发日期 签发时间 认证日期 认证时间 "
        "取证日期 取证时间 发证日 本次发证日期 本次颁证日期 本次获证日期 最新发证日期 最近发证日期",
        "有效期起 有效期自 有效期开始 有效期起始 有效期起始日期 有效期开始日期 有效起始日期 起始日期 开始日期 生效日期 证书生效日期 "
        "首次发证日期 初次发证日期 初始发证日期 首次获证日期 证书有效期起",
    ),
    Field(
        "valid_until",
        "有效期至",
        "有效期至 有效期 证书有效期 证书有效期至 有效期限 证书有效期限 有效日期 证书有效日期 有效日期至 到期日期 到期时间 到期日 证书到期日期 "
        "证书到期日 证书到期时间 截止日期 有效截止日期 证书截止日期 失效日期 有效期止 有效期到 有效期截止 有效期截止日期 有效期终止日期 "
        "有效期结束 有效期结束日期 有效期到期日 有效至 证书期限 起止日期 起止时间 有效期起止 有效期起止日期 有效期起止时间 有效起止日期 "
        "证书起止日期 证书有效期起止 证书有效期起止日期 有效时间 证书有效时间 有效期间 证书有效期止 有效期截至 截至日期 终止日期 有效期区间",
        "期限 结束日期 证书日期 认证有效期 有效期年 证书有效期年 有效年限 有效期年限 证书有效年限 有效期月 有效期年数 validuntil expirydate "
        "validto",
    ),
    Field(
        "standard",
        "认证依据标准",
        "认证依据 认证标准 认证依据标准 依据标准 执行标准 产品标准 产品执行标准 标准 标准号 标准编号 标准名称 标准编号及名称 标准名称及编号 "
        "标准号及名称 评价标准 评价依据 技术标准 认证依据的标准 认证执行标准 依据的标准 认证实施标准 标准代号 认证所依据的标准",
        "依据 检验标准",
    ),
    Field(
        "applicant_name",
        "认证委托人",
        "认证委托人 认证委托人名称 认证委托方 委托人 委托人名称 委托方 认证申请人 认证申请方",
    ),
    Field("maker_name", "制造商", "制造商 制造商名称 制造者 生产者 生产者名称 生产者制造商 制造商生产者"),
    Field("factory_name", "生产厂", "生产厂 生产厂名称 生产工厂 被委托生产企业 生产企业工厂 实际生产厂"),
    Field(
        "status", "证书状态", "证书状态 状态 有效状态 当前状态 证书当前状态 认证状态 证书有效状态 证书有效性"
    ),
    Field(
        "status_on",
        "状态日期",
        "状态日期 状态变更日期 状态变化日期 暂停日期 撤销日期 注销日期 暂停时间 撤销时间 注销时间 撤销注销日期",
    ),
    Field("status_reason", "状态原因", "状态原因 状态变更原因 暂停原因 撤销原因 注销原因 状态说明"),
    Field(
        "requirement",
        "地方技术要求",
        "地方技术要求 技术要求 列入依据 列名依据 入选依据 上榜依据 地方要求 地方技术要求名称 依据技术要求 技术要求名称",
    ),
)

_ENTERPRISE_FIELDS = (
    Field("name", "企业名称", _MAKER_WORDS, f"{_PRODUCING_WORDS} 名称 制造商 生产厂 认证委托人", is_key=True),
    Field("uscc", "统一社会信用代码", _USCC_WORDS, _USCC_WEAK, is_key=True),
    Field(
        "former_names",
        "曾用名",
        "曾用名 曾用名称 企业曾用名 原名 原名称 原企业名称 原单位名称 原公司名称 变更前名称 变更前企业名称 更名前名称 更名前企业名称 历史名称 历史名",
    ),
    Field(
        "province",
        "省份",
        "省份 省 省级 所在省 所在省份 所属省份 所属省 省份名称 省自治区直辖市 省区市 省市区 省市自治区 省直辖市 省自治区 省份直辖市 企业所在省份 注册省份",
        "省市 所在省市 所属省市",
    ),
    Field(
        "city",
        "地市",
        "市 地市 城市 地级市 所在市 所在城市 所在地市 所属市 所属地市 所属城市 市州 地州市 市级 地级 州市 市地州 设区市 城市名称",
    ),
    Field(
        "county",
        "区县",
        "县 区县 县区 县市区 市县区 区 所在区县 所属区县 县级 区市县 区县市 旗县 所在县 所在县区 县级市",
    ),
    Field(
        "division",
        "所在地",
        "所在地 地区 所在地区 所属地区 所属区域 区域 地域 所在区域 省市县 省市区县 行政区划 行政区划代码 区划代码 区划 属地 注册地 企业所在地 "
        "单位所在地 注册所在地 所在地市区 所属地 产地 生产地 归属地 企业注册地 所在行政区划 所在省市区 所在省市县",
    ),
    Field(
        "address",
        "地址",
        "地址 注册地址 企业地址 单位地址 公司地址 详细地址 通讯地址 通信地址 生产地址 联系地址 经营地址 办公地址 厂址 住所 住址 工厂地址 "
        "企业注册地址 生产厂地址 企业住所",
    ),
    Field(
        "phone",
        "单位电话",
        "单位电话 企业电话 公司电话 固定电话 固话 座机 座机电话 座机号码 办公电话 办公室电话 服务电话 客服电话 服务热线 客服热线 咨询电话 "
        "咨询热线 销售电话 销售热线 售后电话 售后服务电话 热线 热线电话 企业联系电话 单位联系电话 公司联系电话 对外电话 公开电话",
    ),
    Field(
        "any_phone",
        "联系电话",
        "联系电话 电话 联系方式 电话号码 联系电话号码 联系号码 联系方式电话 电话手机 联系电话手机",
    ),
    Field(
        "website",
        "网址",
        "网址 官网 网站 公司网址 企业网址 官方网站 官网网址 企业官网 公司网站 企业网站 官网地址 网站地址 网站网址 主页 公司主页",
    ),
    Field(
        "sells_in",
        "销售范围",
        "销售范围 销售区域 销售地区 供应范围 供货范围 供货区域 供应区域 服务区域 服务范围 覆盖区域 覆盖范围 销往地区 销售省份 可供应地区 供应地区",
    ),
    Field(
        "contact_person",
        "联系人",
        "联系人 联系人姓名 联络人 联络人姓名 企业联系人 业务联系人 单位联系人 经办人 对接人 负责人 企业负责人 项目联系人",
    ),
    Field(
        "contact_phone",
        "联系人电话",
        "手机 手机号 手机号码 移动电话 联系人电话 联系人手机 联系人手机号 联系人手机号码 联系人联系方式 联系人联系电话 联络人电话 负责人电话 经办人电话",
    ),
)

FIELDS: dict[str, tuple[Field, ...]] = {PRODUCTS: _PRODUCT_FIELDS, ENTERPRISES: _ENTERPRISE_FIELDS}

# Columns that are understood and have no place in the register.
_ALWAYS_IGNORED = (
    "序号 序 编号 行号 项次 no 备注 说明 备注说明 附注 其他 其他说明 年份 年度 批次 公布批次 传真 传真号码 邮箱 电子邮箱 电子邮件 email 邮编 邮政编码 "
    "法定代表人 法人 法人代表 法定代表人姓名 开户行 银行账号"
)
_ABOUT_THE_FIRM = (
    "企业类型 单位类型 公司类型 主体类型 市场主体类型 经济类型 企业性质 单位性质 公司性质 经济性质 企业类别 单位类别 企业规模 规模 注册日期 成立日期 "
    "成立时间 注册时间 注册资金 注册资本 实缴资本 经营状态 企业状态 登记状态 存续状态 营业状态 公司状态 营业期限 经营期限 登记机关 员工人数 职工人数 "
    "年产值 年产量 产能 信用等级 资质等级 企业等级 纳税信用等级"
)
IGNORED: dict[str, str] = {
    PRODUCTS: f"{_ALWAYS_IGNORED} {_ABOUT_THE_FIRM} 省份 省 省市 地区 所在地 所在地区 所在省 所在省份 所属省份 所属地区 市 城市 地市 区县 所属地市 地址 注册地址 企业地址 生产地址 "
    "联系人 联系电话 电话 手机 联系方式 网址 官网 大类 产品大类 一级分类 一级类别 所属大类 类别大类 组别 换证日期 变更日期 数量 单位数量 价格 单价 应用部位 "
    "使用部位 用途 图片 产品图片 产品简介 证书数量 认证模式 产地 计量单位 包装单位 计价单位 "
    "销售单位 规格单位 包装规格 包装 包装方式 库存 保质期 质保期 保修期 质保年限 适用部位 部位 使用范围 适用范围 应用范围 防火等级 燃烧性能等级 强度等级 "
    "耐火等级 环保等级 质量等级 产品等级代号 生产许可证号 生产许可证编号 检测报告编号 检验报告编号 商标注册号 合同编号 营业执照有效期",
    ENTERPRISES: f"{_ALWAYS_IGNORED} {_ABOUT_THE_FIRM} 经营范围 主营业务 主营产品 主要产品 产品名称 产品 企业简介 所属行业 行业 产品类别 "
    "证书数量 获证数量 参保人数",
}

# Ahead of these words the head of a heading is about somebody or something else: 认证机构电话 is no phone of the maker.
_FOREIGN = (
    "机构 经销 代理 监督 检测 检验 主管 原 曾 上级 推荐单位 推荐部门 填报 填表 审核 项目 工程 许可 执照 身份 合同 协议 商标 专利 报告 租赁 资质 3c ccc "
    "强制 体系 管理 消防 iso 软件"
)
FOREIGN = tuple(_FOREIGN.split())
# Ahead of the same field only: a firm has a type, a state and a term of its own.
_OF_THE_FIRM = "企业 单位 公司 经营 营业 登记 注册 存续 工商 纳税 经济 主体 组织 行业 客户 供应商"
_PARTY = (
    "计量 包装 计价 施工 使用 建设 设计 监理 销售 安装 主办 承办 归口 采购 库存 最小 规格 数量 价格 "
    "责任 牵头 参编 编制 见证 物业 验收 实施 支持 协办 承建 总包 分包 招标"
)
FOREIGN_TO: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("category", "status", "status_on"), tuple(f"{_OF_THE_FIRM} 施工 供货".split())),
    **dict.fromkeys(
        ("valid_until", "issued_on"), tuple(f"{_OF_THE_FIRM} 质保 保质 保修 质量 标准 成立".split())
    ),
    "star": tuple(f"{_OF_THE_FIRM} 信用 安全 防火 耐火 燃烧 环保 质量 抗震 强度 风险 防水 防护".split()),
    **dict.fromkeys(
        ("enterprise", "name", "factory_name", "maker_name", "applicant_name"), tuple(_PARTY.split())
    ),
    "models_text": ("包装",),
}
# Anything has a state or a grade: with these words alone a heading ends as the field only where those ahead are about the
# certificate.
BARE = frozenset(["状态", "等级", "级别"])
GRADES = frozenset("一二三123")  # a column for each of them holds ticks
OF_THE_CERTIFICATE = ("证书", "认证", "获证", "绿色", "建材", "标识", "评价", "星")
