"""Reading documents: what is kept, what is refused and how."""

import hashlib
import os
from pathlib import Path

import pytest
from fakes import documents_of, read_corpus, write

from corpus.errors import CorpusError
from index.recipe import recipe

TEXT = "The tram runs every ten minutes. It stops at the harbour."


def test_text_is_the_file_decoded_once(tmp_path: Path) -> None:
    """CRLF, soft hyphens, emoji and accents stay as they stand; a BOM is no part of the text."""
    raw = "Perché no? \r\nSo\u00adft 🚋 e\u0301.\r\n"
    [document] = documents_of(tmp_path, {"a.txt": b"\xef\xbb\xbf" + raw.encode()})
    assert document.text == raw
    assert document.sha256 == hashlib.sha256(raw.encode()).hexdigest()


def test_metadata_comes_from_a_sidecar(tmp_path: Path) -> None:
    """Each sidecar format gives title, language, url, and keeps every other field."""
    sidecars = {
        "a.yaml": "title: T\nlanguage: it\nurl: https://e.eu/a\n"
        "cities: [Turin, Baltimore]\nnote: no",
        "b.toml": 'title = "T"\nlanguage = "it"\nurl = "https://e.eu/a"\n'
        'cities = ["Turin", "Baltimore"]\nnote = "no"',
        "c.json": '{"title": "T", "language": "it", "url": "https://e.eu/a",'
        ' "cities": ["Turin", "Baltimore"], "note": "no"}',
    }
    texts = {name[0] + ".txt": TEXT for name in sidecars}
    for document in documents_of(tmp_path, {**sidecars, **texts}):
        assert (document.title, document.language, document.url) == ("T", "it", "https://e.eu/a")
        assert document.metadata == {"cities": ("Turin", "Baltimore"), "note": "no"}


def test_front_matter_is_metadata_and_stays_in_the_text(tmp_path: Path) -> None:
    """Front matter is read, never quoted, and never cut from the text."""
    raw = "---\r\ntitle: Trams\r\nlanguage: en\r\n---\r\n# Lines\r\n\r\n" + TEXT
    [document] = documents_of(tmp_path, {"a.md": raw})
    assert (document.title, document.text) == ("Trams", raw)
    assert [raw[block.start : block.end] for block in document.blocks] == [TEXT]


def test_defaults_need_no_metadata(tmp_path: Path) -> None:
    """Id from the path, title from the first short line or the file's name, language detected."""
    text = "Il tram passa ogni dieci minuti e ferma al porto, " * 3 + "."
    files = {"turin/il-tram.txt": text, "b.txt": "Trams of Turin\n\n" + TEXT}
    second, first = documents_of(tmp_path, files)
    assert (first.id, first.title, first.language) == ("turin/il-tram", "il tram", "it")
    assert (second.id, second.title, second.language) == ("b", "Trams of Turin", "en")
    assert (first.url, dict(first.metadata)) == (None, {})


@pytest.mark.parametrize(
    ("first", "title"),
    [
        ("CLIMATE PLAN  OF TURKU\nSummary of measures\n\n", "CLIMATE PLAN OF TURKU"),
        ("CLIMATE PLAN OF TURKU\nas of 2024\n\n", "CLIMATE PLAN OF TURKU"),
        ("The plan of the city\nof Turku is new.\n\n", "a"),
        ("The plan\n" + "Of Turku " * 20 + "\n\n", "a"),
    ],
)
def test_a_title_may_have_lines_below_it(tmp_path: Path, first: str, title: str) -> None:
    """Short ones that do not go on from it; of running text the file's name is the title."""
    [document] = documents_of(tmp_path, {"a.txt": first + TEXT})
    assert document.title == title


def test_a_script_of_no_known_language_needs_a_word(tmp_path: Path) -> None:
    """Japanese was taken for Swedish; once its language is said it is read, English as always."""
    text = "路面電車は十分ごとに走ります。港に停まります。\n"
    with pytest.raises(CorpusError, match="script") as refused:
        documents_of(tmp_path, {"a.txt": text})
    assert "language: ja" in str(refused.value)
    [document] = documents_of(tmp_path, {"a.txt": f"---\nlanguage: ja\n---\n{text}"})
    assert document.language == "ja"
    [document] = documents_of(tmp_path, {"a.txt": f"The tram of Kyōto is called {text[:4]}."})
    assert document.language == "en"


@pytest.mark.parametrize("suffix", [".md", ".txt"])
@pytest.mark.parametrize(
    "matter",
    ["---\ntitle: Trams\n---\n", "---\ntitle: Trams\n...\n", "+++\ntitle = 'Trams'\n+++\n"],
)
def test_front_matter_is_yaml_or_toml(tmp_path: Path, matter: str, suffix: str) -> None:
    """As Jekyll, pandoc and Hugo write it."""
    [document] = read_corpus(write(tmp_path, {f"a{suffix}": matter + TEXT}))
    assert document.title == "Trams"
    assert document.blocks[0].start == len(matter)


def test_what_stands_between_two_rules_is_text(tmp_path: Path) -> None:
    """A rule with an empty line below it begins no front matter."""
    text = "---\n\n# Porto\n\nNote: it is new.\n\n---\n\nThe end.\n"
    [document] = read_corpus(write(tmp_path, {"a.md": text}))
    assert document.title == "Porto"
    blocks = [text[block.start : block.end] for block in document.blocks]
    assert blocks == ["Note: it is new.", "The end."]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"a.txt": "Caffè".encode("latin-1") + b"\n"}, ["a.txt", "UTF-8", "line 1", "iconv"]),
        ({"a.txt": b"good line\n\xff"}, ["a.txt", "line 2"]),
        ({"a.txt": b" \r\n\t"}, ["a.txt", "empty"]),
        ({"a.txt": b"abc\x00def"}, ["a.txt", "binary", "line 1"]),
        ({"a.txt": b"\x89PNG\r\n\x1a\n\xff"}, ["a.txt", "binary", "line 2"]),
        ({"a.txt": TEXT, "a.md": TEXT}, ["a.txt", "a.md", "same id"]),
        ({"a.txt": TEXT, "a.yaml": "title: [x"}, ["a.yaml", "cannot be read"]),
        ({"a.txt": TEXT, "a.yaml": 'title: "\\UFFFFFFFF"'}, ["a.yaml", "cannot be read"]),
        (
            {"a.txt": TEXT, "a.yaml": "title: Città".encode("latin-1")},
            ["a.yaml", "line 1", "iconv"],
        ),
        ({"a.txt": TEXT, "a.yaml": "? [x, y]\n: z"}, ["a.yaml", "name is no text"]),
        ({"a.txt": TEXT, "a.toml": f"title = '{'x' * 70_000}'"}, ["a.toml", "65,536"]),
        ({"a.txt": b"abc\x7fdef"}, ["a.txt", "binary", "line 1"]),
        (
            {"a b.txt": "One.\nThe city\x92s plan costs 3 \x80."},
            [
                "U+0092 in line 2",
                "converted as ISO-8859-1",
                "a b.txt' | iconv -f WINDOWS-1252 -t UTF-8 > ",
                "a b.txt'.new && mv ",
            ],
        ),
        ({"a.txt": "The city\x92s plan costs 3 €."}, ["U+0092 in line 1", "Take it away"]),
        ({"a.txt": "\ufeffThe city\x92s plan."}, ["U+0092 in line 1", "Take it away"]),
        ({"a.txt": "The city\x9ds plan."}, ["U+009D in line 1", "Take it away"]),
        ({"a.txt": TEXT, "a.json": '{"\\u001b[2J": "x"}'}, ["The field \ufffd[2J", "control"]),
        ({"a.txt": TEXT, "a.yaml": 'publisher: "a\\x9bb"'}, ["publisher", "a.yaml", "control"]),
        ({"a.txt": TEXT, "a.yaml": 'authors: ["A\\nB"]'}, ["authors", "a.yaml", "several lines"]),
        ({"a.txt": TEXT, "a.yaml": "title: |\n  A\n  B"}, ["title", "a.yaml", "several lines"]),
        ({"a.txt": TEXT, "a.yaml": "url: https://a.example/b c"}, ["The url", "without blanks"]),
        ({"a.txt": f"One.\nA{chr(0x301) * 31} end."}, ["a.txt", "30 accents", "line 2"]),
        ({"a.md": f"{TEXT}\n\n{'[' * 500}a"}, ["a.md", "brackets"]),
        ({"a.txt": TEXT, "a.yaml": "just words"}, ["a.yaml", "fields"]),
        ({"a.txt": TEXT, "a.toml": "title = "}, ["a.toml", "cannot be read"]),
        ({"a.txt": TEXT, "a.yaml": "language: italiano"}, ["a.yaml", "italiano", "ISO 639"]),
        ({"a.txt": TEXT, "a.yaml": "url: javascript:alert(1)"}, ["a.yaml", "javascript"]),
        ({"a.txt": TEXT, "a.yaml": "language: ita"}, ["a.yaml", "'ita'", "two-letter"]),
        ({"a.txt": TEXT, "a.yaml": "url: https://[www.example.org]/r"}, ["a.yaml", "The url"]),
        ({"a.txt": TEXT, "a.yaml": "url: https:r"}, ["a.yaml", "The url"]),
        ({"a.txt": TEXT, "a.json": '{"authors": ["\\ud800"]}'}, ["a.json", "authors", "Unicode"]),
        ({"a.txt": TEXT, "a.json": '{"\\ud800": "x"}'}, ["a.json", "Unicode"]),
        ({"a.txt": TEXT, "a.yaml": "title: {a: b}"}, ["a.yaml", "title", "nested"]),
        ({"a.md": "---\ntitle: [x\n---\n" + TEXT}, ["a.md", "front matter", "line 3"]),
        ({"a.md": "---\ntitle: x\n" + TEXT}, ["a.md", "front matter", "no end"]),
        ({"a.md": "---\ntitle: x\ntitle: y\n---\n" + TEXT}, ["a.md", "title stands twice"]),
        ({"a.txt": TEXT, "a.json": '{"url": "", "url": ""}'}, ["a.json", "'url' stands twice"]),
        ({"a\nb.txt": TEXT}, ["a\\nb.txt", "control character"]),
        ({"a.txt": "Città".encode("utf-16")}, ["iconv -f UTF-16", "&& mv new.txt"]),
        ({"a.txt": TEXT, "b.yaml": "title: b"}, ["b.yaml", "no document", "Add b.txt"]),
        ({"a.txt": TEXT, "a.txt.yaml": "title: b"}, ["a.txt.yaml", "Rename it to a.yaml"]),
        ({"a.md": "+++\ntitle = x\n+++\n" + TEXT}, ["a.md", "not TOML", "line 2"]),
        ({"a.md": "+++\ntitle = 'x'\n" + TEXT}, ["a.md", "front matter", "no end"]),
        ({"a.txt": TEXT, "photo.jpg": b"x"}, ["photo.jpg", "not a .txt or .md"]),
        ({"a b.pdf": b"x"}, ["a b.pdf", "text (pdftotext 'a b.pdf' 'a b'.txt), or"]),
        ({"a.DOCX": b"x"}, ["a.DOCX", "pandoc", "-o a.md a.DOCX"]),
        ({"a.md": "# Only\n\n## Headings\n"}, ["a.md", "no text"]),
        ({}, ["no documents"]),
    ],
)
def test_bad_input_is_refused_by_name(
    tmp_path: Path, files: dict[str, str | bytes], words: list[str]
) -> None:
    """The error names the file, what is wrong with it, and a cure."""
    with pytest.raises(CorpusError) as caught:
        read_corpus(write(tmp_path, files))
    for word in words:
        assert word in str(caught.value)
    assert caught.value.cure.endswith((".", ".txt", ".txt'", ".yaml"))


def test_a_line_may_end_with_nel(tmp_path: Path) -> None:
    """The end of a line of mainframes, the only one of its kind of characters in texts."""
    [document] = read_corpus(write(tmp_path, {"a.txt": "It grew.\x85It fell."}))
    assert document.text == "It grew.\x85It fell."


def test_a_line_of_yaml_may_end(tmp_path: Path) -> None:
    """A block's last line end is no part of a title."""
    [document] = documents_of(tmp_path, {"a.txt": TEXT, "a.yaml": "title: >\n  A long\n  title\n"})
    assert document.title == "A long title"


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    """The error names the folder and the option."""
    with pytest.raises(CorpusError, match=r"nowhere.*--documents"):
        read_corpus(tmp_path / "nowhere")


def test_links_to_folders_are_refused(tmp_path: Path) -> None:
    """A linked folder is neither followed nor passed over in silence."""
    write(tmp_path, {"d/a.txt": TEXT, "other/b.txt": TEXT})
    (tmp_path / "d" / "linked").symlink_to(tmp_path / "other")
    with pytest.raises(CorpusError, match="linked is a link to a folder"):
        read_corpus(tmp_path / "d")


def test_links_that_lead_elsewhere_are_refused(tmp_path: Path) -> None:
    """Whoever may write into the folder cannot publish what only the operator may read."""
    (tmp_path / "secret.txt").write_text(TEXT)
    folder = write(tmp_path / "d", {"a.txt": TEXT})
    (folder / "b.txt").symlink_to("a.txt")
    assert [document.id for document in read_corpus(folder)] == ["a", "b"]
    (folder / "c.txt").symlink_to("../secret.txt")
    with pytest.raises(CorpusError, match=r"c\.txt is a link that leads out"):
        read_corpus(folder)
    (folder / "c.txt").unlink()
    (folder / "c.txt").symlink_to("c.txt")
    with pytest.raises(CorpusError, match=r"c\.txt is a link that leads .*, or nowhere"):
        read_corpus(folder)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    """A pipe would keep the build waiting for whoever writes into it."""
    write(tmp_path, {"a.txt": TEXT})
    os.mkfifo(tmp_path / "b.txt")
    with pytest.raises(CorpusError, match=r"b.txt is neither file nor folder"):
        read_corpus(tmp_path)


def test_hidden_files_are_no_documents(tmp_path: Path) -> None:
    """What desktops leave behind does not stop a build."""
    files = {
        "a.txt": TEXT,
        ".DS_Store": b"\x00",
        ".git/config": "x",
        "lost+found/x.bin": "x",
        ".a\nb.txt": "x",
    }
    assert [document.id for document in documents_of(tmp_path, files)] == ["a"]


def test_a_missing_library_names_the_install_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where only what serves is installed, a build says what else it needs."""
    monkeypatch.setattr("index.recipe.LIBRARIES", ("no-such-package",))
    with pytest.raises(CorpusError, match=r"no-such-package.*'\.\[rebuild\]'"):
        recipe.__wrapped__()
