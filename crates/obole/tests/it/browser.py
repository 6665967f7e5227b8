"""A browser of somebody's, as far as scripts need one: it signs in and sends forms of pages."""

import html
import re

import requests


class Browser:
    """A browser in which somebody is signed in."""

    def __init__(self, base, handle, password):
        self.base = base
        self.session = requests.Session()
        self.session.headers["Sec-Fetch-Site"] = "same-origin"
        page = self.get(base + "/sign-in")
        answer = self.submit(page, "/sign-in", name=handle, password=password)
        assert answer.status_code == 303, answer.text

    def get(self, address):
        page = self.session.get(address)
        assert page.status_code == 200, page.text
        return page.text

    def submit(self, page, action, **fields):
        """Sends the form of a page with other values in some fields."""
        form = re.search(rf'<form[^>]*action="{action}".*?</form>', page, re.S).group(0)
        known = {}
        for tag in re.findall(r"<input[^>]*>", form):
            name, value = re.search(r' name="([^"]*)"', tag), re.search(r' value="([^"]*)"', tag)
            is_off = 'type="radio"' in tag and " checked" not in tag
            if name and not is_off:
                known[name.group(1)] = html.unescape(value.group(1)) if value else ""
        known.update(fields)
        return self.session.post(self.base + action, data=known, allow_redirects=False)


def register(browser, kind, redirects):
    """Registers an app: its id, and its secret if it has one."""
    page = browser.get(browser.base + "/apps")
    answer = browser.submit(page, "/apps", name=kind, kind=kind, redirects=redirects)
    if kind == "public":
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"].rsplit("/", 1)[1], None
    secret = re.search(r"obo_cs_\w+", answer.text).group(0)
    return re.search(r'action="/apps/([0-9a-f-]{36})"', answer.text).group(1), secret


def allowed(browser, address):
    """Says yes on the consent page: where the browser is sent."""
    answer = browser.submit(browser.get(address), "/oauth/authorize", answer="yes")
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]
