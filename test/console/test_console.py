#!/usr/bin/env python3
"""The page for people (conf/console) in headless Chromium, behind nginx: what it shows, what it
keeps, and that nothing of what is stored becomes markup.  By WebDriver, without a library.

With CONSOLE_SCREENSHOTS=DIRECTORY it writes those of doc/console.md there."""
import base64
import http.client
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "http"))
import service  # noqa: E402

ORIGIN = "%s://%s" % service.URL[:2]
SCREENSHOTS = os.environ.get("CONSOLE_SCREENSHOTS")
MARKUP = "<img src=x onerror=\"document.title='broken'\"><script>document.title='broken'</script>"
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
ENTER, TAB, RIGHT, LEFT, END = "\ue007", "\ue004", "\ue014", "\ue012", "\ue010"


class Browser:
    """Chromium, driven by chromedriver (W3C WebDriver)."""

    def __init__(self):
        self.home = tempfile.mkdtemp()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        environment = dict(os.environ, HOME=self.home, TMPDIR=self.home)
        self.driver = subprocess.Popen(["chromedriver", "--port=%d" % port], env=environment,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.url = "http://127.0.0.1:%d" % port
        for _ in range(100):
            try:
                self.call("GET", "/status")
                break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
        arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-proxy-server", "--hide-scrollbars",
                     "--disable-background-networking", "--disable-component-update", "--no-first-run", "--user-data-dir=" + self.home + "/profile"]
        self.session = ""
        made = self.call("POST", "/session", {"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": {"binary": shutil.which("chromium"), "args": arguments},
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}}})
        self.session = "/session/" + made["sessionId"]

    def close(self):
        try:
            self.call("DELETE", self.session)
        finally:
            self.driver.terminate()
            self.driver.wait(20)
            shutil.rmtree(self.home, ignore_errors=True)

    def call(self, method, path, body=None):
        request = urllib.request.Request(self.url + path, method=method, data=None if body is None else json.dumps(body).encode(),
                                         headers={"Content-Type": "application/json"})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError("%s %s: %s" % (method, path, json.load(error)["value"]["message"])) from None

    def do(self, method, path, body=None):
        return self.call(method, self.session + path, {} if body is None and method == "POST" else body)

    def open(self, path="/console"):
        self.do("POST", "/url", {"url": ORIGIN + path})

    def run(self, script, *arguments):
        return self.do("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def find(self, selector):
        return self.do("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]

    def type(self, selector, text):
        self.do("POST", "/element/%s/value" % self.find(selector), {"text": text})

    def click(self, selector):
        self.do("POST", "/element/%s/click" % self.find(selector))

    def keys(self, *keys):
        self.do("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": [
            {"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]}]})

    def focused(self):
        return self.run("return document.activeElement.id")

    def text(self, selector="body"):
        return self.run("const e = document.querySelector(arguments[0]); return e && e.innerText", selector) or ""

    def until(self, script, what):
        for _ in range(150):
            if self.run("return " + script):
                return
            time.sleep(0.1)
        raise AssertionError("%s does not come: %s" % (what, self.text()))

    def size(self, width, height):
        self.do("POST", "/goog/cdp/execute", {"cmd": "Emulation.setDeviceMetricsOverride",
                                              "params": {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}})

    def log(self, kind):
        return self.do("POST", "/se/log", {"type": kind})

    def screenshot(self, name):
        if SCREENSHOTS:
            pathlib.Path(SCREENSHOTS, name + ".png").write_bytes(base64.b64decode(self.do("GET", "/screenshot")))


def token_with(scopes):
    return service.sql("SELECT secret FROM scim.create_token('console %s', scopes => '%s')" % (time.time_ns(), scopes))


def get(path, method="GET"):
    connection = http.client.HTTPConnection(service.URL.hostname, service.URL.port, timeout=20)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, dict((k.lower(), v) for k, v in answer.getheaders()), answer.read().decode()
    finally:
        connection.close()


class Files(unittest.TestCase):
    def test_headers(self):
        for path, kind in (("/console", "text/html"), ("/console/console.css", "text/css"), ("/console/console.js", "text/javascript"),
                           ("/console/services.json", "application/json")):
            status, headers, body = get(path)
            self.assertEqual((status, headers["content-type"].split(";")[0]), (200, kind), path)
            policy = dict(directive.strip().split(" ", 1) for directive in headers["content-security-policy"].split(";"))
            self.assertEqual(policy, {"default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "connect-src": "'self'", "base-uri": "'none'",
                                      "form-action": "'none'", "frame-ancestors": "'none'", "require-trusted-types-for": "'script'",
                                      "trusted-types": "'none'"})
            self.assertEqual(headers["referrer-policy"], "no-referrer")
            self.assertEqual(headers["x-content-type-options"], "nosniff")
            self.assertEqual(headers["x-frame-options"], "DENY")
            self.assertEqual(headers["cache-control"], "no-store")
            self.assertNotIn("set-cookie", headers)
            self.assertTrue(body)

    def test_nothing_else(self):
        self.assertEqual(get("/console", "HEAD")[0], 200)
        for path in ("/console/", "/console/index.html", "/console/../nginx.conf", "/console/jwt.key", "/console/%2e%2e/jwt.key", "/consoles"):
            self.assertIn(get(path)[0], (301, 404, 400), path)
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            for path in ("/console", "/console/services.json", "/console/console.js"):
                status, headers, _ = get(path, method)
                self.assertEqual((status, headers.get("allow")), (405, "GET, HEAD"), (method, path))

    def test_no_markup_from_data(self):
        """Nothing that makes markup of text, keeps something, or loads from elsewhere."""
        _, _, script = get("/console/console.js")
        for word in ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "Function(", "DOMParser", "localStorage", "sessionStorage",
                     "indexedDB", "cookie =", "createContextualFragment", "location.hash", "history.", "console.log"):
            self.assertNotIn(word, script)
        _, _, page = get("/console")
        for word in ("<style", "style=", "onclick", "onload", "http://", "https://", "javascript:"):
            self.assertNotIn(word, page)


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        service.sql("UPDATE directory.policy SET settings = '{\"mode\": \"offboard\"}' WHERE kind = 'delete' AND resource_type = 'User'")
        service.sql("SELECT scim.create_resource('User', d) FROM (SELECT jsonb_build_object('userName', n || '@example.com', 'displayName', initcap(split_part(n, '.', 1) || ' ' || split_part(n, '.', 2)),"
                    " 'active', n <> 'tom.berg', 'emails', jsonb_build_array(jsonb_build_object('value', n || '@example.com', 'primary', true))) AS d"
                    " FROM unnest('{ada.winter,ben.ito,carla.mora,dev.shah,eva.lind,femi.ade,gus.klein,hana.sato,ivo.novak,june.park,tom.berg}'::text[]) n) u")
        service.sql("INSERT INTO directory.users (data) VALUES (jsonb_build_object('userName', $x$%s$x$, 'displayName', $x$%s$x$))" % (MARKUP, MARKUP))
        service.sql("INSERT INTO directory.users (data) SELECT jsonb_build_object('userName', format('person%s@example.com', n)) FROM generate_series(100, 140) n")
        service.sql("INSERT INTO directory.groups (data) SELECT jsonb_build_object('displayName', n, 'members', (SELECT jsonb_agg(jsonb_build_object('value', id)) FROM directory.users WHERE user_name ~ ('^' || c)))"
                    " FROM (VALUES ('Engineering', '[a-d]'), ('Finance', '[e-h]'), ('Everybody', '.'), ($x$%s$x$, 'zzz')) v (n, c)" % MARKUP)
        service.sql("SELECT scim.delete_resource('User', id) FROM directory.users WHERE user_name ~ '^(gus|june)'")
        cls.token = service.sql("SELECT secret FROM scim.create_token('Help desk', scopes => '{read,User,Group,.console}')")
        cls.entra = service.sql("SELECT secret FROM scim.create_token('Entra ID', now() + interval '90 days')")
        for body in ('{"userName": "ada.winter@example.com"}', '{"userName": 7}', '{"userName": "new.hire@example.com"}'):
            request = urllib.request.Request(os.environ["SCIM_URL"] + "/Users", data=body.encode(), headers={
                "Authorization": "Bearer " + cls.entra, "Content-Type": "application/scim+json"})
            try:
                urllib.request.urlopen(request, timeout=30).close()
            except urllib.error.HTTPError:
                pass
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.close)

    def setUp(self):
        self.browser.size(1100, 640)
        self.browser.open()
        self.browser.until("document.getElementById('store').options.length > 0", "the list of services")

    def enter(self, token=None):
        self.browser.type("#token", (token or self.token) + ENTER)
        self.browser.until("document.querySelector('#panel-people[data-ready]')", "the first tab")

    def tab(self, name):
        self.browser.click("#tab-" + name)
        self.browser.until("document.querySelector('#panel-%s[data-ready]')" % name, name)
        return self.browser.text("#panel-" + name)

    def test_people(self):
        self.browser.screenshot("console-token")
        self.enter()
        text = self.browser.text("#panel-people")
        self.assertIn("ACTIVE", text)
        self.assertIn("SUSPENDED", text)
        self.assertIn("OFFBOARDING", text)
        self.assertIn("1 to 25 of", text)
        self.browser.screenshot("console-people")
        self.browser.click(".pages button:last-of-type")
        self.browser.until("document.querySelector('.pages').innerText.includes('26 to')", "the second page")
        self.browser.type("#find-Users", "WINTER" + ENTER)
        self.browser.until("document.querySelector('.pages').innerText.includes('1 to 1 of 1')", "who was looked for")
        self.assertIn("ada.winter@example.com", self.browser.text("#panel-people table"))

    def test_looking_for_quotes(self):
        self.enter()
        for text in ('"', "\\", '") or (userName pr', "ö\u2028"):
            self.browser.run("document.getElementById('find-Users').value = arguments[0]; document.querySelector('.find button').click()", text)
            self.browser.until("document.querySelector('.pages') && document.querySelector('.pages').innerText.match(/^Back\\s*Next\\s*(0 in all|1 to 1 of 1)/)", text)

    def test_each_tab(self):
        self.enter()
        text = self.tab("changes")
        for word in ("create", "add member", "ada.winter@example.com", "Entra ID"):
            self.assertIn(word, text)
        self.browser.screenshot("console-changes")
        text = self.tab("requests")
        self.assertIn("409 uniqueness", text)
        self.assertIn("Entra ID", text)
        self.browser.screenshot("console-requests")
        text = self.tab("tokens")
        self.assertIn("0 minutes ago", text)
        self.assertIn("read, User, Group, .console", text)
        self.assertNotIn("scim_1_", text)
        self.browser.screenshot("console-tokens")
        text = self.tab("groups")
        self.assertIn("Engineering", text)
        self.assertIn("4", text)
        self.browser.screenshot("console-groups")
        text = self.tab("leaving")
        self.assertIn("gus.klein@example.com", text)
        self.assertIn("offboard", text)
        self.browser.screenshot("console-leaving")

    def test_markup_is_text(self):
        """A user and a group whose names are markup: shown as they are, and nothing is run."""
        self.enter()
        seen = ""
        self.browser.type("#find-Users", "onerror" + ENTER)
        self.browser.until("document.querySelector('.pages').innerText.includes('1 to 1 of 1')", "whom names are markup of")
        seen += self.browser.text("#panel-people table")
        for name in ("changes", "groups", "tokens", "requests", "leaving"):
            seen += self.tab(name)
            self.assertEqual(self.browser.run("return document.querySelectorAll('main img, main script, main a').length"), 0, name)
        self.assertGreaterEqual(seen.count(MARKUP), 3)
        self.assertEqual(self.browser.run("return document.title"), "SCIM console")

    def test_nothing_is_kept(self):
        """In no storage and no address, and gone after a reload, also by the way back."""
        self.enter()
        self.tab("changes")
        kept = self.browser.run("return JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie, location.href, history.length > 0 && history.state])")
        self.assertEqual(json.loads(kept), [[], [], "", ORIGIN + "/console", None])
        self.assertEqual(self.browser.do("GET", "/cookie"), [])
        self.assertEqual(self.browser.run("return document.getElementById('token').value"), "")
        self.assertNotIn(self.token, self.browser.run("return document.documentElement.outerHTML"))
        self.browser.do("POST", "/refresh")
        self.browser.until("!document.getElementById('door').hidden", "the door")
        self.enter()
        self.browser.open("/healthz")
        self.browser.do("POST", "/back")
        self.browser.until("document.getElementById('door') && !document.getElementById('door').hidden", "the door")
        self.assertTrue(self.browser.run("return document.getElementById('room').hidden"))
        sent = [json.loads(line["message"])["message"] for line in self.browser.log("performance")]
        urls = [message["params"]["request"]["url"] for message in sent if message["method"] == "Network.requestWillBeSent"]
        self.assertTrue(urls)
        for url in urls:
            self.assertNotIn(self.token, url)
            self.assertTrue(url.startswith((ORIGIN, "data:", "about:", "chrome")), url)
        with open(service.STACK / "requests.log", encoding="utf-8") as log:
            self.assertNotIn(self.token, log.read())

    def test_forgets(self):
        self.enter()
        self.browser.click("#leave")
        self.assertTrue(self.browser.run("return document.getElementById('room').hidden"))
        self.assertEqual(self.browser.text("#panels"), "")
        self.assertEqual(self.browser.focused(), "token")

    def test_only_reads(self):
        self.enter()
        for name in ("changes", "requests", "tokens", "groups", "leaving"):
            self.tab(name)
        self.browser.log("performance")
        self.tab("people")
        self.tab("groups")
        asked = set()
        for line in self.browser.log("performance"):
            message = json.loads(line["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                asked.add((message["params"]["request"]["method"], urllib.parse.urlsplit(message["params"]["request"]["url"]).path.rsplit("/", 1)[1]))
        self.assertEqual(asked, {("GET", "people"), ("POST", ".search"), ("GET", "members")})

    def test_token_is_refused(self):
        self.browser.type("#token", "scim_1_0123456789abcdef0123456789abcdef_nothing" + ENTER)
        self.browser.until("document.getElementById('door-problem').innerText !== ''", "what is wrong")
        self.assertIn("does not accept", self.browser.text("#door-problem"))
        self.browser.type("#token", "wörd" + ENTER)
        self.assertIn("no token", self.browser.text("#door-problem"))

    def test_scopes(self):
        """A token that may not see the console, and one that may see that only."""
        self.enter(token_with("{read}"))
        self.assertIn("Not permitted", self.browser.text("#panel-people"))
        self.browser.click("#leave")
        self.enter(token_with("{.console}"))
        self.assertIn("nobody whom this token may see", self.browser.text("#panel-people"))
        self.assertIn("Not permitted", self.browser.text("#panel-people"))
        self.assertNotIn("ada.winter", self.tab("changes"))
        self.assertIn("Entra ID", self.tab("tokens"))

    def test_keyboard(self):
        self.assertEqual(self.browser.focused(), "token")
        self.browser.keys(*self.token, ENTER)
        self.browser.until("document.querySelector('#panel-people[data-ready]')", "the first tab")
        for _ in range(12):
            if self.browser.focused() == "tab-people":
                break
            self.browser.keys(TAB)
        self.assertEqual(self.browser.focused(), "tab-people")
        self.browser.keys(RIGHT)
        self.browser.until("document.querySelector('#panel-changes[data-ready]')", "the next tab")
        self.assertEqual(self.browser.focused(), "tab-changes")
        self.browser.keys(END)
        self.browser.until("document.querySelector('#panel-leaving[data-ready]')", "the last tab")
        self.browser.keys(RIGHT)
        self.browser.until("document.querySelector('#panel-people[data-ready]')", "the first tab again")
        self.assertEqual(self.browser.run("return document.querySelectorAll('[role=tab][tabindex=\"0\"]').length"), 1)
        # what has the focus can be seen
        self.assertNotEqual(self.browser.run("return getComputedStyle(document.activeElement).outlineStyle"), "none")
        # every field has a name
        self.assertEqual(self.browser.run("return [...document.querySelectorAll('input, select')].filter(e => !e.labels.length && !e.getAttribute('aria-label')).length"), 0)

    def test_phone(self):
        self.browser.size(375, 720)
        self.enter()
        self.browser.screenshot("console-phone")
        for name in ("changes", "requests", "tokens", "groups", "leaving"):
            self.tab(name)
            self.assertLessEqual(self.browser.run("return document.documentElement.scrollWidth"), 375, name)

    def test_no_complaints(self):
        """Nothing that the policy of the page has kept off, and no error."""
        self.browser.log("browser")
        self.browser.open()
        self.enter()
        for name in ("changes", "requests", "tokens", "groups", "leaving"):
            self.tab(name)
        self.assertEqual([line["message"] for line in self.browser.log("browser") if "favicon" not in line["message"]], [])

    def test_policy_holds(self):
        """The policy, and not only the care of the script, keeps markup from doing anything."""
        done = self.browser.run("""
            try { document.body.innerHTML = arguments[0]; } catch (error) { return error.name; }
            return "taken";""", MARKUP)
        self.assertEqual(done, "TypeError")
        self.assertEqual(self.browser.run("return document.title"), "SCIM console")


if __name__ == "__main__":
    unittest.main(verbosity=2)
