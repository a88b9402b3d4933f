"""The words of documents that are no receipts. Each split has kinds of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from samples.render.blocks import BIG, BOLD, Blocks, Gap, Rule, left, line, middle, right, row
from samples.render.chance import Chance
from samples.render.shops import Shop, fictional_phone, person
from samples.render.tables import table


@dataclass(frozen=True)
class Draft:
    """Whose document it is, and what chance makes of it."""

    shop: Shop
    chance: Chance = field(compare=False)

    def pick(self, name: str, *values: str) -> str:
        """One of several wordings."""
        return self.chance.sub(name).choice(list(values))

    def day(self, name: str) -> str:
        """Some day in one of the usual forms."""
        chance = self.chance.sub("day", name)
        form = chance.choice(["2025. {}. {}.", "2025-{:02}-{:02}", "{}월 {}일", "2025년 {}월 {}일"])
        return str(form).format(chance.randint(1, 12), chance.randint(1, 28))

    def wares(self, count: int) -> list[tuple[str, int]]:
        """Wares of the shop's trade with their prices."""
        known = table("wares")[self.shop.trade]
        priced = [*known.get("taxed", {}).items(), *known.get("free", {}).items()]
        return self.chance.sub("wares").sample(priced, min(count, len(priced)))

    def number(self, name: str, digits: int) -> str:
        """Digits of no meaning."""
        return self.chance.sub("number", name).digits(digits)


Page = Callable[[Draft], Blocks]


def menu(draft: Draft) -> Blocks:
    """A board of dishes and prices; what it costs, not what was paid."""
    unit = draft.pick("unit", "", "원")
    dishes = [row(left(name), right(f"{price:,}{unit}")) for name, price in draft.wares(9)]
    return [
        middle(draft.shop.name, style=BIG),
        middle(draft.pick("title", "메 뉴", "MENU", "차림표")),
        Gap(1),
        *dishes,
        Gap(1),
        line(
            draft.pick(
                "note",
                "* 원산지: 쌀(국내산), 김치(국내산)",
                "포장 가능합니다",
                "추가 반찬은 셀프입니다",
            )
        ),
        line(f"예약문의 {draft.shop.phone}"),
    ]


def price_list(draft: Draft) -> Blocks:
    """A list of prices for services."""
    rows = [row(left(name), right(f"{price // 1000}.0")) for name, price in draft.wares(8)]
    return [
        middle(draft.pick("title", "가격 안내", "요금표", "PRICE LIST"), style=BIG),
        Rule("solid"),
        *rows,
        Rule("solid"),
        line("부가세 별도"),
        line("예약제로 운영합니다"),
        middle(draft.shop.name),
    ]


def business_card(draft: Draft) -> Blocks:
    """Name, office, numbers."""
    shop = draft.shop
    return [
        line(shop.name, style=BOLD),
        Gap(1),
        line(
            f"{draft.pick('office', '대표', '점장', '과장', '원장', '실장')}  {shop.owner}",
            style=BIG,
        ),
        Gap(1),
        line(f"M. {fictional_phone(draft.chance.sub('mobile'))}"),
        line(f"T. {shop.phone}"),
        line(f"E. sales{draft.number('mail', 2)}@shop.example"),
        line(shop.address),
    ]


def membership_card(draft: Draft) -> Blocks:
    """A card to be stamped."""
    return [
        middle(draft.shop.name, style=BIG),
        middle(draft.pick("title", "멤버십 카드", "적립 쿠폰", "STAMP CARD")),
        Gap(1),
        *[middle("  ".join(str(n) for n in range(at, at + 5))) for at in (1, 6)],
        line("10개를 모으시면 음료 1잔을 드립니다"),
        line("현금으로 교환되지 않습니다"),
        line(f"회원 {person(draft.chance.sub('member'))[0]}OO 님"),
    ]


def shipping_label(draft: Draft) -> Blocks:
    """A parcel's label: two people, two addresses, a long number."""
    to = draft.chance.sub("to")
    return [
        row(
            left(draft.pick("title", "운송장", "택배 운송장"), style=BIG), right(draft.day("sent"))
        ),
        line(f"운송장번호 {draft.number('a', 4)}-{draft.number('b', 4)}-{draft.number('c', 4)}"),
        Rule("solid"),
        line(f"받는분  {person(to)[0]}**  {fictional_phone(to)}"),
        line(draft.shop.address),
        Rule("solid"),
        line(f"보내는분  {draft.shop.name}"),
        line(f"전화  {draft.shop.phone}"),
        Rule("solid"),
        line(f"품명  {draft.wares(1)[0][0]}"),
        line("극소 1 / 선불 / 경비실에 맡겨주세요"),
    ]


def delivery_note(draft: Draft) -> Blocks:
    """What was brought, without what it cost."""
    goods = [
        row(left(name), right(f"{at + 1} 박스")) for at, (name, _) in enumerate(draft.wares(5))
    ]
    return [
        middle(draft.pick("title", "납 품 서", "인 수 증", "배송 확인서"), style=BIG),
        line(f"일자 {draft.day('brought')}"),
        line(f"수신: {draft.shop.name}"),
        Rule("solid"),
        row(left("품목"), right("수량")),
        *goods,
        Rule("solid"),
        line("위와 같이 납품합니다"),
        row(right(f"인수자 {person(draft.chance.sub('who'))} (서명)")),
    ]


def notice(draft: Draft) -> Blocks:
    """A sheet on a door."""
    return [
        middle(draft.pick("title", "안 내 문", "공 지", "휴무 안내"), style=BIG),
        Gap(1),
        line(f"저희 {draft.shop.name}을 찾아 주시는 고객 여러분께"),
        line("진심으로 감사드립니다."),
        line(f"{draft.day('from')}부터 {draft.day('to')}까지"),
        line(
            draft.pick(
                "why", "내부 수리로 쉽니다.", "명절 연휴로 휴무합니다.", "영업시간이 바뀝니다."
            )
        ),
        Gap(1),
        line(f"문의 {draft.shop.phone}"),
        row(right("점주 올림")),
    ]


def poster(draft: Draft) -> Blocks:
    """An event with a prize and a day."""
    return [
        middle(draft.pick("title", "감사 이벤트", "오픈 행사", "봄맞이 축제"), style=BIG),
        middle(f"{draft.day('from')} ~ {draft.day('to')}"),
        Gap(1),
        middle(f"전 품목 {draft.chance.sub('off').choice([10, 20, 30])}% 할인", style=BOLD),
        line("1등 상품권 100,000원 (3명)"),
        line("2등 커피 쿠폰 (20명)"),
        line("응모 방법: 매장에 비치된 응모함"),
        Gap(1),
        middle(draft.shop.name),
        middle(draft.shop.address),
    ]


def medicine_bag(draft: Draft) -> Blocks:
    """What to take when."""
    return [
        middle(draft.pick("title", "내복약", "약 봉투", "복약 안내"), style=BIG),
        line(f"{person(draft.chance.sub('who'))[0]}OO 님  {draft.day('made')}"),
        Rule("solid"),
        line("1일 3회  3일분"),
        line("아침, 점심, 저녁 식후 30분에 복용"),
        line("졸릴 수 있으니 운전에 주의하세요"),
        Rule("solid"),
        line(f"{draft.shop.name}  약사 {draft.shop.owner}"),
        line(draft.shop.phone),
    ]


def queue_ticket(draft: Draft) -> Blocks:
    """A number to wait with."""
    return [
        middle(draft.shop.name),
        middle(draft.pick("title", "대기번호", "번호표", "순번 대기표")),
        middle(draft.number("turn", 3), style=BIG),
        middle(f"대기인원 {draft.chance.sub('people').randint(0, 20)}명"),
        middle(draft.day("now")),
        middle("순서가 되면 창구로 오십시오"),
    ]


def article(draft: Draft) -> Blocks:
    """Sentences, as a page of a paper or a book has them."""
    said = [
        "전통시장 상인회는 올해에도 장보기 행사를 연다.",
        "지난해보다 많은 점포가 함께하며",
        "주말마다 작은 음악회도 열릴 예정이다.",
        "상인회장은 많은 시민이 찾아 주기를",
        "바란다고 말했다. 주차장은 두 시간까지",
        "무료로 쓸 수 있고 버스도 늘어난다.",
        "자세한 내용은 시청 누리집에서 볼 수 있다.",
        "비가 오면 행사는 다음 주로 미루어진다.",
    ]
    return [
        middle(draft.pick("title", "골목 상권에 봄바람", "시장에 사람이 모인다"), style=BIG),
        line(f"{draft.day('printed')}  {person(draft.chance.sub('who'))} 기자"),
        Gap(1),
        *(line(each) for each in draft.chance.sub("said").sample(said, 7)),
    ]


def chat(draft: Draft) -> Blocks:
    """A conversation on a telephone."""
    said = [
        "오늘 저녁에 시간 돼?",
        "응 7시쯤 가능해",
        "그럼 가게 앞에서 보자",
        "예약은 내가 할게",
        "몇 명이야?",
        "네 명이야",
        "영수증 꼭 챙겨 줘",
        "알겠어!",
        "조심히 와",
    ]
    lines = [
        row(right(text)) if number % 2 else line(text)
        for number, text in enumerate(draft.chance.sub("said").sample(said, 7))
    ]
    return [
        middle(person(draft.chance.sub("who")), style=BOLD),
        middle(draft.day("said")),
        Gap(1),
        *lines,
        Gap(1),
        line("메시지 입력"),
    ]


PAGES: Mapping[str, Mapping[str, tuple[str, Page]]] = {
    "train": {
        "menu": ("office", menu),
        "business_card": ("office", business_card),
        "shipping_label": ("thermal", shipping_label),
        "notice": ("office", notice),
        "medicine_bag": ("office", medicine_bag),
        "chat": ("screen", chat),
    },
    "test": {
        "price_list": ("office", price_list),
        "membership_card": ("office", membership_card),
        "delivery_note": ("office", delivery_note),
        "poster": ("office", poster),
        "queue_ticket": ("thermal", queue_ticket),
        "article": ("screen", article),
    },
}
"""By split and name: what it appears on, as families of receipts have it, and its words."""
