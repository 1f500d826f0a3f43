# Set-up is part of every target: a virtual environment in .venv, filled from the hash-pinned files in lock/.

# Where this is set (often is, in containers), each process of a gate would compile all of its modules anew: a third of what starting it costs.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
TIDEGATE = .venv/bin/tidegate
# Three at a time on two cores: a good part of what the longest files take is waiting, for a pager, a drain, a process that starts.
PYTEST = .venv/bin/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

.PHONY: help demo serve test lint chaos fuzz soak bench bench-short bench-limits bench-store overload eval-guards eval-drift dashboards panels picture matrix lock wheel sbom security clean
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

chaos: .venv/.dev  ## what must not be lost, long form: 100,000 exchanges under kill -9, 10,000 batches into an ailing store, every byte of a segment (some hours)
	TIDEGATE_CHAOS=long TIDEGATE_CHAOS_CALLS=100000 TIDEGATE_CHAOS_RATE=120 $(PYTEST) -n 0 -s tests/chaos tests/test_journal_mutilated.py $(TEST_ARGS)

soak: .venv/.dev  ## half an hour with faults on: does any process grow? MINUTES=30, SOAK_ARGS="--rate 80 --check" is passed on
	.venv/bin/python -m tests.bench.soak --minutes $(or $(MINUTES),30) $(SOAK_ARGS)

fuzz: .venv/.dev  ## 10,000 mutated inputs of every parser, and 100,000 interleaved calls of many tenants (some 15 minutes)
	.venv/bin/python -m tests.chaos.fuzz $(FUZZ_ARGS)
	.venv/bin/python -m tests.chaos.tenants

bench: .venv/.dev  ## overhead, throughput, memory: beside the upstream alone and a bare aiohttp proxy
	.venv/bin/python tests/bench/run.py $(BENCH_ARGS)

bench-short: .venv/.dev  ## the same in under 50 s; the last line is JSON
	.venv/bin/python tests/bench/run.py --short $(BENCH_ARGS)

bench-limits: .venv/.dev  ## what it stands, beside the bars: full load, 5,000 streams, large bodies, memory, start, two workers (some twenty minutes)
	.venv/bin/python tests/bench/limits.py $(LIMITS_ARGS)

bench-store: .venv/.dev  ## bytes on disk of an exchange, and what questions take over ten million (some fifteen minutes, 5 GB of disk)
	.venv/bin/python -m tests.bench.store $(STORE_ARGS)

overload: .venv/.dev  ## four times the capacity, thousands that drip, a noisy neighbour: goodput, time to shed, streams cut (some four minutes)
	.venv/bin/python tests/bench/overload.py $(OVERLOAD_ARGS)
	.venv/bin/python tests/bench/flood.py

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

wheel: .venv/.dev  ## build dist/*.whl, twice, to the same bytes
	@lock/wheel

sbom: .venv/.dev  ## write what it is made of: dist/tidegate.cdx.json (CycloneDX)
	.venv/bin/python lock/sbom

security: .venv/.dev  ## write SECURITY.md's tables anew, from tests/failures.yaml
	.venv/bin/python tests/matrix.py --security

clean:          ## remove the environment and what was built
	rm -rf .venv build dist *.egg-info

.venv/.demo: lock/demo.txt lock/install pyproject.toml
	@PYTHON="$(PYTHON)" lock/install demo

.venv/.dev: lock/dev.txt lock/install pyproject.toml
	@PYTHON="$(PYTHON)" lock/install dev
