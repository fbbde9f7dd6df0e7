"""Where sentences end."""

import pytest

from corpus.document import Block
from corpus.sentences import sentence_spans


def split(text: str, language: str) -> list[str]:
    spans = sentence_spans(text, Block(0, len(text)), language)
    return [text[span.start : span.end] for span in spans]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "See e.g. the plan. | Dr. Rossi of Fiat S.p.A. came. | “It works.” | Then he left."),
        ("en", "Issues – blight, equity – remain. | Is it $5.5 million? | Yes!"),
        ("it", "Il dott. Rossi della FIAT S.p.A. è arrivato. | Ad es. la S.r.l. ha chiuso."),
        ("it", "«Perché no?» disse. | Vale l'art. 5 della legge. | È finita."),
        ("de", "Das kostet z.B. 5 Euro. | Gut."),
        (
            "de",
            "Es ist, z. B. für Schulen, d. h. Kinder. | Die 2. Phase war 2018. | „Ja!“ sagte er.",
        ),
        (
            "fr",
            "Le projet (cf. p. 12) coûte env. 1,2 million. | Mme. Durand vint le 1er janv. 2018.",
        ),
        (
            "es",
            "El plan (pág. 12) costó aprox. 2 euros. | La Sra. López fue a EE. UU. en 2018. | Fin.",
        ),
        (
            "it",
            "Vale il Reg. UE 2016/679 e la L. 241/1990, art. 5, c. 2. | Cambia nell'a.s. 2023/24.",
        ),
        ("en", "It takes min. 12 months (tel. 011 4432), max. EUR 5 (excl. VAT). | It ended."),
        ("en", "The goals: 1. | Fewer cars. | 2. More trees. | 3. Less noise."),
        ("en", "Twelve U.S. cities and the E.U. took part. | See Fig. 3 and pp. 5-7. | It ended."),
        ("en", "It is near Mt. Vernon. | Smith et al. (2015) found it. | The year? | In 2019."),
        ("it", "Il 3 apr. 2006 nacque. | Cfr. pag. 5. | L'arch. Rossi venne. | Nel sec. XIX finì."),
        (
            "it",
            "Vale il D.Lgs. n. 152. | Il comma 3, lett. b) vale. | Libri, mostre, ecc. ci sono.",
        ),
        (
            "en",
            "**It opened in 2018.** | The line *cost 40 million.* | See ![a map](m.png) for it.",
        ),
        ("en", "The network grew.[1] | Turin paid half.[2] | Graz left."),
        ("en", "The network grew.1 | Turin paid 2.5 million.³ | See Fig.1 The map shows it."),
        ("it", "La rete crebbe.1 | Torino pagò.12 | Vale l'art.5 Comma due."),
        ("en", "it grew. | turin paid. | graz left."),
        ("it", "Presenti: M. Rossi (Genova), L. Neri. | Tel.: 011 4432, e-mail: a@b.it. | Fine."),
        ("en", "It is open to 10 p.m. | Staff are in from 9 a.m. Monday to 7:30 p.m. CET. | So?"),
        (
            "en",
            "**On Mondays**, in all parks, from 9 p.m. Cars are not let in. | It ends.",
        ),
        (
            "en",
            "Open from 5 p.m. Children swim free. | Shops close at 6 p.m. Christmas Eve.",
        ),
        ("en", "Call at 3 p.m. German time, or at 9 a.m. Central European Time, tel. +49 341 5."),
        ("en", "It is 8.78 m. | The rest is closed. | It lasts 3 h. | See para. 4."),
        ("en", "The rules (Dir. 2014/24/EU, Reg. (EU) No. 1303/2013) hold. | Msgr. Romero came."),
        (
            "it",
            "La D.G.R. n. 12, la Delib. G.C. n. 3 e l'all. 2 valgono. | Misura 8 m. | Il resto?",
        ),
        (
            "it",
            "Il Prof. Ing. Carlo Ratti, l'ass. Neri e SS. Pietro e Paolo. | Era il I sec. a.C. lì.",
        ),
        ("de", "Er ist 300 m. | Die Stadt zahlt 20 z. B. Schulen."),
        ("en", "The jury of J.F. Kerr met. | The E.U. Commission paid the U.S. | The end."),
        ("it", "La S.S. 24 è chiusa. | Vale il T.U. 267/2000, a mezzo P.E.C. all'ente. | Fine."),
        ("en", "The lines (trams, etc.), which are old, are free. | He said “We pay.”, then left."),
        ("it", "di dare ai Comuni fino a 5.000 ab. il 30% delle risorse, Euro 750.000,00;"),
        ("en", "It teaches art. | A class is free for all. | A ticket is sold. | Pop. | I went."),
        ("en", "registration is by mail to Anna. | the fee is 5 euros. | cats are welcome."),
        ("it", "La somma della sez. A è di 5 euro. | Vedi la Dir. 2014/24/UE, fg. 12, mapp. 3."),
        ("en", "The answer was no. | I left in Sept. | I came on Sept. 3. | Act No. IV holds."),
        ("it", "C'è, i soldi no. | I primi vanno a est. | I lavori del vol. I della serie durano."),
        (
            "en",
            "Vienna (pop. 1,900,000) paid. | Cllr. Neri came, ext. 45. | He said no. | A man left.",
        ),
    ],
)
def test_sentences_end_where_a_reader_would(language: str, text: str) -> None:
    """Quotes, dashes and abbreviations do not cut a sentence, full stops do."""
    expected = text.split(" | ")
    assert split(" ".join(expected), language) == expected


def test_a_paragraph_may_be_of_any_length() -> None:
    """Punkt, which is given a piece at a time, cuts nothing where a piece ends."""
    text = " ".join(f"Tram number {number} ran to the harbour again." for number in range(2500))
    found = split(text, "en")
    assert len(found) == 2500
    assert " ".join(found) == text


def test_the_first_of_numbered_paragraphs_begins_below_its_title() -> None:
    """As in acts, where many articles have but one."""
    text = "Article 4 – Language\n1. The language is English. It may change."
    assert split(text, "en") == [
        "Article 4 – Language",
        "1. The language is English.",
        "It may change.",
    ]
    wrapped = ["The team won by 3 to\n1.", "The crowd cheered."]
    assert split(" ".join(wrapped), "en") == wrapped


def test_no_sentence_is_without_letters() -> None:
    """The last bar of a table's row, or the number of a lone item, belong to what is beside."""
    for text in ("| Turin joined. |", "1. Turin joined."):
        assert split(text, "en") == [text]
