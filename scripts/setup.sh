#!/bin/sh
# Makes the virtual environment $1 with everything that the project needs, from the locked requirements.
# PyAirbyte, which the demo and some tests use, runs on Python 3.11 and 3.12; on a machine that has only
# newer ones, uv brings a Python 3.12 along.
set -eu
venv=$1

supported() {
    "$1" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null
}

found=
for python in ${PYTHON:-} python3.12 python3.11 python3 python; do
    if command -v "$python" >/dev/null && supported "$python"; then
        found=$python
        break
    fi
done

rm -rf "$venv"
locked_uv=$(sed -n 's/^uv==\([^ ]*\).*/\1/p' requirements-dev.txt)
if [ -n "$found" ]; then
    "$found" -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "uv==$locked_uv"
else
    python3 -m venv "$venv.bootstrap"
    "$venv.bootstrap/bin/python" -m pip install --quiet --disable-pip-version-check "uv==$locked_uv"
    "$venv.bootstrap/bin/uv" venv --quiet --python 3.12 "$venv"
    "$venv.bootstrap/bin/uv" pip install --quiet --python "$venv" "uv==$locked_uv"
    rm -rf "$venv.bootstrap"
fi
"$venv/bin/uv" pip sync --quiet --python "$venv" --require-hashes requirements-dev.txt
"$venv/bin/uv" pip install --quiet --python "$venv" --no-deps --no-build-isolation --editable .
