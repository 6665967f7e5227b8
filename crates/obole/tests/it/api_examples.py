"""Sends every example of the API's description to a running instance, and holds what comes back
against the schema of its status; so does it with the answers that the description shows."""

import base64
import hashlib
import json
import re
import sys
import urllib.parse
import urllib.request

import jsonschema_rs

from browser import Browser

BASE, PASSWORD, TOKEN, VOUCHER = sys.argv[1:]
API = BASE + "/api/v1"
CALLBACK = "http://127.0.0.1:7171/callback"
VERIFIER = "a-verifier-of-forty-three-letters-or-more-0123456789"


def ask(method, path, query=(), headers=(), body=None):
    """Sends a request: the status, and what the answer says."""
    address = API + path + ("?" + urllib.parse.urlencode(query) if query else "")
    request = urllib.request.Request(address, method=method, headers=dict(headers))
    request.add_header("Authorization", "Bearer " + TOKEN)
    if body is not None:
        request.add_header("Content-Type", "application/json")
        request.data = json.dumps(body).encode()
    try:
        answer = urllib.request.urlopen(request)
    except urllib.error.HTTPError as error:
        answer = error
    text = answer.read()
    return answer.status, json.loads(text) if text else None


def get(path, **query):
    status, answer = ask("GET", path, query)
    assert status == 200, (path, status, answer)
    return answer


def by_pages():
    """Does what only pages can: trusts a site, allows an app, asks for a payout."""
    ada = Browser(BASE, "ada", PASSWORD)
    page = ada.get(BASE + "/settings/sites")
    done = ada.submit(page, "/settings/sites", site="https://example.org")
    assert done.status_code == 303, done.text
    page = ada.get(BASE + "/apps")
    made = ada.submit(page, "/apps", name="A reader", kind="public", redirects=CALLBACK)
    client = made.headers["Location"].rsplit("/", 1)[1]
    challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest())
    query = {
        "response_type": "code",
        "client_id": client,
        "redirect_uri": CALLBACK,
        "scope": "click clicks:read",
        "state": "s",
        "code_challenge": challenge.rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    page = ada.get(BASE + "/oauth/authorize?" + urllib.parse.urlencode(query))
    allowed = ada.submit(page, "/oauth/authorize", answer="yes")
    code = re.search(r"[?&]code=([^&]*)", allowed.headers["Location"]).group(1)
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "client_id": client,
        "code_verifier": VERIFIER,
    }
    got = ada.session.post(BASE + "/oauth/token", data=fields)
    assert got.status_code == 200, got.text
    page = ada.get(BASE + "/teams")
    founded = ada.submit(page, "/teams", handle="band", name="The band")
    assert founded.status_code == 303, founded.text
    page = ada.get(BASE + "/creator/bank")
    iban = "FR7630006000011234567890189"
    set_ = ada.submit(page, "/creator/bank", holder="Ada", iban=iban)
    assert set_.status_code == 303, set_.text
    asked = ada.submit(ada.get(BASE + "/creator"), "/creator/payout")
    assert asked.status_code == 303, asked.text


def first(path, *fields, **query):
    """A part of the first item of a list."""
    value = get(path, **query)["items"][0]
    for field in fields:
        value = value[field]
    return value


def begun(work):
    """A claim that waits for its proof."""
    status, claim = ask("POST", f"/works/{work}/claims", body={"method": "dns"})
    assert status in (200, 201), claim
    return claim["id"]


def real(operation, name):
    """What stands on this instance in the place of an example's parameter; none: the example."""
    webhook = lambda: first("/me/webhooks", "id")
    note = lambda: first("/me/notes", "work", period="2026-11")
    given = lambda: first("/clicks", "work", "id")
    places = {
        ("let_go_of_promise", "work"): lambda: first("/me/promises", "work"),
        ("get_payout", "id"): lambda: first("/me/payouts", "id"),
        ("change_work", "id"): lambda: first("/me/works", "id"),
        ("report_work", "id"): given,
        ("get_team", "handle"): lambda: first("/me/teams", "handle"),
        ("get_claim", "id"): lambda: first("/me/claims", "id"),
        ("check_claim", "id"): lambda: begun(given()),
        ("change_note", "work"): note,
        ("report_note", "work"): lambda: first("/me/notes", "work", hidden="yes"),
        ("take_back_clicks_of_app", "app"): lambda: first("/me/apps", "id"),
        ("revoke_app", "app"): lambda: first("/me/apps", "id"),
        ("get_work_of_code", "code"): lambda: first(f"/works/{given()}/codes", "code"),
        ("replay_delivery", "delivery"): lambda: first(
            f"/me/webhooks/{webhook()}/deliveries", "id"
        ),
    }
    for of_works in ["get_work", "get_passing", "list_codes", "make_code", "begin_claim"]:
        places[(of_works, "id")] = given
    for of_clicks in ["get_click", "set_click", "take_back_click"]:
        places[(of_clicks, "work")] = given
    for of_webhooks in [
        "get_webhook", "change_webhook", "delete_webhook", "test_webhook", "list_deliveries",
        "replay_delivery",
    ]:
        places[(of_webhooks, "id")] = webhook
    for of_subscriptions in ["get_subscription", "change_subscription", "stop_subscription"]:
        places[(of_subscriptions, "id")] = lambda: first("/me/subscriptions", "id")
    place = places.get((operation, name))
    return place() if place else None


def validator(description, schema):
    return jsonschema_rs.validator_for({**schema, "components": description["components"]})


def run(description, method, path, operation):
    """Sends the example of one operation."""
    name = operation["operationId"]
    query, headers = {}, {}
    for parameter in operation.get("parameters", []):
        value = real(name, parameter["name"])
        value = parameter.get("example") if value is None else value
        if parameter["in"] == "path":
            assert value is not None, f"{name}: {parameter['name']} has no example"
            path = path.replace("{" + parameter["name"] + "}", urllib.parse.quote(str(value)))
        elif value is not None and parameter["in"] == "query":
            query[parameter["name"]] = value
        elif parameter["name"] == "Idempotency-Key":
            headers["Idempotency-Key"] = name
    body = None
    if "requestBody" in operation:
        content = operation["requestBody"]["content"]["application/json"]
        body = content["example"]
        validator(description, content["schema"]).validate(body)
        if name == "redeem_voucher":
            body = {"code": VOUCHER}
    status, answer = ask(method.upper(), path, query, headers, body)
    said = f"{method} {path}: {status} {answer}"
    shown = [status for status in operation["responses"] if status.startswith("2")]
    assert str(status) in shown, said
    content = operation["responses"][str(status)].get("content")
    if not content:
        assert answer is None, said
        return
    content = content["application/json"]
    validator(description, content["schema"]).validate(answer)
    for example in [content["example"]] if "example" in content else []:
        validator(description, content["schema"]).validate(example)
    assert any(
        "example" in operation["responses"][status]["content"]["application/json"]
        for status in shown
    ), f"{name} shows no answer"


def main():
    description = get("/openapi.json")
    operations = [
        (method, path, operation)
        for path, operations in description["paths"].items()
        for method, operation in operations.items()
    ]
    names = lambda wanted: [one for one in operations if one[0] in wanted]
    late = {"replay_delivery", "report_note", "list_notes"}
    changes = [one for one in names({"post", "put", "patch"}) if one[2]["operationId"] not in late]
    # The endpoint that is tested has to be there, and a list of notes that are not hidden.
    order = ["list_notes", "give_click", "move_earnings", "make_webhook", "make_subscription"]
    place = lambda one: order.index(one[2]["operationId"]) if one[2]["operationId"] in order else 9
    notes = [one for one in operations if one[2]["operationId"] == "list_notes"]
    lates = [one for one in operations if one[2]["operationId"] in late - {"list_notes"}]
    reads = [one for one in names({"get"}) if one not in notes]
    deletes = names({"delete"})
    deletes.sort(key=lambda one: not one[1].endswith("/clicks"))
    for one in notes + sorted(changes, key=place) + lates:
        run(description, *one)
    by_pages()
    for one in reads + deletes:
        run(description, *one)
    print(len(operations))


main()
