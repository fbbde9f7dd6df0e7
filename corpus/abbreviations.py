"""Abbreviations that end no sentence, by language and by what follows them."""

# fmt: off
# Abbreviations of reports that the trained parameters lack.
ABBREVIATIONS = {
    "en": {
        "e.g", "i.e", "dr", "prof", "vs", "cf", "approx", "s.p.a", "mt", "ft", "gov", "sen", "hon",
        "rev", "lt", "al", "incl", "excl", "max", "para", "dir", "msgr", "cllr", "sq",
    },
    "it": {
        "es", "dott", "avv", "prof", "ing", "sig", "art", "artt", "s.p.a", "s.r.l", "n", "pag",
        "arch", "geom", "rag", "on", "mons", "cfr", "d.lgs", "d.l", "d.p.r", "d.m", "delib", "ass",
        "sen", "cons", "ss", "co", "all", "segg", "fax", "ph", "sigg", "pres", "cav", "uff",
    },
    "de": {"bzw", "ca", "vgl", "abs", "hrsg", "evtl", "ggf", "inkl"},
    "fr": {"cf", "env", "mme", "mlle", "mm", "me", "hab", "min", "av", "bd", "al"},
    "es": {"aprox", "sra", "srta", "dña", "dra", "prof", "avda", "admón", "dres"},
}
# What stands before numbers, in any language.
BEFORE_NUMBERS = {
    "fig", "figs", "no", "nos", "nr", "n", "nn", "vol", "cap", "tab", "sec", "sect", "ch", "art",
    "artt", "par", "pp", "p", "pag", "ca", "sez", "reg", "lett", "num", "prot", "cass", "delib",
    "g.u", "l.r", "d.p.c.m", "abs", "vgl", "bd", "env", "tel", "min", "max", "l", "c", "c.f", "a.s",
    "a.a", "pág", "págs", "núm", "aprox",
}
# These only before figures, as "I" behind them is a word: a est. | I lavori sono finiti.
BEFORE_FIGURES = {
    "pop", "cell", "int", "dir", "sem", "trim", "fg", "mapp", "sub", "rif", "ext", "rm", "iss",
    "jan", "feb", "apr", "aug", "sept", "oct", "nov", "dec", "gen", "mar", "mag", "giu",
    "lug", "ago", "sett", "ott", "dic", "janv", "est", "lun", "gio", "ven", "mon", "tue", "wed",
    "thu", "fri", "sat", "févr", "avr", "juil", "déc", "ene", "abr",
}
# These before a letter too: sez. | A, but not sez. A | Torino.
BEFORE_LETTERS = {"sez", "sec", "lett"}
# fmt: on
