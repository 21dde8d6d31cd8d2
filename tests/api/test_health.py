"""Health tells the truth: about the process, and about the database behind it."""

from pathlib import Path

from service.settings import Settings
from service.store.embedded import TESTING, Lease
from tests.api.conftest import client_of


async def test_a_database_that_goes_away_is_told_and_so_is_its_return(tmp_path: Path) -> None:
    for directory in (tmp_path, *tmp_path.parents[:2]):
        directory.chmod(0o755)  # as root, Postgres runs as another user, who must get in
    lease = Lease(tmp_path, None, 60.0, TESTING)
    settings = Settings(data_dir=tmp_path, database_url=lease.dsn)
    async with client_of(settings) as client:
        assert (await client.get("/health/ready")).json()["status"] == "ready"
        lease.release()
        for address in ("/health/ready", "/trials", "/trials/NCT00000001"):
            answer = await client.get(address)
            assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
            assert answer.headers["retry-after"] == "2"
        assert (await client.get("/health/live")).json()["status"] == "live"
        assert "\neligo_database_up 0.0\n" in (await client.get("/metrics")).text
        with Lease(tmp_path, None, 60.0, TESTING):
            assert (await client.get("/health/ready")).json()["corpus"]["trials"] == 0
            assert "\neligo_database_up 1.0\n" in (await client.get("/metrics")).text
