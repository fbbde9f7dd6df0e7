"""A citation in each format, read back by the parsers that people's programs use."""

import re
from dataclasses import replace

import bibtexparser
import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pylatexenc.latex2text import LatexNodes2Text
from tinyhtml5.parser import HTMLParser

from corpus.document import Document, Sentence
from corpus.layout import plain_layout
from corpus.markdown import markdown_layout
from corpus.plain import blanked
from qa.answer import Citation
from qa.citation import cite_place
from views.formats import FORMATS, copies
from views.reference import Reference, reference
from views.strings import strings

# Whatever a document may hold: marks of every format, line ends, other scripts, controls.
TEXT = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "Homes4all",
                "50 % & #1_a $x^2~",
                "{",
                "}",
                "\\",
                "\\begin{x}",
                "<b onclick=x>",
                "-->",
                "&amp;",
                "]]>",
                "**bold**",
                "[a](javascript:b)",
                "1. one",
                "- item",
                "# head",
                "| a |",
                "`code`",
                "~~~",
                "?`",
                "!`---''",
                "http://x.example",
                "\r\nER  - ",
                "\nTY  - BOOK",
                "\n\n",
                "città",
                "e\u0301",
                "שלום",
                "\u202eabc\u202c",
                "\u2028",
                "“quoted”",
                " and ",
                ",",
                '"',
                "@misc{x,",
            ]
        ),
        st.text(
            st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=6
        ),
    ),
    min_size=1,
    max_size=8,
).map(" ".join)
TEXTS = TEXT.map(str.strip).filter(bool)  # as quotes and titles are
GIVEN = Reference(
    id="c-0123456789abcdef",
    quote="The tram stops.",
    title="Trams",
    authors=("Rossi, Maria", "City of Turin"),
    publisher="IUC",
    date="2020-05-01",
    language="en",
    place="Lines › Nine, characters 3 to 18",
    link="https://rinvio.example/read/tram?c=c-0123456789abcdef#cited",
    original="https://city.example/tram_9?a=1&b=2%20#top",
)


def one_line(text: str) -> str:
    return " ".join(text.split())


def said(name: str, given: Reference) -> str:
    return FORMATS[name].write(given)


@given(TEXTS, TEXTS)
def test_ris_is_one_record_with_the_quote_in_it(quote: str, title: str) -> None:
    """Rispy reads one record back, its fields whole, whatever lines the quote holds."""
    text = said("ris", replace(GIVEN, quote=quote, title=title))
    [record] = rispy.loads(text)
    assert record["title"] == one_line(title)
    assert record["notes"] == [f"“{one_line(quote)}” ({GIVEN.place})"]
    assert record["authors"] == list(GIVEN.authors)
    assert (record["publisher"], record["year"]) == ("IUC", "2020")
    assert record["urls"] == [GIVEN.link, GIVEN.original]


@given(TEXTS, TEXTS)
def test_bibtex_is_one_entry_that_latex_would_print(quote: str, title: str) -> None:
    """The entry parses alone, and its fields read as LaTeX are the words again."""
    given = replace(GIVEN, quote=quote, title=title)
    library = bibtexparser.parse_string(said("bibtex", given))
    [entry] = library.blocks
    fields = {field.key: field.value for field in library.entries[0].fields}
    assert entry.key == given.id
    assert printed(fields["title"]) == bare(title)
    assert printed(fields["note"]) == bare(f"“{quote}” ({given.place})")
    assert (fields["url"], fields["year"]) == (given.link, "2020")
    assert fields["author"] == "{Rossi, Maria} and {City of Turin}"


# What the reader knows in maths only.
MATHS = {"braceleft": r"\{", "braceright": r"\}", "less": "<", "greater": ">", "bar": "|"}


def printed(latex: str) -> str:
    latex = latex.replace(r"\char34{}", '"')
    for name, mark in MATHS.items():
        latex = latex.replace(rf"\text{name}{{}}", mark)
    return bare(LatexNodes2Text(keep_braced_groups=False).latex_to_text(latex))


def bare(text: str) -> str:
    """Without white space, and with the mark that the reader makes of LaTeX's circumflex."""
    return re.sub(r"\s+", "", text.replace("^", "ˆ"))


@given(TEXTS, TEXTS)
def test_markdown_is_a_quotation_of_plain_words(quote: str, title: str) -> None:
    """CommonMark makes of it one quotation: the words, one link, nothing else."""
    given = replace(GIVEN, quote=quote, title=title)
    tokens = MarkdownIt("commonmark").parse(said("markdown", given))
    kinds = [token.type for token in tokens]
    paragraph = ["paragraph_open", "inline", "paragraph_close"]
    assert kinds == ["blockquote_open", *paragraph, *paragraph, "blockquote_close"]
    words, source = (token for token in tokens if token.type == "inline")
    assert "".join(part.content for part in words.children) == one_line(quote)
    links = [part.attrs["href"] for part in source.children if part.type == "link_open"]
    assert links == [given.link]
    assert {part.type for part in words.children} <= {"text", "text_special"}


def test_github_makes_no_address_of_what_is_escaped() -> None:
    """It takes an address out of the source before it reads escapes: both colon and dot are."""
    quote = "See https://www.city.example/a_b?c=1&d=2 or www.city.example."
    found = re.findall(r"https?://|www\.", said("markdown", replace(GIVEN, quote=quote)))
    assert found == ["https://"]  # the link of ours
    assert GIVEN.authors[-1] + ": [" in said("markdown", GIVEN)


@given(TEXTS, TEXTS)
def test_html_is_a_figure_of_plain_words(quote: str, title: str) -> None:
    """The parser of browsers finds these elements and no others, and the words in them."""
    given = replace(GIVEN, quote=quote, title=title)
    figure = HTMLParser(namespace_html_elements=False).parse(
        f"<!doctype html><title>a</title>{said('html', given)}"
    )
    assert [element.tag for element in figure.find("body").iter()] == (
        ["body", "figure", "blockquote", "p", "figcaption", "a", "cite"]
    )
    assert one_line(figure.find(".//blockquote/p").text) == one_line(quote)
    assert one_line(figure.find(".//cite").text) == one_line(title)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_says_what_and_where(name: str) -> None:
    """Quote, title, authors, publisher, place, and the link to the marked sentence."""
    text = said(name, GIVEN)
    said_of_it = (*GIVEN.authors, "Trams", "IUC", "2020", "Nine", "3 to 18")
    for part in ("The tram stops.", *said_of_it, GIVEN.link):
        assert part in text


@pytest.mark.parametrize(
    ("original", "said_there"),
    [
        (
            "https://city.example/tram_9?a=1&b=2#:~:text=The%20tram",
            "IUC, \\url{https://city.example/tram_9?a=1&b=2}",
        ),
        ("https://city.example/a%20tram", "IUC"),
        ("", "IUC"),
    ],
)
def test_bibtex_says_where_without_a_mark_that_begins_a_comment(
    original: str, said_there: str
) -> None:
    """Styles that print neither publisher nor url print this, and biblatex reads it as text."""
    library = bibtexparser.parse_string(said("bibtex", replace(GIVEN, original=original)))
    fields = {field.key: field.value for field in library.entries[0].fields}
    assert fields["howpublished"] == said_there


def test_plain_text_keeps_the_quote_as_it_stands() -> None:
    """The quote is the source's, line ends and all."""
    assert "“a\r\n  b.”" in said("plain", replace(GIVEN, quote="a\r\n  b."))


def test_what_the_metadata_say_is_used() -> None:
    """Authors, publisher, date and address come from the document, one name or several."""
    metadata = {"author": "Maria Rossi", "publisher": ("IUC", "EU"), "year": "2020"}
    document = Document("a", "Trams", "", "it", "https://x.example/{a} b", "", "", (), (), metadata)
    above, link = ("Trams", "Lines", "Trams"), "/read/a?c=c-1"  # the first is the title again
    citation = Citation(
        "c-1", "a", "Trams", None, "", 3, 9, "Tram.", "", "", above, "it", link, document.url
    )
    made = reference(document, citation, strings("it"), "https://rinvio.example")
    assert (made.authors, made.publisher, made.date) == (("Maria Rossi",), "IUC, EU", "2020")
    assert made.place == "Lines › Trams, caratteri da 3 a 9"
    assert made.original == "https://x.example/%7Ba%7D%20b"
    assert made.link == "https://rinvio.example/read/a?c=c-1"


@pytest.mark.parametrize("markdown", [False, True])
def test_headers_of_pages_are_left_out_of_a_quote(markdown: bool) -> None:
    """Where a sentence goes on over the end of a page; in Markdown nothing is a page's."""
    over = "The roads are A and\n\n1\n\fCity of Turin\n\nB, where it is."
    text = f"City of Turin\n\n{over}\n\n2\n\fCity of Turin\n\nIt ended.\n"
    layout = markdown_layout(text, 0) if markdown else plain_layout(text)
    plain = blanked(text, *layout, markdown)
    document = Document("a", "Trams", text, "en", None, "", "", *layout, {}, plain)
    start = text.index(over)
    citation = cite_place(document, Sentence(start, start + len(over)))
    made = reference(document, citation, strings("en"), "https://rinvio.example")
    quote = over if markdown else "The roads are A and\n\n[…]\n\nB, where it is."
    assert (made.quote, citation.quote) == (quote, over)


def test_what_is_not_known_is_left_out() -> None:
    """No empty field, no stray comma, where a document says nothing of itself."""
    bare_one = replace(GIVEN, authors=(), publisher="", date="", original="")
    for copy in copies(bare_one):
        assert ", ," not in copy.text
        assert "{}" not in copy.text
        assert "author" not in copy.text
        assert "PB" not in copy.text
