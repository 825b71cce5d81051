# The base is Airbyte's image for Python connectors; another one can be given with --build-arg BASE_IMAGE=…
ARG BASE_IMAGE=docker.io/airbyte/python-connector-base:4.0.2@sha256:9fdb1888c4264cf6fee473649ecb593f56f58e5d0096a87ee0b231777e2e3e73

FROM ${BASE_IMAGE} AS dependencies
COPY requirements.txt /tmp/requirements.txt
RUN python -m pip install --no-cache-dir --no-compile --require-hashes --prefix=/dependencies -r /tmp/requirements.txt \
    && python -m compileall -q /dependencies

FROM ${BASE_IMAGE}
COPY --from=dependencies /dependencies /usr/local
WORKDIR /airbyte/integration_code
COPY main.py ./
COPY source_intercom ./source_intercom
RUN python -m compileall -q .
USER 1000:1000
ENV AIRBYTE_ENTRYPOINT="python /airbyte/integration_code/main.py"
ENTRYPOINT ["python", "/airbyte/integration_code/main.py"]
LABEL io.airbyte.name=airbyte/source-intercom
LABEL io.airbyte.version=0.1.0
