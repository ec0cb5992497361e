"""A page from its markup to its boxes: packed, run, changed and read back over the console."""

FILES = {
    "app.wxss": "page { font-size: 16px }\n.card { margin: 10px; padding: 75rpx 0 }\n",
    "pages/index/index.wxss": ".row { display: flex } .grow { flex: 1 } .card.wide { padding: 0 }\n",
    "pages/index/index.wxml": """
        <view class="card {{wide ? 'wide' : ''}}"><text>Hello {{name}}</text></view>
        <view class="row" wx:for="{{list}}" wx:key="id" bindtap="pick" data-item-id="{{item.id}}">
          <view>{{item.label}}</view><view class="grow"/>
        </view>
    """,
    "pages/index/index.py": """
        @Page
        class Index:
            data = {"name": "you", "wide": False, "list": [{"id": 1, "label": "one"}, {"id": 2, "label": "two"}]}

            def pick(self, event):
                print("picked", event.currentTarget.dataset.itemId, event.type)
        """,
}


def test_a_page_is_laid_out_and_follows_its_data(screen):
    assert screen.run(FILES)["errMsg"] == "launch:ok"
    card = ["view", [10, 10, 300, 80], [["text", [10, 42, 72, 16], [["Hello you", [10, 42, 72, 16], []]]]]]
    rows = [
        [
            "view",
            [0, 100, 320, 16],
            [["view", [0, 100, 24, 16], [["one", [0, 100, 24, 16], []]]], ["view", [24, 100, 296, 16], []]],
        ],
        [
            "view",
            [0, 116, 320, 16],
            [["view", [0, 116, 24, 16], [["two", [0, 116, 24, 16], []]]], ["view", [24, 116, 296, 16], []]],
        ],
    ]
    assert screen.boxes() == ["page", [0, 0, 320, 240], [card, *rows]]
    screen.set_data({"name": "all of you"})
    screen.set_data({"list[1].label": "second"})
    root = screen.boxes()
    assert root[2][0][2][0][2] == [["Hello all of you", [10, 42, 128, 16], []]]
    assert root[2][2][2] == [
        ["view", [0, 116, 48, 16], [["second", [0, 116, 48, 16], []]]],
        ["view", [48, 116, 272, 16], []],
    ]
    screen.set_data({"wide": True, "list": [{"id": 2, "label": "two"}]})
    root = screen.boxes()
    assert [each[1] for each in root[2]] == [[10, 10, 300, 16], [0, 36, 320, 16]]


def test_a_tap_reaches_the_pages_function(screen):
    screen.run(FILES)
    screen.exec(
        "from kiosk import ui, router\nfrom kiosk.ui import event, stacking\npage = router.stack[-1]\n"
        "event.dispatch(page, stacking.hit(ui.screen.views[page].tree.root, 5, 120), 'tap', {'x': 5, 'y': 120})"
    )
    assert screen.output == "picked 2 tap\n"


def test_no_markup_reaches_the_device_and_what_is_unknown_is_told(screen, capfd):
    screen.program({"pages/index/index.wxml": '<view colour="red">\n  <marquee>a</marquee></view>'})
    assert capfd.readouterr().err == (
        "warning: pages/index/index.wxml:2:3: unknown component <marquee>: shown like a <view>\n"
        "warning: pages/index/index.wxml:1:7: <view> has no colour: it means nothing\n"
    )
    screen.launch("test")
    assert screen.boxes()[2] == [["view", [0, 0, 320, 16], [["marquee", [0, 0, 320, 16], [["a", [0, 0, 8, 16], []]]]]]]
    packed = sorted(path.name for path in (screen.apps.parent / "packed" / "test" / "pages" / "index").iterdir())
    assert packed == ["index.mpy", "index_wxml.mpy"]


def test_a_page_that_closes_leaves_nothing(screen):
    files = {
        **FILES,
        "app.json": '{"pages": ["pages/index/index", "pages/two/two"]}',
        "pages/two/two.py": FILES["pages/index/index.py"],
        "pages/two/two.wxml": FILES["pages/index/index.wxml"],
    }
    screen.run(files)
    used = []
    for _ in range(12):
        assert screen.call("navigateTo", {"url": "/pages/two/two"})["errMsg"] == "navigateTo:ok"
        screen.call("navigateBack")
        # What the collector takes for a pointer, on the stack, keeps a block or two now and then: the least is what is held.
        used.append(min(screen.state()["heapUsed"] for _ in range(3)))
        assert screen.exec("from kiosk import ui\nprint(len(ui.screen.views))").strip() == "1"
    assert min(used[8:]) <= min(used[4:8]), used  # a block left by each round would be four


def test_setdata_of_more_than_1_mb_is_refused_and_changes_nothing(screen):
    screen.run(
        {
            **FILES,
            "pages/index/index.py": """
                @Page
                class Index:
                    data = {"name": "x", "list": []}
                    def onLoad(self, query):
                        try:
                            self.setData({"name": "y", "list": ["z" * 1024] * 1025})
                        except ValueError as exc:
                            print(exc, self.data)
                """,
        }
    )
    assert screen.output == "setData: more than 1024 KB of data at once {'name': 'x', 'list': []}\n"
    assert screen.boxes()[2][0][2][0][2][0][0] == "Hello x"
