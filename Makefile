# Set-up is part of every target: a virtual environment in .venv, filled from the hash-pinned files in lock/.

PYTHON ?= python3
TIDEGATE = .venv/bin/tidegate
PYTEST = .venv/bin/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

.PHONY: help demo serve test lint chaos bench bench-short eval-guards eval-drift dashboards panels picture matrix lock wheel clean
.DEFAULT_GOAL := help

help:           ## this list
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 16

demo: .venv/.demo  ## see it work on this machine alone; DEMO_ARGS="--seconds 60 --exit" is passed on
	$(TIDEGATE) demo $(DEMO_ARGS)

serve: .venv/.demo  ## run the gate from tidegate.yaml (a commented one is written if there is none)
	$(TIDEGATE) serve $(SERVE_ARGS)

test: .venv/.dev lint  ## every test that needs no root
	$(PYTEST) $(TEST_ARGS)

lint: .venv/.dev  ## style, types, layers
	.venv/bin/ruff check .
	.venv/bin/mypy
	PYTHONPATH=. .venv/bin/lint-imports --no-cache

chaos: .venv/.dev  ## the kill test and the store outage, long form (some 15 minutes)
	TIDEGATE_CHAOS=long $(PYTEST) -n 0 tests/chaos $(TEST_ARGS)

bench: .venv/.dev  ## overhead, throughput, memory: beside the upstream alone and a bare aiohttp proxy
	.venv/bin/python tests/bench/run.py $(BENCH_ARGS)

bench-short: .venv/.dev  ## the same in under 50 s; the last line is JSON
	.venv/bin/python tests/bench/run.py --short $(BENCH_ARGS)

eval-guards: .venv/.dev  ## measure the detectors, write evaluation/guards/REPORT.md; DATA=directory of the labelled texts
	.venv/bin/python evaluation/guards/run.py $(if $(DATA),--data $(DATA)) $(EVAL_ARGS)

eval-drift: .venv/.dev  ## measure drift, write evaluation/drift/REPORT.md; DATA=directory of the set
	.venv/bin/python evaluation/drift/run.py $(if $(DATA),--data $(DATA)) $(EVAL_ARGS)

dashboards: .venv/.dev  ## generate anew: boards, alert rules, the chart's copies, deploy/ALERTS.md
	$(TIDEGATE) dashboards build --default-objectives --boards dashboards/boards --rules deploy/prometheus/tidegate.rules.yaml
	deploy/render
	.venv/bin/python -m tests.support.alert_list

panels: .venv/.dev  ## run every panel of every board on real engines, write dashboards/PANELS.md
	TIDEGATE_PANELS=dashboards/PANELS.md .venv/bin/python -m pytest tests/dashboards/test_live.py $(TEST_ARGS)

picture: .venv/.dev  ## draw docs/boards.png from the boards' queries
	.venv/bin/python -m tests.dashboards.picture --out docs/boards.png

matrix: .venv/.dev  ## the failure table's ids and the tests that cover them
	@.venv/bin/python tests/matrix.py

lock: .venv/.dev  ## resolve the dependencies anew
	lock/resolve

wheel: .venv/.dev  ## build dist/*.whl
	.venv/bin/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

clean:          ## remove the environment and what was built
	rm -rf .venv build dist *.egg-info

.venv/.demo: lock/demo.txt lock/install pyproject.toml
	@PYTHON="$(PYTHON)" lock/install demo

.venv/.dev: lock/dev.txt lock/install pyproject.toml
	@PYTHON="$(PYTHON)" lock/install dev
