# The base is Airbyte's image for Python connectors; another one can be given with --build-arg BASE_IMAGE=…
# Whoever publishes the image says with SOURCE (an address) and REVISION (a commit) what it was built from.
ARG BASE_IMAGE=docker.io/airbyte/python-connector-base:4.1.0@sha256:1d1aa21d34e851df4e8a87b391c27724c06e2597608e7161f4d167be853bd7b6

FROM ${BASE_IMAGE} AS build
# Packages of the lock that nothing imports which the connector loads: they serve the CDK's command line,
# sources that read files, and SQL. They are three quarters of the lock's size (docs/image.md).
ARG LEFT_OUT="pandas|numpy|nltk|joblib|tqdm|rapidfuzz|dateparser|regex|tzlocal|unidecode|setuptools\
|google-cloud-secret-manager|google-api-core|google-auth|googleapis-common-protos|grpc-google-iam-v1\
|grpcio|grpcio-status|proto-plus|protobuf|pyasn1|pyasn1-modules|rich|rich-click|pygments|markdown-it-py|mdurl"
COPY requirements.txt scripts/sbom-requirements.txt /tmp/
# An environment of its own keeps the connector's packages apart from those that the base brings along.
RUN sed -E "/^(${LEFT_OUT})(\[.*\])?==/,/[^\\]$/d" /tmp/requirements.txt >/tmp/needed.txt \
    && python -m venv --without-pip /venv \
    && python -m pip --python /venv/bin/python install --no-cache-dir --no-compile --no-deps --require-hashes \
       --report /tmp/installed.json -r /tmp/needed.txt \
    && python -m pip install --no-cache-dir --no-compile --no-deps --require-hashes --target /tmp/sbom \
       -r /tmp/sbom-requirements.txt
WORKDIR /airbyte/integration_code
COPY pyproject.toml scripts/sbom.py /tmp/
COPY main.py ./
COPY source_intercom ./source_intercom
# Readable for everybody whatever the modes of the checkout; compiled, as its user may not write there.
RUN PYTHONPATH=/tmp/sbom python /tmp/sbom.py /tmp/installed.json /tmp/pyproject.toml >/venv/sbom.cdx.json \
    && chmod -R a+rX,go-w . && python -m compileall -q -j 0 --invalidation-mode unchecked-hash /venv .

FROM ${BASE_IMAGE}
COPY --from=build /venv /venv
COPY --from=build /airbyte/integration_code /airbyte/integration_code
WORKDIR /airbyte/integration_code
USER 1000:1000
ENV AIRBYTE_ENTRYPOINT="/venv/bin/python /airbyte/integration_code/main.py"
ENTRYPOINT ["/venv/bin/python", "/airbyte/integration_code/main.py"]
ARG VERSION=1.0.0
ARG SOURCE=
ARG REVISION=
LABEL io.airbyte.name=airbyte/source-intercom
LABEL io.airbyte.version=${VERSION}
LABEL org.opencontainers.image.title=source-intercom \
      org.opencontainers.image.version=${VERSION} \
      org.opencontainers.image.licenses=MIT \
      org.opencontainers.image.source=${SOURCE} \
      org.opencontainers.image.revision=${REVISION}
