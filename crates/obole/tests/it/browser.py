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
