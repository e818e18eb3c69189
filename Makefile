# The commands of the project; `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run test bench lock clean

PORT ?= 8000

help:  ## list the commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

run:  ## install what is needed and serve the demo on 127.0.0.1 (PORT=8000)
	@.ci/environment requirements.lock
	@ANNOTATOR_PROFILE=demo exec .venv/bin/python manage.py serve --port $(PORT)

test:  ## install what the tests need and run every check (ONLY="checks sqlite" OPTIONS="-k spans" for less)
	@.ci/environment requirements-dev.lock
	@exec .venv/bin/python -m tests.launch test $(ONLY) --options="$(OPTIONS)"

bench:  ## measure the server beside a bare view, on PostgreSQL and embedded
	@.ci/environment requirements-dev.lock
	@exec .venv/bin/python -m tests.launch bench

lock:  ## write the lock files anew from what is asked for (UPGRADE=1 for newer packages)
	@.ci/lock $(if $(UPGRADE),--upgrade)

clean:  ## remove what these commands made, but not the data
	rm -rf .venv build frontend/node_modules .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
