"""Pages whose boxes are compared with a browser's: name -> (WXSS, WXML).  375 px wide, 400 px high."""

LAYOUTS = {
    "blocks": (
        (
            ".a { margin: 10px 20px; padding: 5px; border: 2px solid red; height: 30px }\n"
            ".b { margin: 15px auto; width: 50%; height: 20px } .c { margin-left: auto; width: 33.3%; height: 7px }"
        ),
        '<view class="a"><view class="b"/></view><view class="b"/><view class="c"/>',
    ),
    "margins": (
        (
            ".o { margin: 12px 0 } .i { margin: 20px 0; height: 10px } .n { margin-top: -5px; height: 9px }\n"
            ".e { margin: 8px 0 14px } .p { padding-top: 1px } .h { overflow: hidden }"
        ),
        (
            '<view class="o"><view class="i"/><view class="e"/><view class="n"/></view><view class="o p"><view class="i"/></view>'
            '<view class="o h"><view class="i"/></view><view class="o"><view class="o"><view class="i"/></view></view>'
        ),
    ),
    "sizes": (
        (
            ".a { width: 300px; min-width: 320px; height: 10px } .b { width: 90%; max-width: 200px; min-height: 40px }\n"
            ".c { box-sizing: border-box; width: 100px; height: 50px; padding: 20px; border: 3px solid } .d { height: 50% }"
        ),
        '<view class="a"/><view class="b"><view class="d"/></view><view class="c"><view class="d"/></view>',
    ),
    "row": (
        ".r { display: flex } .r view { height: 20px } .a { flex: 1 } .b { flex: 2 } .c { width: 50px }",
        (
            '<view class="r"><view class="a"/><view class="b"/><view class="c"/></view>'
            '<view class="r"><view class="c"/><view class="c"/></view>'
        ),
    ),
    "shrink": (
        (
            ".r { display: flex; width: 200px } .r view { height: 10px } .a { width: 150px } .b { flex: 0 3 120px }\n"
            ".c { flex: none; width: 30px } .d { flex: 1 1 0; min-width: 90px } .e { flex: 1 1 0 } .f { flex: 1 1 0; max-width: 20px }"
        ),
        (
            '<view class="r"><view class="a"/><view class="b"/><view class="c"/></view>'
            '<view class="r"><view class="d"/><view class="e"/><view class="f"/></view>'
        ),
    ),
    "justify": (
        (
            ".r { display: flex; height: 12px } .r view { width: 31px } .c { justify-content: center } .e { justify-content: flex-end }\n"
            ".b { justify-content: space-between } .a { justify-content: space-around } .v { justify-content: space-evenly }"
        ),
        "".join(f'<view class="r {each}"><view/><view/><view/><view/></view>' for each in "cebav"),
    ),
    "align": (
        (
            ".r { display: flex; height: 60px } .s { width: 40px } .t { width: 40px; height: 20px } .c { align-items: center }\n"
            ".e { align-items: flex-end } .x { align-self: flex-start } .m { margin: auto 0 }"
        ),
        (
            '<view class="r"><view class="s"/><view class="t"/></view><view class="r c"><view class="t"/><view class="s x">a</view>'
            '</view><view class="r e"><view class="t"/><view class="s m">b</view></view>'
        ),
    ),
    "column": (
        (
            ".k { display: flex; flex-direction: column; height: 150px; width: 200px } .a { flex: 1 } .b { height: 40px }\n"
            ".c { align-self: center; padding: 3px } .g { row-gap: 7px; align-items: flex-end }"
        ),
        (
            '<view class="k"><view class="b"/><view class="a">text</view><view class="c">mid</view></view>'
            '<view class="k g"><view class="b">one</view><view>two words</view><view class="a"/></view>'
        ),
    ),
    "wrap": (
        (
            ".r { display: flex; flex-wrap: wrap; gap: 6px 9px; width: 300px } .r view { width: 80px; height: 25px }\n"
            ".h { height: 120px } .c { align-content: center } .w { flex-wrap: wrap-reverse } .g view { flex-grow: 1 }"
        ),
        "".join(
            f'<view class="r {each}"><view/><view/><view/><view/><view/></view>' for each in ("", "h", "h c", "w", "g")
        ),
    ),
    "reverse": (
        (
            ".r { display: flex; flex-direction: row-reverse } .k { display: flex; flex-direction: column-reverse; height: 90px }\n"
            ".a { width: 40px; height: 20px; margin-left: 5px } .f { flex: 1 } .o { order: -1 }"
        ),
        (
            '<view class="r"><view class="a"/><view class="a f"/><view class="a o"/></view>'
            '<view class="k"><view class="a"/><view class="a"/></view>'
        ),
    ),
    "auto margins": (
        ".r { display: flex; height: 40px } .a { width: 50px; height: 10px; margin-left: auto } .b { margin: auto; width: 20px; height: 20px }",
        '<view class="r"><view class="b"/><view class="a"/></view><view class="r"><view class="b"/></view>',
    ),
    "nested": (
        (
            ".card { display: flex; padding: 10px; border: 1px solid } .pic { width: 60px; height: 60px; flex-shrink: 0 }\n"
            ".body { flex: 1; margin-left: 8px; display: flex; flex-direction: column; justify-content: space-between }\n"
            ".foot { display: flex; justify-content: space-between }"
        ),
        (
            '<view class="card"><view class="pic"/><view class="body"><view>A title</view>'
            '<view class="foot"><view>left</view><view>right</view></view></view></view>'
        ),
    ),
    "absolute": (
        (
            ".p { position: relative; height: 100px; margin: 10px; padding: 5px; border: 3px solid } .p view { position: absolute }\n"
            ".a { top: 4px; left: 6px; width: 20px; height: 20px } .b { right: 0; bottom: 10%; width: 25%; height: 30px }\n"
            ".c { left: 10px; right: 50px; top: 30px; bottom: 40px } .d { left: 0; right: 0; width: 40px; height: 4px; margin: auto }"
        ),
        '<view class="p"><view class="a"/><view class="b"/><view class="c"/><view class="d"/><view>shrinks</view></view>',
    ),
    "fixed and relative": (
        (
            ".f { position: fixed; right: 5px; bottom: 6px; width: 30px; height: 30px } .r { position: relative; left: 7px; top: -3px; height: 20px }\n"
            ".in { margin: 20px }"
        ),
        '<view class="in"><view class="f"/><view class="r"/><view class="r"/></view>',
    ),
    "text": (
        ".t { width: 150px; line-height: 20px } .c { text-align: center } .r { text-align: right } .n { white-space: nowrap }",
        (
            '<view class="t">The quick brown fox jumps over the lazy dog</view><view class="t c">centred words that wrap</view>'
            '<view class="t r">to the right</view><view class="t n">This one does not wrap at all</view>'
        ),
    ),
    "fonts": (
        ".a { font-size: 24px; line-height: 1.5 } .b { font-size: 12px } .c { font-size: 1.5em; font-weight: bold } .s { letter-spacing: 2px }",
        (
            '<view class="a">Large <text class="b">small</text> large<view class="c">inherits</view></view>'
            '<view class="s">spaced out</view>'
        ),
    ),
    "inline boxes": (
        ".i { display: inline-block; width: 60px; height: 30px; margin: 2px 4px } .m { vertical-align: middle } .t { vertical-align: top; height: 50px }",
        '<view>ab<view class="i"/>cd<view class="i m"/><view class="i t"/>ef<view class="i"/><view class="i">gh</view></view>',
    ),
    "inline elements": (
        ".p { padding: 0 6px; border: 1px solid; margin: 0 3px } .w { width: 180px }",
        '<view class="w">one <text class="p">two</text> three <text>four <text>five</text> six seven</text> eight</view>',
    ),
    "hidden": (
        ".n { display: none } .h { height: 10px } .z { width: 20% }",
        '<view class="h"/><view class="n">not here</view><view class="h z"/><view class="n"><view class="h"/></view><view>end</view>',
    ),
    "flex of texts": (
        ".r { display: flex; align-items: baseline; width: 220px } .b { font-size: 28px } .w { flex: 1 } .l { padding-left: 10px }",
        (
            '<view class="r"><view>small</view><view class="b">Big</view><view class="l">and</view></view>'
            '<view class="r"><view class="w">a text that takes all that is left and wraps</view><view class="l">fix</view></view>'
        ),
    ),
    # Found by comparing pages made at random.
    "percentages and margins": (
        ".r { display: flex; width: 80%; margin: 4px 20px } .a { width: 50%; margin: 0 10px; height: 10px; padding: 5% }",
        '<view class="a"/><view class="r"><view class="a"/></view><view class="r">text</view>',
    ),
    "columns that are too low": (
        ".k { display: flex; flex-direction: column; height: 44px; width: 50% } .r { display: flex; height: 79px; padding: 8px 4px }",
        '<view class="k"><view class="r"><view>text that may well wrap</view></view></view>',
    ),
    "what runs over": (
        ".r { display: flex; flex-direction: row-reverse; justify-content: space-around; width: 100px } .a { flex: none; width: 70px; height: 9px }",
        '<view class="r"><view class="a"/><view class="a"/></view>',
    ),
    "empty blocks": (
        ".o { margin: 7px } .e { margin: 6px; padding: 0 6px } .b { margin: 3px; height: 5px }",
        (
            '<view class="o"><view class="e"/><view class="e"/><view class="b"/><view class="e"/></view><view class="o"><view class="e"/></view>'
            '<view class="b"/>'
        ),
    ),
}
