"""Forms of the server, filled in as a browser without script does."""

import re

import httpx

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def send(browser: httpx.Client, path: str, on: str = "", **fields: str) -> None:
    """Fill in a form that stands on the page ``on``."""
    fill_in(browser, path, browser.get(on or path).text, **fields)


def fill_in(browser: httpx.Client, path: str, page: str, **fields: str) -> None:
    """Fill in a form of a page that is open, with what is hidden in it."""
    form = next((one for one in page.split("<form")[1:] if f'action="{path}"' in one), "").split("</form>")[0]
    assert form, page
    answer = browser.post(path, data=dict(HIDDEN.findall(form)) | fields)
    assert answer.status_code == 200, answer.text
