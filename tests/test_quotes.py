"""How much of a text is quoted: one sentence, or two where one does not stand alone."""

from pathlib import Path

import pytest
from fakes import build_fake, documents_of, open_fake

from corpus.document import Block, Sentence
from corpus.markdown import markdown_layout
from corpus.plain import blanked
from corpus.quotes import QUOTE_WORDS, citable, quotes
from corpus.sentences import sentence_spans

LONG = "word " * QUOTE_WORDS


def places(text: str, language: str = "en") -> list[Sentence]:
    return list(sentence_spans(text, Block(0, len(text)), language))


@pytest.mark.parametrize(
    ("text", "language", "joined"),
    [
        ("The city opened a lab. It tests trams.", "en", True),
        ("The city opened a lab. These tests last a year.", "en", True),
        ("A new programme began. The programme selected two cities.", "en", True),
        ("Il programma è nuovo. Il programma ha scelto due città.", "it", True),
        ("La città ha aperto un laboratorio. Questo prova i tram.", "it", True),
        ("Who opened the lab? The mayor came.", "en", True),
        ("L'art. 9 vale per tutti. L'art. 12 vale per il Comune.", "it", False),
        ("The city opened a lab. The mayor came.", "en", False),
        ("The city pays. The city of Turin asks for more.", "en", False),
        ("La città paga. La città di Torino chiede altro.", "it", False),
        ("The city opened a lab. Trams are tested there.", "en", False),
        ("The city opened a lab. “It tests trams,” they say.", "en", True),
        ("The city opened a lab. **It tests trams.**", "en", True),
        ("A Huguenot came. The Huguenot Society is old.", "en", False),
        ("The city opened a lab. Italy is far.", "en", False),
        (f"The city {LONG}ends. It stops.", "en", False),
    ],
)
def test_a_sentence_that_points_back_is_quoted_with_the_one_before(
    text: str, language: str, joined: bool
) -> None:
    """Both as one slice of the text; any other sentence alone."""
    sentences = places(text, language)
    assert len(sentences) == 2
    assert quotes(text, sentences)[0] == sentences[0]
    start = sentences[0].start if joined else sentences[1].start
    assert quotes(text, sentences)[1] == Sentence(start, sentences[1].end)


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("> A lab opened.\n> It tests trams.", True),
        ("<p>A lab opened.<br>It tests trams.</p>", True),
        ("<details><summary>Who pays?</summary>\n<p>The mayor.</p></details>", True),
        ("<p>A lab opened.</p><p>It tests trams.</p>", False),
        ("<p>Who pays?</p><!-- ask him --><p>The mayor.</p>", False),
    ],
)
def test_marks_between_two_sentences_are_no_words(text: str, joined: bool) -> None:
    """Of a quotation of Markdown, of HTML; but the tags of paragraphs part, and so do comments."""
    headings, blocks = markdown_layout(text, 0)
    plain = blanked(text, headings, blocks, markdown=True)
    sentences = [each for block in blocks for each in sentence_spans(text, block, "en", plain)]
    assert [text[place.start].isalpha() for place in sentences] == [True, True]
    start = sentences[0].start if joined else sentences[1].start
    assert quotes(text, sentences)[1] == Sentence(start, sentences[1].end)


@pytest.mark.parametrize(
    "said",
    [
        "Rossi said: «It works. We saw it. Trams run».",
        "Rossi said: «It works. We. Saw. It. Once. Trams run».",
        "Who pays? «The mayor. And you. Trams run».",
        "Rossi writes: “It works. Trams run.”",
    ],
)
def test_a_quotation_is_quoted_from_sign_to_sign(said: str) -> None:
    """From each of its sentences with who said it, unless it is long; never what stands beside."""
    text = f"It began. {said} The lab closed."
    found = [text[place.start : place.end] for place in quotes(text, places(text))]
    assert found[2:-1] == [said] * (len(found) - 3)
    one = "Who pays? «The mayor». It was late."
    assert quotes(one, places(one))[-1].start == one.index("«")
    long = text.replace("Trams", LONG)
    assert quotes(long, places(long))[-2] == places(long)[-2]


def test_an_answer_is_quoted_with_its_question() -> None:
    """Over a blank line too, with the yes or no between them."""
    text = "Do we need a partner?\n\nYes. Two at least.\n\nWho pays?\n\nWho asks?"
    sentences = [Sentence(0, 21), Sentence(23, 27), Sentence(28, 41), Sentence(43, 52)]
    sentences.append(Sentence(54, len(text)))
    assert [text[place.start : place.end] for place in quotes(text, sentences)] == [
        "Do we need a partner?",
        "Do we need a partner?\n\nYes.",
        "Do we need a partner?\n\nYes. Two at least.",
        "Who pays?",
        "Who asks?",
    ]


def test_an_answer_is_quoted_with_what_leads_to_its_question() -> None:
    """All of the question's paragraph, if that fits; within a paragraph the question alone."""
    for before, joined in (("Fees are high.", True), (LONG.strip() + ".", False)):
        text = f"It ends.\n\n**{before} Why?**\n\nNo. They fell."
        starts = [text.index(each) for each in ("It ends", "**", "Why", "No.", "They")]
        ends = [starts[0] + 8, starts[2] - 1, starts[3] - 2, starts[3] + 3, len(text)]
        found = quotes(text, list(map(Sentence, starts, ends)))
        assert [place.start for place in found[-2:]] == [starts[1 if joined else 2]] * 2
    text = "Fees are high. Why? They fell."
    assert quotes(text, places(text))[2].start == text.index("Why")


def test_a_question_in_bold_is_a_question() -> None:
    """Marks of Markdown and closing quotation marks may stand behind the sign."""
    text = "**Who pays?**\n\nThe mayor."
    assert quotes(text, [Sentence(0, 13), Sentence(15, 25)])[1] == Sentence(0, 25)


@pytest.mark.parametrize("mark", ["- ", "• ", "1) ", "ii) "])
def test_what_introduces_a_list_is_quoted_with_its_items(mark: str) -> None:
    """As many as fit, and nothing that stands behind the list."""
    intro, last = "Eligible are:", "Others are not."
    for items, shown in ((["staff;", "travel."], 2), (["staff;", LONG.strip()], 1)):
        text = f"\n{mark}".join([intro, *items]) + f"\n\n{last}"
        places = [text.index(each) for each in [intro, *items, last]]
        sentences = [
            Sentence(start, start + len(each))
            for start, each in zip(places, [intro, *items, last], strict=True)
        ]
        assert quotes(text, sentences)[0] == Sentence(0, sentences[shown].end)


def test_an_item_of_two_sentences_is_quoted_whole() -> None:
    """Or not at all, where it does not fit: half of it could say something else."""
    for second, shown in (("Up to three nights.", "Up to three nights."), (LONG, "class only.")):
        parts = ["We pay for:", "- Flights.", "Economy class only.", "- Hotels.", second.strip()]
        text = "{}\n{} {}\n{} {}".format(*parts)
        sentences = [
            Sentence(start, start + len(words))
            for words in (part.removeprefix("- ") for part in parts)
            for start in [text.index(words)]
        ]
        place = quotes(text, sentences)[0]
        assert text[place.start : place.end].endswith(shown)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_nothing_is_joined_across_a_paragraph(end: str) -> None:
    """The sentence before a blank line is not what the next one points to."""
    text = f"The lab opened.{end}{end}It tests trams."
    sentences = [Sentence(0, 15), Sentence(15 + 2 * len(end), len(text))]
    assert quotes(text, sentences) == sentences
    near = f"The lab opened.{end}It tests trams."
    assert quotes(near, [Sentence(0, 15), Sentence(15 + len(end), len(near))])[1].start == 0


def test_sentences_and_quotes_can_be_cited() -> None:
    """Each place once, in order; a text without sentences has none."""
    text = "The lab opened. It tests trams."
    sentences = places(text)
    assert citable(text, sentences) == [
        sentences[0],
        Sentence(0, len(text)),
        sentences[1],
    ]
    assert citable("", []) == quotes("", []) == []


def test_a_question_of_a_document_answers_none(tmp_path: Path) -> None:
    """It has all words of the one that is asked; the sentence behind it is what answers."""
    text = "Small grants\n\nAre staff costs eligible?\nUp to 20 % of the grant.\n"
    build_fake(tmp_path / "i", documents_of(tmp_path / "d", {"a.txt": text}))
    quote = open_fake(tmp_path / "i").ask("Are staff costs eligible?").passages[0].citation.quote
    assert quote == "Are staff costs eligible?\nUp to 20 % of the grant."


@pytest.mark.parametrize("title", ["Call 7 of the Network", "CALL 7      of the Network"])
def test_a_title_only_leads_to_what_is_below_it(tmp_path: Path, title: str) -> None:
    """However far its words stand apart."""
    text = f"{title}\n\nTrams for Small Cities\n\nWho Pays\n\nThe network pays half of the cost.\n"
    documents = documents_of(tmp_path / "d", {"a.txt": text})
    assert documents[0].title == " ".join(title.split())
    build_fake(tmp_path / "i", documents)
    assert open_fake(tmp_path / "i").generation.store.leading(0) == (0,)
