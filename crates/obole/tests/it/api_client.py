"""The client that openapi-python-client wrote from the description makes the main calls."""

import sys

from obole_client.api.account import (
    get_me,
    get_period,
    list_budgets,
    list_wallets,
    set_budget,
)
from obole_client.api.clicks import get_click, give_click, list_clicks, set_click, take_back_click
from obole_client.api.settlements import get_settlement, list_settlements
from obole_client.api.statements import get_statement, list_statements
from obole_client.api.webhooks import delete_webhook, list_webhooks, make_webhook
from obole_client.api.works import list_works
from obole_client.client import AuthenticatedClient, Client
from obole_client.models import GiveClickByUrl, MakeWebhook, SetBudget, SetClick

BASE, TOKEN = sys.argv[1:]
PAGE = "https://example.org/made-client"
client = AuthenticatedClient(BASE + "/api/v1", TOKEN)
stranger = Client(BASE + "/api/v1")


def called(operation, status, *words, who=client, **fields):
    answer = operation.sync_detailed(*words, client=who, **fields)
    assert answer.status_code == status, (operation.__name__, answer)
    return answer.parsed


assert called(get_me, 200).handle == "ada"
assert called(list_wallets, 200).items[0].currency == "EUR"
set_ = called(set_budget, 200, "EUR", body=SetBudget(amount="7.00"))
assert (set_.amount, set_.currency) == ("7.00", "EUR")
assert called(list_budgets, 200).items[0].amount == "7.00"
click = GiveClickByUrl(url=PAGE, points=3, note="Thank you")
given = called(give_click, 201, body=click, idempotency_key="made-client")
assert given.points == 3 and given.estimate.currency == "EUR", given
again = called(give_click, 201, body=click, idempotency_key="made-client")
assert again.to_dict() == given.to_dict()
assert any(one.work.url == PAGE for one in called(list_clicks, 200).items)
assert called(set_click, 200, given.work.id, body=SetClick(points=2)).points == 2
assert called(get_click, 200, given.work.id).points == 2
called(take_back_click, 204, given.work.id)
assert called(get_click, 404, given.work.id).code.value == "click_missing"
found = called(list_works, 200, who=stranger, url_query="https://example.org/song").items
assert found[0].owner == "bea", found
assert called(get_period, 200).period == "2026-11"
month = called(list_statements, 200).items[0]
assert called(get_statement, 200, month.period).given[0].currency == "EUR"
settled = called(list_settlements, 200, who=stranger).items[0]
assert called(get_settlement, 200, settled.period, who=stranger).patrons == 2
hook = MakeWebhook(url="https://hooks.example.org/made", events=["payout.sent"])
made = called(make_webhook, 201, body=hook)
assert made.secret.startswith("whsec_")
assert any(one.id == made.id for one in called(list_webhooks, 200).items)
called(delete_webhook, 204, made.id)
refused = called(set_budget, 422, "EUR", body=SetBudget(amount="0.01"))
assert refused.code.value == "budget_too_small" and refused.detail, refused
print("made client")
