"""`python -m tests.support.services COMMAND...`: run it with a real PostgreSQL and a real Redis."""

import os
import subprocess
import sys
import time

from tests.support.postgres import postgres
from tests.support.redis import redis_server


def main(command: list[str]) -> int:
    """Start both, run the command with their addresses, stop both; its exit code."""
    began = time.monotonic()
    with postgres() as database, redis_server() as redis:
        with database.connect() as connection, connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            version = cursor.fetchone()[0]
        print(
            f"PostgreSQL {version} and Redis {redis.client().info()['redis_version']} "
            f"up in {time.monotonic() - began:.1f} s",
            flush=True,
        )
        env = {**os.environ, "DATABASE_URL": database.url(), "REDIS_URL": redis.url}
        return subprocess.run(command, env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
