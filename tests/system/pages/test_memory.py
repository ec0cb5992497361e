"""What pages take of a board's heap, and what happens when there is not enough of it."""

import json

PAGE_HEAP_BYTES = 24 * 1024  # the limit for a page of 40 nodes
EMPTY = "@Page\nclass Empty:\n    data = {}\n"
ROWS = """
    <view class="head"><text>{{title}}</text><button bindtap="reload" size="mini">again</button></view>
    <view class="row" wx:for="{{rows}}" wx:key="id" data-id="{{item.id}}" bindtap="pick">
      <text class="name">{{item.name}}</text><view class="count {{item.count > 3 ? 'many' : ''}}">{{item.count}}</view>
    </view>
"""
STYLE = """
.head { display: flex; justify-content: space-between; padding: 10rpx 20rpx; background: #eee }
.row { display: flex; border-bottom: 1px solid #ccc; padding: 4px }
.row:active { background: #ddd }
.name { flex: 1; color: #333 }
.count { width: 60rpx; text-align: right } .many { color: red }
"""
FORTY = """
@Page
class Rows:
    data = {"title": "forty nodes", "rows": [{"id": n, "name": "row %d" % n, "count": n} for n in range(7)]}
"""
FILES = {
    "app.json": json.dumps({"pages": ["pages/index/index", "pages/rows/rows"]}),
    "pages/index/index.py": EMPTY,
    "pages/rows/rows.py": FORTY,
    "pages/rows/rows.wxml": ROWS,
    "pages/rows/rows.wxss": STYLE,
}


def _count(boxes):
    return 1 + sum(_count(each) for each in boxes[2])


def test_a_page_of_40_nodes_fits_in_24_kb_and_leaves_nothing(small_screen):
    small_screen.run(FILES)
    small_screen.call("navigateTo", {"url": "/pages/rows/rows"})
    assert _count(small_screen.boxes()) == 41  # 40 and the page itself
    small_screen.call("navigateBack")
    before = min(small_screen.state()["heapUsed"] for _ in range(3))
    small_screen.call("navigateTo", {"url": "/pages/rows/rows"})
    used = min(small_screen.state()["heapUsed"] for _ in range(3)) - before
    assert 4096 < used <= PAGE_HEAP_BYTES
    small_screen.call("navigateBack")
    left = min(small_screen.state()["heapUsed"] for _ in range(3)) - before
    assert left < 256, left


def test_of_1000_rows_those_are_shown_that_fit(small_screen):
    small_screen.run(FILES)
    small_screen.call("navigateTo", {"url": "/pages/rows/rows"})
    small_screen.exec(
        "from kiosk import router\n"
        "router.stack[-1].setData({'rows': [{'id': n, 'name': 'r', 'count': n} for n in range(1000)]})",
        timeout_s=60,
    )
    rows = "ui.screen.views[router.stack[-1]].tree.root.children"
    read = f"from kiosk import router, ui\nprint(len({rows}) - 1, {rows}[-1].y // 64, {rows}[1].y // 64, {rows}[1].h // 64)"
    shown, last_y, first_y, height = map(int, small_screen.exec(read).split())
    assert 50 < shown < 1000
    assert last_y == first_y + (shown - 1) * height  # all that there are have been laid out
    assert f"no memory for {1000 - shown} of the 1000 rows of a list: they are not shown" in small_screen.errors
    small_screen.set_data({"rows": [{"id": 5, "name": "five", "count": 5}]})
    assert small_screen.boxes()[2][1][2][0][0] == "text"
    assert small_screen.call("navigateBack")["errMsg"] == "navigateBack:ok"


CARDS = {
    "app.json": json.dumps({"pages": ["pages/index/index", "pages/cards/cards"]}),
    "pages/index/index.py": EMPTY,
    "pages/cards/cards.py": "@Page\nclass Cards:\n    data = {'count': 2}\n",
    "pages/cards/cards.json": '{"usingComponents": {"card": "/c/card"}}',
    "pages/cards/cards.wxml": '<card wx:for="{{count}}" number="{{item}}"/>',
    "c/card.json": '{"component": true}',
    "c/card.py": "@Component\nclass Card:\n    properties = {'number': int}\n",
    "c/card.wxml": "<view>{{number}}</view>",
}
INSTANCE_BYTES = 700  # its element, the <view> and the text in it, its data, and itself: docs/architecture.md has it


def test_what_a_custom_component_takes_and_gives_back(small_screen):
    small_screen.run(CARDS)
    small_screen.call("navigateTo", {"url": "/pages/cards/cards"})

    def used(count):
        small_screen.set_data({"count": count})
        return min(small_screen.state()["heapUsed"] for _ in range(3))

    used(30)  # whatever grows once has grown
    few, many, again = used(2), used(22), used(2)
    assert (many - few) / 20 <= INSTANCE_BYTES, (few, many)
    assert abs(again - few) <= 64, (few, again)
