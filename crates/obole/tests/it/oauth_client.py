"""A client that nobody here wrote: Authlib gets tokens from a running instance, uses, refreshes and
gives them back, with a secret and without, and as a device."""

import os
import sys

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

import requests
from authlib.integrations.requests_client import OAuth2Session

from browser import Browser, allowed, register

BASE = sys.argv[1]
CALLBACK = "http://127.0.0.1:7171/callback"
VERIFIER = "a-verifier-of-forty-three-letters-or-more-0123456789"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


def opens(token):
    headers = {"Authorization": "Bearer " + token}
    return requests.get(BASE + "/api/v1/me", headers=headers).status_code == 200


def code_refresh_revoke(browser, about, client, method):
    client_id, secret = client
    session = OAuth2Session(
        client_id,
        secret,
        scope="profile click",
        redirect_uri=CALLBACK,
        code_challenge_method="S256",
        token_endpoint_auth_method=method,
        revocation_endpoint_auth_method=method,
    )
    address, state = session.create_authorization_url(
        about["authorization_endpoint"], code_verifier=VERIFIER
    )
    location = allowed(browser, address)
    assert location.startswith(CALLBACK) and "iss=" in location, location
    first = session.fetch_token(
        about["token_endpoint"],
        authorization_response=location,
        code_verifier=VERIFIER,
        state=state,
    )
    assert first["token_type"] == "Bearer" and first["scope"] == "profile click", first
    assert session.get(BASE + "/api/v1/me").json()["handle"] == "ada"
    given = session.post(
        BASE + "/api/v1/clicks",
        json={"url": "https://example.org/" + method},
        headers={"Idempotency-Key": method},
    )
    assert given.status_code == 201, given.text
    second = session.refresh_token(about["token_endpoint"], first["refresh_token"])
    assert second["refresh_token"] != first["refresh_token"], second
    assert opens(second["access_token"])
    gone = session.revoke_token(
        about["revocation_endpoint"], second["refresh_token"], "refresh_token"
    )
    assert gone.status_code == 200, gone.text
    assert not opens(first["access_token"]) and not opens(second["access_token"])


def introspect(browser, about, server, client):
    session = OAuth2Session(
        client[0], scope="profile", redirect_uri=CALLBACK, code_challenge_method="S256",
        token_endpoint_auth_method="none",
    )
    address, _ = session.create_authorization_url(
        about["authorization_endpoint"], code_verifier=VERIFIER
    )
    token = session.fetch_token(
        about["token_endpoint"],
        authorization_response=allowed(browser, address),
        code_verifier=VERIFIER,
    )
    asking = OAuth2Session(*server, token_endpoint_auth_method="client_secret_basic")
    seen = asking.introspect_token(about["introspection_endpoint"], token["access_token"])
    assert seen.json()["active"] is True and seen.json()["username"] == "ada", seen.text


def device(browser, about, client_id):
    fields = {"client_id": client_id, "scope": "profile"}
    started = requests.post(about["device_authorization_endpoint"], data=fields).json()
    session = OAuth2Session(client_id, token_endpoint_auth_method="none")

    def ask():
        return session.fetch_token(
            about["token_endpoint"], grant_type=DEVICE, device_code=started["device_code"]
        )

    try:
        raise AssertionError(ask())
    except Exception as error:
        assert getattr(error, "error", "") == "authorization_pending", repr(error)
    page = browser.get(started["verification_uri_complete"])
    asked = browser.submit(page, "/device")
    answer = browser.submit(asked.text, "/device/answer", answer="yes")
    assert answer.status_code == 303, answer.text
    assert opens(ask()["access_token"])


def main():
    ada, dev = Browser(BASE, "ada", sys.argv[2]), Browser(BASE, "developer", sys.argv[2])
    about = requests.get(BASE + "/.well-known/oauth-authorization-server").json()
    assert about["issuer"] == BASE, about
    public = register(dev, "public", CALLBACK)
    server = register(dev, "confidential", CALLBACK)
    code_refresh_revoke(ada, about, public, "none")
    code_refresh_revoke(ada, about, server, "client_secret_basic")
    code_refresh_revoke(ada, about, server, "client_secret_post")
    introspect(ada, about, server, public)
    device(ada, about, public[0])
    print("Authlib is served.")


main()
