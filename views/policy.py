"""The Content-Security-Policy of each kind of page: nothing but what it needs, all from here."""

PLAIN = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
SCRIPTED = f"{PLAIN}; script-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'"
EMBEDDING = f"{SCRIPTED}; connect-src 'self'"  # the widget asks
