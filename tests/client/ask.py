"""Ask by the generated client, which is on the path: what is open to leukemia, one trial, and a match.

python ask.py URL PATIENT.json
"""

import json
import sys
from pathlib import Path

from eligo_client.api.match import match
from eligo_client.api.trials import get_trial, list_trials
from eligo_client.client import Client
from eligo_client.models import MatchReport, MatchRequest, TrialPage, TrialRecord


def main(url: str, patient: Path) -> None:
    with Client(base_url=url) as client:
        page = list_trials.sync(client=client, condition=["leukemia"])
        assert isinstance(page, TrialPage)
        trial = get_trial.sync(page.trials[0].nct_id, client=client)
        assert isinstance(trial, TrialRecord)
        report = match.sync(client=client, body=MatchRequest.from_dict(json.loads(patient.read_text())))
        assert isinstance(report, MatchReport)
    assert report.matches
    assert trial.criteria
    print(f"{len(page.trials)} trials found; {trial.nct_id} has {len(trial.criteria)} criteria")
    for found in report.matches:
        print(f"{found.nct_id} {found.eligibility}: {found.tally.met} met, {found.tally.unknown} unknown")


main(sys.argv[1], Path(sys.argv[2]))
