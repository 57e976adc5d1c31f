# An image of tidegate: exactly the versions of requirements.lock, checked against their hashes; no shell is needed to run it.
# docker build -t tidegate .
FROM python:3.13-bookworm AS build
WORKDIR /src
COPY requirements.lock .
# uv itself comes from the lock too, and so does what builds the wheel.
RUN python -m venv /opt/tidegate /opt/uv \
 && awk '/^uv==/{p=1} p{print} p&&!/\\$/{exit}' requirements.lock > uv.txt \
 && /opt/uv/bin/pip install --no-cache-dir --require-hashes -r uv.txt
COPY pyproject.toml README.md LICENSE ./
COPY schemas schemas
COPY detectors detectors
COPY streams streams
# Without the embedded engine, which is half a gigabyte and not for several processes.
RUN /opt/uv/bin/uv pip install --no-cache --compile-bytecode --python /opt/tidegate/bin/python \
      -b requirements.lock -c requirements.lock ".[parquet,images,fast]"

FROM python:3.13-slim-bookworm
RUN groupadd --gid 10001 tidegate && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin tidegate
COPY --from=build /opt/tidegate /opt/tidegate
# The root file system may be read-only: compiled loops and Faust's folder go to /tmp, which must be writable.
ENV PATH=/opt/tidegate/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 NUMBA_CACHE_DIR=/tmp/numba HOME=/tmp
# tidegate.toml is looked for in the working directory: mount it at /etc/tidegate/tidegate.toml.
WORKDIR /etc/tidegate
USER 10001:10001
EXPOSE 9108
ENTRYPOINT ["tidegate"]
CMD ["run"]
