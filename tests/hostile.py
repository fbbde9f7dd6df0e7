"""What the widget has to withstand: style sheets of other sites, and words of documents."""

from sites import CITATION

HOSTILE = {
    "reset": "* { all: revert }",
    "unset": "* { all: unset; display: block }",
    "registered": """
        @property --accent { syntax: "<color>"; inherits: false; initial-value: #fff }
        @property --line { syntax: "<length>"; inherits: false; initial-value: 0 }""",
    "small root": "html { font-size: 62.5% } body { font-size: 1.4rem }",
    "bootstrap": """
        *, ::before, ::after { box-sizing: border-box }
        body { font: 400 .8rem/1.9 serif; color: #f0f; letter-spacing: .2em; text-align: center }
        label { display: inline-block } input, button { margin: 3px; font: 9px monospace }
        blockquote { margin: 0 0 1rem; font-size: 3rem } a { color: red; text-decoration: none }
        ol, ul { padding-left: 2rem } p { margin: 0 0 1rem } summary { display: list-item }""",
    "tailwind": """
        *, ::before, ::after { box-sizing: border-box; border: 0 solid red; margin: 0; padding: 0 }
        html { line-height: 3; tab-size: 4; -webkit-text-size-adjust: 100% }
        a { color: inherit; text-decoration: inherit } ol, ul { list-style: none }
        button, input { font: inherit; color: inherit; background: transparent }
        [role=search] { display: none } section { visibility: hidden }""",
    "shouting": """
        body { text-transform: uppercase; white-space: pre; word-spacing: 1em; direction: rtl;
               font-style: italic; text-indent: 2em; text-shadow: 0 0 9px red; cursor: none;
               list-style: none; quotes: none; hyphens: auto; line-height: 0 }
        rinvio-search { float: none; color: red; font-size: 40px; line-height: 5 }""",
    "magazine": """
        main::first-letter, rinvio-search::first-letter { font-size: 4em; color: red; float: left }
        main::first-line, rinvio-search::first-line { letter-spacing: 1em; color: green }""",
}
LOOK = """({ shadowRoot }) => [...shadowRoot.querySelectorAll("[part]")].map((element) => {
  const { width, height } = element.getBoundingClientRect();
  const { color, backgroundColor, font, letterSpacing, textTransform } = getComputedStyle(element);
  const text = [font, letterSpacing, textTransform];
  return [element.part.value, width, height, color, backgroundColor, ...text];
})"""
PLACE = """rinvio-search {
  position: fixed !important; inset: 200px auto auto 20px !important; width: 600px !important }"""
HOSTILE_CITATION = {
    **CITATION,
    "quote": "<script>alert(1)</script> \u202egnp.exe <img src=x onerror=alert(2)>",
    "title": "<b onmouseover=alert(3)>\u202eTitle",
    "headings": ["<i>\u2066", '" onclick="alert(4)'],
    "url": "javascript:alert(5)",
    "link": "javascript:alert(6)",
}
