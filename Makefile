# The two commands of the README and those of everyday work.
#   make serve   set up, build the index if there is none, serve the page and the API (PORT=8000)
#   make test    set up and run the tests

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/pytest --numprocesses 2 --dist loadgroup --no-loadscope-reorder
READY := $(VENV)/ready
TXTAI := data/evaluation/txtai
SERVING := data/evaluation/serving
PIP := python -m pip install --quiet --disable-pip-version-check

.PHONY: serve index test coverage test-engines chromium screenshots lint build bench bench-peers bench-endurance attack setup clean

serve: index
	$(BIN)/rinvio serve $(if $(PORT),--port $(PORT))

# An index that is there stays: it may be of other documents (make build brings it up to date)
index: $(READY)
	@$(BIN)/rinvio info >/dev/null 2>&1 || $(BIN)/rinvio build

build: $(READY)
	$(BIN)/rinvio build

test: $(READY) chromium
	$(PYTEST)

# The same, with the lines that no test runs
coverage: $(READY) chromium
	$(PYTEST) --cov --cov-report=term-missing:skip-covered

# The widget and the pages in Firefox and WebKit as well (Debian's packages)
test-engines: $(READY)
	@{ command -v firefox-esr && command -v WebKitWebDriver && command -v xvfb-run; } >/dev/null || \
	  tests/browsers/install firefox-esr webkit2gtk-driver xvfb xauth
	xvfb-run --auto-servernum $(PYTEST) tests/browsers/engines*.py

# The widget's tests run in the Chromium of this machine; Playwright's own is never downloaded
chromium:
	@command -v chromium >/dev/null || tests/browsers/install chromium

# Pictures of every page and of the widget, in docs/screenshots
screenshots: $(READY) chromium
	PYTHONPATH=.:tests $(BIN)/python docs/screenshots.py

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Figures on public data: make bench DATA="folder folder"
bench: $(READY)
	@test -n "$(DATA)" || { echo 'Say on which data: make bench DATA="FOLDER ..." (see benchmarks/README.md)'; exit 2; }
	$(BIN)/python benchmarks/retrieval.py --encoder e5 --encoder minilm --data $(DATA)

# The same beside txtai, and the service beside txtai's API (on the first set), each in an environment
# of its own. The one that serves is made anew: its size is a figure.
bench-peers: $(READY)
	@test -n "$(DATA)" || { echo 'Say on which data: make bench-peers DATA="FOLDER ..." (see benchmarks/README.md)'; exit 2; }
	@test -x $(TXTAI)/bin/python || $(PYTHON) -m venv $(TXTAI)
	$(TXTAI)/bin/$(PIP) 'txtai[api]==9.14.0' "$$(grep '^torch==' constraints.txt)"
	rm -rf build  # an earlier wheel's files would be installed too
	$(PYTHON) -m venv --clear $(SERVING)
	$(SERVING)/bin/$(PIP) --constraint constraints.txt .
	$(BIN)/python benchmarks/peers.py --encoder minilm --encoder e5 --data $(DATA) --txtai $(TXTAI)/bin/python
	$(BIN)/python benchmarks/service.py --encoder minilm --encoder e5 --data $(firstword $(DATA)) \
	  --txtai $(TXTAI)/bin/python --rinvio $(SERVING)/bin/rinvio

# Memory over 200,000 answers, crowds of clients, live swaps: some hours
bench-endurance: $(READY)
	@test -n "$(DATA)" || { echo 'Say on which data: make bench-endurance DATA=FOLDER (see benchmarks/README.md)'; exit 2; }
	$(BIN)/python benchmarks/endurance.py --data $(firstword $(DATA))

# A running service against its own OpenAPI document, then under attack
attack: index
	$(BIN)/python benchmarks/api_fuzz.py
	$(BIN)/python benchmarks/attacks.py

setup: $(READY)

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo 'Python 3.11 or newer is needed, as $(PYTHON).'; \
	    echo 'Install it (Debian: apt install python3 python3-venv) or name it: make PYTHON=python3.12'; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo 'The venv module of $(PYTHON) is missing.'; \
	    echo 'Install it (Debian: apt install python3-venv).'; exit 2; }
	@echo 'Setting up $(VENV) (once, a few minutes) ...'
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/$(PIP) --constraint constraints.txt --editable '.[build,dev,eval,telemetry]'
	@touch $(READY)

# All that can be made again: the index stays, which knows citations of documents that have changed
clean:
	rm -rf $(VENV) data/evaluation build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
