"""A client that nobody here wrote: flattrclient 0.2 (2014) meets a running instance with only the
base address changed. Its session sends forms, keeps an odd Accept once it has asked for activities,
and follows a lookup's redirect."""

import sys

import flattrclient.api
import flattrclient.base
import flattrclient.exc
import flattrclient.oauth
import requests

from browser import Browser, allowed, register

BASE = sys.argv[1]

CALLBACK = "http://127.0.0.1:7171/callback"
SCOPES = "flattr,thing,email,extendedread"


def at_this_instance(init):
    """Puts this instance's address where Flattr's is built in."""

    def changed(self, *args, **kwargs):
        init(self, *args, **kwargs)
        self._api_url = BASE

    return changed


for part in [flattrclient.base.BaseApi, flattrclient.oauth.AuthApi]:
    part.__init__ = at_this_instance(part.__init__)


def mark_as_legacy(admin, client_id):
    page = admin.get(BASE + "/admin/apps")
    answer = admin.submit(
        page, "/admin/apps", app=client_id, reason="Written in 2014", kind="stateless"
    )
    assert answer.status_code == 303, answer.text


def sign_in(browser, client):
    """The token that the library gets for an account."""
    auth = flattrclient.oauth.get()
    address = auth.authorize(client[0], SCOPES, CALLBACK)
    code = allowed(browser, address).split("code=")[1].split("&")[0]
    auth.set_auth(*client)
    token = auth.token(code, CALLBACK)
    assert token["token_type"] == "bearer", token
    return token["access_token"]


def refused(error, call):
    try:
        raise AssertionError(call())
    except error as refusal:
        return str(refusal)


def reads_users(ada):
    bob = ada.users.get("bob")
    assert bob.username == "bob" and bob.link == BASE + "/profile/bob", bob.link
    assert bob.url == "" and bob.city == "" and bob.email is None
    assert list(ada.users("bob").get_flattrs()) == []
    refused(flattrclient.exc.NotFoundError, lambda: ada.users.get("nobody-here"))


def keeps_things(bob):
    thing = bob.things.new(
        url="https://bob.example/article", title="An article", description="About articles",
        category="text", tags=["words", "free software"], language="en_GB", hidden=False,
    )
    created = thing.commit()
    assert created["message"] == "ok" and thing.id == created["id"], created
    read = bob.things.get(str(thing.id))
    assert read.title == "An article" and read.tags == ["words", "free software"]
    assert read.owner["username"] == "bob" and read.flattrs == 0 and read.hidden is False
    read.title = "A better article"
    read.hidden = True
    assert read.commit()["message"] == "ok"
    again = bob.things.get(str(thing.id))
    assert again.title == "A better article" and again.hidden is True
    assert again.description == "About articles"
    own = {one.id: one.title for one in bob.authenticated.get_things(full=False)}
    assert own[thing.id] == "A better article", own
    several = list(bob.things.get(str(thing.id), "1", str(max(own))))
    assert [one.id for one in several] == [thing.id, max(own)][: len(several)], several
    assert read.delete() == ""
    assert thing.id not in {one.id for one in bob.authenticated.get_things()}


def gives(ada, bob):
    song = bob.things.get(str(next(bob.authenticated.get_things()).id))
    found = ada.things.lookup("https://bob.example/song")
    assert found.id == song.id and found.flattred is False
    given = found.support()
    assert given["message"] == "ok" and given["thing"]["flattrs"] == 1, given
    said = refused(flattrclient.exc.FlattrApiError, found.support)
    assert "this month" in said, said
    refused(flattrclient.exc.FlattrApiError, song.support)
    assert ada.things.lookup("http://bob.example/song/").flattred is True
    (flattr,) = ada.authenticated.get_flattrs(count=5, page=1)
    assert flattr.thing["id"] == song.id and flattr.owner["username"] == "ada"
    assert list(found.get_flattrs())[0].created_at == flattr.created_at
    refused(flattrclient.exc.NotFoundError, lambda: ada.things.lookup("https://unknown.example/"))
    result = ada.things.search(query="song", user="bob")
    assert result.total_items == 1 and next(result.things).id == song.id
    return found


def subscribes(ada, thing):
    assert thing.subscribe()["message"] == "ok"
    assert thing.pause_subscription()["message"] == "paused"
    assert thing.pause_subscription()["message"] == "started"
    (subscription,) = ada.authenticated.get_subscriptions()
    assert subscription.active is True and subscription.thing.id == thing.id
    assert ada.things.get(str(thing.id)).subscribed is True
    thing._subscribed = True
    assert thing.unsubscribe() == ""
    assert list(ada.authenticated.get_subscriptions()) == []


def funds(token, code):
    """Gives an account a budget and the money for it."""
    headers = {"Authorization": "Bearer " + token, "Idempotency-Key": "first"}
    wallet = requests.post(BASE + "/api/v1/me/vouchers", json={"code": code}, headers=headers)
    assert wallet.status_code in (200, 201), wallet.text
    budget = requests.put(
        BASE + "/api/v1/me/budgets/EUR", json={"amount": "5.00"}, headers=headers
    )
    assert budget.status_code == 200, budget.text


def main(password, bob_token, ada_token, code):
    funds(ada_token, code)
    browser = Browser(BASE, "ada", password)
    client = register(browser, "confidential", CALLBACK)
    mark_as_legacy(Browser(BASE, "keeper", password), client[0])
    ada = flattrclient.api.get(sign_in(browser, client))
    bob = flattrclient.api.get(bob_token)
    reads_users(ada)
    keeps_things(bob)
    thing = gives(ada, bob)
    activities = ada.authenticated.get_activities()
    assert activities["items"][0]["verb"] == "like", activities
    # From here on the session asks for streams, whatever it calls.
    subscribes(ada, thing)
    # A legacy client changes no works.
    new = ada.things.new(url="https://ada.example/", title="Hers")
    refused(flattrclient.exc.InsufficientScopeError, new.commit)
    strange = flattrclient.api.get("0a1b2c3d")
    refused(flattrclient.exc.UnauthorizedError, lambda: list(strange.authenticated.get_flattrs()))


main(*sys.argv[2:6])
