#!/bin/sh
# Makes the virtual environment $1 with everything that the project needs, from the locked requirements.
# Python 3.11 and 3.12 come first, as PyAirbyte runs on no newer one; PYTHON names another.
set -eu
venv=$1

fits() {
    "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

found=
for python in ${PYTHON:-python3.12 python3.11 python3 python python3.13 python3.14}; do
    if fits "$python"; then
        found=$python
        break
    fi
done
if [ -z "$found" ]; then
    echo "${PYTHON:-Python} cannot be used: install Python 3.11 or newer with venv (Debian: python3-venv)." >&2
    exit 1
fi

rm -rf "$venv"
"$found" -m venv "$venv"
locked_uv=$(sed -n 's/^uv==\([^ ]*\).*/\1/p' requirements-dev.txt)
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check "uv==$locked_uv"
"$venv/bin/uv" pip sync --quiet --python "$venv" --require-hashes requirements-dev.txt
"$venv/bin/uv" pip install --quiet --python "$venv" --no-deps --no-build-isolation --editable .
