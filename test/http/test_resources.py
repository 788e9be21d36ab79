"""Create, read, replace, patch, delete; versions; filters; concurrency."""
import concurrent.futures
import json
import unittest

from service import (DATA, ENTERPRISE, GROUP, URL, ServiceTest, make_tenant, new_name, new_user, patch,
                     send, sql)

SERVER_SET = ("id", "meta")


class Users(ServiceTest):
    def test_create(self):
        document = new_user(title="Tour Guide", externalId="e1")
        answer = self.call("POST", "/Users", document, status=201)
        user = answer.json
        self.assertEqual({key: user[key] for key in document}, document)
        self.assertEqual(user["meta"]["resourceType"], "User")
        self.assertEqual(user["meta"]["created"], user["meta"]["lastModified"])
        self.assertEqual(answer.headers["Location"], user["meta"]["location"])
        self.assertEqual(answer.headers["Location"], "%s/Users/%s" % (URL.geturl(), user["id"]))
        self.assertEqual(answer.headers["ETag"], user["meta"]["version"])

    def test_id_and_meta_of_the_client_are_ignored(self):
        user = self.create(new_user(id="mine", meta={"version": "x", "location": "y"}, groups=[{"value": "z"}]))
        self.assertNotEqual(user["id"], "mine")
        self.assertNotIn("groups", user)

    def test_password_is_never_returned(self):
        answer = self.call("POST", "/Users", new_user(password="t1meMa$heen"), status=201)
        self.assertNotIn(b"password", answer.body)
        self.assertNotIn(b"t1meMa$heen", self.call("GET", "/Users/%s?attributes=password" % answer.json["id"]).body)

    def test_text_of_all_kinds(self):
        title = 'quote " back \\ slash / é 漢字 😀 \u2028 <b>&amp;'
        user = self.create(new_user(title=title))
        self.assertEqual(self.call("GET", "/Users/" + user["id"]).json["title"], title)

    def test_conflict(self):
        document = new_user()
        self.create(document)
        answer = send("POST", "/Users", dict(document, userName=document["userName"].upper()), token=self.token)
        self.assertError(answer, 409, "uniqueness")

    def test_replace(self):
        user = self.create(new_user(title="Guide", nickName="Babs"))
        answer = self.call("PUT", "/Users/" + user["id"], new_user(user["userName"], title="Manager"))
        self.assertEqual(answer.json["title"], "Manager")
        self.assertNotIn("nickName", answer.json)
        self.assertEqual(answer.json["id"], user["id"])
        self.assertNotEqual(answer.json["meta"]["version"], user["meta"]["version"])
        self.assertEqual(self.call("GET", "/Users/" + user["id"]).json, answer.json)

    def test_replace_does_not_create(self):
        self.assertError(send("PUT", "/Users/01890000-0000-7000-8000-000000000000", new_user(), token=self.token), 404)

    def test_round_trip(self):
        # Okta: GET, change, PUT the whole back
        user = self.create(new_user(title="Guide"))
        again = self.call("PUT", "/Users/" + user["id"], user).json
        self.assertEqual({**again, "meta": None}, {**user, "meta": None})

    def test_patch(self):
        user = self.create()
        answer = self.call("PATCH", "/Users/" + user["id"], patch(
            {"op": "Add", "path": "title", "value": "Guide"},
            {"op": "replace", "value": {"name.givenName": "Babs", ENTERPRISE + ":department": "Tours"}}))
        self.assertEqual(answer.json["title"], "Guide")
        self.assertEqual(answer.json["name"], {"givenName": "Babs"})
        self.assertEqual(answer.json[ENTERPRISE], {"department": "Tours"})
        self.assertEqual(answer.headers["ETag"], answer.json["meta"]["version"])

    def test_patch_is_atomic(self):
        user = self.create()
        answer = send("PATCH", "/Users/" + user["id"], patch(
            {"op": "add", "path": "title", "value": "Guide"}, {"op": "add", "path": "name..x", "value": 1}),
            token=self.token)
        self.assertError(answer, 400, "invalidPath")
        self.assertEqual(self.call("GET", "/Users/" + user["id"]).json, user)

    def test_patch_of_nothing_new(self):
        user = self.create(new_user(title="Guide"))
        answer = self.call("PATCH", "/Users/" + user["id"], patch({"op": "replace", "path": "title", "value": "Guide"}))
        self.assertEqual(answer.json, user)

    def test_prefer_minimal(self):
        user = self.create()
        answer = self.call("PATCH", "/Users/" + user["id"], patch({"op": "add", "path": "title", "value": "x"}),
                           [("Prefer", "return=minimal")], status=204)
        self.assertEqual(answer.body, b"")
        self.assertEqual(answer.headers["Preference-Applied"], "return=minimal")
        self.assertTrue(answer.headers["ETag"])

    def test_delete(self):
        make_tenant(5)
        user = self.create()
        self.call("DELETE", "/Users/" + user["id"], status=204)
        for method, body in (("GET", None), ("DELETE", None), ("PUT", new_user(user["userName"])),
                             ("PATCH", patch({"op": "remove", "path": "title"}))):
            self.assertError(send(method, "/Users/" + user["id"], body, token=self.token), 404)
        self.assertEqual(self.find('userName eq "%s"' % user["userName"])["totalResults"], 0)
        self.create(new_user(user["userName"]))

    def test_not_found(self):
        for path in ("/Users/nobody", "/Users/01890000-0000-7000-8000-000000000000", "/Groups/nothing"):
            self.assertError(send("GET", path, token=self.token), 404)

    def test_attributes(self):
        user = self.create(new_user(title="Guide", nickName="Babs"))
        got = self.call("GET", "/Users/%s?attributes=title" % user["id"]).json
        self.assertEqual(set(got), {"schemas", "id", "title"})
        got = self.call("GET", "/Users/%s?excludedAttributes=title,emails" % user["id"]).json
        self.assertNotIn("title", got)
        self.assertEqual(got["nickName"], "Babs")


class Versions(ServiceTest):
    """RFC 7644 section 3.14."""

    def setUp(self):
        self.user = self.create()
        self.path = "/Users/" + self.user["id"]
        self.version = self.user["meta"]["version"]
        self.change = patch({"op": "add", "path": "title", "value": "changed"})

    def test_if_none_match(self):
        for tag in (self.version, "*", 'W/"other", ' + self.version):
            answer = self.call("GET", self.path, headers=[("If-None-Match", tag)], status=304)
            self.assertEqual(answer.body, b"")
            self.assertIsNone(answer.headers["Content-Type"])
            self.assertEqual(answer.headers["ETag"], self.version)
        self.call("GET", self.path, headers=[("If-None-Match", 'W/"other"')])

    def test_dates(self):
        date = self.call("GET", self.path).headers["Last-Modified"]
        self.assertTrue(date.endswith(" GMT"))
        past = "Sun, 06 Nov 1994 08:49:37 GMT"
        alone = self.path + "?excludedAttributes=groups"
        self.call("GET", alone, headers=[("If-Modified-Since", date)], status=304)
        self.call("GET", alone, headers=[("If-Modified-Since", past)])
        self.assertError(send("PATCH", self.path, self.change, [("If-Unmodified-Since", past)], self.token), 412)
        self.call("PATCH", self.path, self.change, [("If-Unmodified-Since", date)])

    def test_what_others_change(self):
        group = self.create({"schemas": [GROUP], "displayName": "g " + new_name(),
                             "members": [{"value": self.user["id"]}]}, "/Groups")
        # the user has not changed, what is shown of him has
        answer = self.call("GET", self.path, headers=[("If-None-Match", self.version)])
        tag = answer.headers["ETag"]
        self.assertEqual(answer.json["meta"]["version"], tag)
        self.assertRegex(tag, r'^W/"1\.[0-9a-f]{16}"$')
        self.call("GET", self.path, headers=[("If-None-Match", tag)], status=304)
        self.assertEqual(self.call("GET", self.path + "?excludedAttributes=groups").headers["ETag"], self.version)
        self.call("PATCH", "/Groups/" + group["id"], patch({"op": "replace", "path": "displayName", "value": "renamed"}))
        answer = self.call("GET", self.path, headers=[("If-None-Match", tag)])
        self.assertEqual(answer.json["groups"][0]["display"], "renamed")
        self.assertEqual(self.find('meta.version eq "%s" and id eq "%s"' % (
            answer.headers["ETag"].replace('"', '\\"'), self.user["id"]))["totalResults"], 1)
        # nobody's write fails over it
        self.call("PATCH", self.path, self.change, [("If-Match", tag)])

    def test_if_none_match_of_writes(self):
        for method, body in (("PATCH", self.change), ("PUT", new_user(self.user["userName"])), ("DELETE", None)):
            for tag in ("*", self.version, 'W/"other", ' + self.version):
                self.assertError(send(method, self.path, body, [("If-None-Match", tag)], self.token), 412)
        self.assertEqual(self.call("GET", self.path).json, self.user)
        self.call("PATCH", self.path, self.change, [("If-None-Match", 'W/"0"')])
        self.assertError(send("POST", "/Users", new_user(), [("If-None-Match", "*")], self.token), 412)
        self.assertError(send("POST", "/Users", new_user(), [("If-Match", self.version)], self.token), 412)
        self.call("POST", "/Users", new_user(), [("If-None-Match", self.version), ("If-Match", "*")], status=201)

    def test_locations(self):
        location = self.user["meta"]["location"]
        for method, path, body in (("GET", self.path, None), ("HEAD", self.path, None), ("PATCH", self.path, self.change),
                                   ("GET", self.path + "?attributes=userName", None),
                                   ("PUT", self.path, new_user(self.user["userName"]))):
            answer = self.call(method, path, body)
            self.assertEqual(answer.headers["Location"], location)
            self.assertEqual(answer.headers["Content-Location"], location if body else None)
        answer = self.call("PATCH", self.path, self.change, [("Prefer", "return=minimal")], status=204)
        self.assertEqual(answer.headers["Location"], location)
        self.assertIsNone(self.call("GET", self.path, headers=[("If-None-Match", "*")], status=304).headers["Location"])

    def test_if_match(self):
        for method, body in (("PATCH", self.change), ("PUT", new_user(self.user["userName"])), ("DELETE", None)):
            answer = send(method, self.path, body, [("If-Match", 'W/"0"')], self.token)
            self.assertError(answer, 412)
        self.assertEqual(self.call("GET", self.path).json, self.user)
        self.call("PATCH", self.path, self.change, [("If-Match", 'W/"0", ' + self.version)])
        self.assertError(send("PATCH", self.path, self.change, [("If-Match", self.version)], self.token), 412)
        self.call("DELETE", self.path, headers=[("If-Match", "*")], status=204)


class Groups(ServiceTest):
    def test_members(self):
        user = self.create()
        group = self.create({"schemas": [GROUP], "displayName": "g " + new_name(),
                             "members": [{"value": user["id"]}]}, "/Groups")
        path = "/Groups/" + group["id"]
        self.assertEqual([member["value"] for member in group["members"]], [user["id"]])
        self.assertEqual(self.call("GET", "/Users/" + user["id"]).json["groups"][0]["value"], group["id"])
        self.assertNotIn("members", self.call("GET", path + "?excludedAttributes=members").json)
        self.call("PATCH", path, patch({"op": "remove", "path": 'members[value eq "%s"]' % user["id"]}))
        self.assertFalse(self.call("GET", path).json.get("members"))
        self.call("DELETE", path, status=204)

    def test_deleted_user_leaves(self):
        user = self.create()
        group = self.create({"schemas": [GROUP], "displayName": "g " + new_name(),
                             "members": [{"value": user["id"]}]}, "/Groups")
        self.call("DELETE", "/Users/" + user["id"], status=204)
        self.assertFalse(self.call("GET", "/Groups/" + group["id"]).json.get("members"))


class Lists(ServiceTest):
    tenant = 4

    def test_pages(self):
        names = sorted(new_name() for _ in range(7))
        for name in names:
            self.create(new_user(name, userType="page"))
        found = []
        for start in (1, 4, 7, 8):
            page = self.call("GET", "/Users?filter=userType+eq+%%22page%%22&sortBy=userName&startIndex=%d&count=3"
                             % start).json
            self.assertEqual((page["totalResults"], page["startIndex"]), (7, start))
            self.assertEqual(page["itemsPerPage"], len(page.get("Resources", [])))
            found += [user["userName"] for user in page.get("Resources", [])]
        self.assertEqual(found, names)

    def test_count_zero(self):
        page = self.call("GET", "/Users?count=0").json
        self.assertEqual(page["Resources"], [])

    def test_no_match(self):
        page = self.find('userName eq "%s"' % new_name())
        self.assertEqual((page["totalResults"], page["Resources"]), (0, []))


class Concurrency(ServiceTest):
    def together(self, function, *arguments):
        with concurrent.futures.ThreadPoolExecutor(len(arguments)) as pool:
            return list(pool.map(function, arguments))

    def test_one_name_once(self):
        document = new_user()
        statuses = self.together(lambda _: send("POST", "/Users", document, token=self.token).status, *range(12))
        self.assertEqual(sorted(statuses), [201] + [409] * 11)

    def test_members_of_one_group(self):
        group = self.create({"schemas": [GROUP], "displayName": "g " + new_name()}, "/Groups")
        users = [self.create()["id"] for _ in range(12)]

        def add(user):
            return send("PATCH", "/Groups/" + group["id"],
                        patch({"op": "add", "path": "members", "value": [{"value": user}]}), token=self.token).status

        self.assertEqual(set(self.together(add, *users)), {200})
        members = self.call("GET", "/Groups/" + group["id"]).json["members"]
        self.assertEqual(sorted(member["value"] for member in members), sorted(users))

    def test_changes_of_one_user(self):
        user = self.create()

        def change(number):
            return send("PATCH", "/Users/" + user["id"], patch(
                {"op": "add", "path": "phoneNumbers", "value": [{"value": str(number)}]}), token=self.token).status

        self.assertEqual(set(self.together(change, *range(12))), {200})
        self.assertEqual(len(self.call("GET", "/Users/" + user["id"]).json["phoneNumbers"]), 12)


class Documents(ServiceTest):
    """The examples of RFC 7643 section 8: what goes in comes out."""
    tenant = 6

    def strip(self, document):
        # readOnly, writeOnly, or set by the server
        return {key: value for key, value in document.items() if key not in SERVER_SET + ("password", "groups")}

    def test_examples(self):
        files = sorted((DATA / "rfc7643").glob("*.json"))
        self.assertTrue(files)
        for file in files:
            document = json.loads(file.read_text())
            kind = document.get("meta", {}).get("resourceType") or ("Group" if GROUP in document["schemas"] else "User")
            with self.subTest(file.name):
                path = {"User": "/Users", "Group": "/Groups"}.get(kind)
                if path is None:
                    continue
                created = self.create(document, path)
                got = self.call("GET", "%s/%s" % (path, created["id"])).json
                self.assertEqual(got, created)
                sent, stored = self.strip(document), self.strip(got)
                for member in sent.get("members", []) + stored.get("members", []):
                    for derived in ("$ref", "display", "type"):
                        member.pop(derived, None)
                manager = sent.get(ENTERPRISE, {}).get("manager", {})
                stored_manager = stored.get(ENTERPRISE, {}).get("manager", {})
                for derived in ("$ref", "displayName"):
                    manager.pop(derived, None)
                    stored_manager.pop(derived, None)
                self.assertEqual(stored, sent)
                self.call("DELETE", "%s/%s" % (path, created["id"]), status=204)


class Employee(ServiceTest):
    """Equipment for employees: identity and off-boarding, for one tenant."""
    tenant = 7

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        sql("""INSERT INTO directory.policy (tenant_id, resource_type, kind, enabled, settings)
               SELECT 7, resource_type, kind, true,
                      CASE kind WHEN 'delete' THEN '{"mode": "offboard"}' ELSE settings END
               FROM directory.policy
               WHERE tenant_id IS NULL AND resource_type = 'User' AND kind IN ('identity', 'delete')
               ON CONFLICT DO NOTHING""")
        cls.employee = json.loads((DATA / "employee.json").read_text())

    def setUp(self):
        for resource in self.find('userName eq "%s"' % self.employee["userName"])["Resources"]:
            sql("SELECT scim.complete_offboarding('%s')" % resource["id"], 7) if \
                self.status_of(resource["id"]) == "OFFBOARDING" else None
        found = self.find('userName eq "%s"' % self.employee["userName"])["Resources"]
        self.user = found[0] if found else self.create(self.employee)
        self.path = "/Users/" + self.user["id"]

    def status_of(self, id):
        return sql("SELECT status FROM directory.users WHERE id = '%s'" % id)

    def test_found_by_what_people_know(self):
        email = next(email for email in self.employee["emails"] if email.get("primary"))["value"]
        name = self.employee["name"]
        for filter in ('emails.value eq "%s"' % email,
                       'name.givenName eq "%s" and name.familyName eq "%s"' % (name["givenName"], name["familyName"])):
            found = self.find(filter)
            self.assertEqual([user["id"] for user in found["Resources"]], [self.user["id"]])

    def test_replaced(self):
        answer = self.call("PUT", self.path, dict(self.employee, title="Director"))
        self.assertEqual(answer.json["title"], "Director")
        self.assertEqual(answer.json["emails"], self.employee["emails"])

    def test_user_name_must_be_the_primary_address(self):
        other = new_name()
        for answer in (send("POST", "/Users", new_user(emails=[{"value": other, "primary": True}]), token=self.token),
                       send("PUT", self.path, dict(self.employee, userName=other), token=self.token),
                       send("PATCH", self.path, patch({"op": "replace", "path": "userName", "value": other}),
                            token=self.token)):
            self.assertError(answer, 400, "invalidValue")

    def test_both_together(self):
        user, other = self.create(new_user()), new_name()
        answer = self.call("PATCH", "/Users/" + user["id"], patch(
            {"op": "replace", "path": "userName", "value": other},
            {"op": "replace", "path": "emails[primary eq true].value", "value": other}))
        self.assertEqual((answer.json["userName"], answer.json["emails"][0]["value"]), (other, other))

    def test_off_boarding(self):
        self.call("DELETE", self.path, status=204)
        self.assertEqual(self.status_of(self.user["id"]), "OFFBOARDING")
        self.assertEqual(self.call("GET", self.path).json["userName"], self.employee["userName"])
        self.assertEqual(self.find('userName eq "%s"' % self.employee["userName"])["totalResults"], 1)
        self.assertError(send("POST", "/Users", self.employee, token=self.token), 409, "uniqueness")
        sql("SELECT scim.complete_offboarding('%s')" % self.user["id"], 7)
        self.assertError(send("GET", self.path, token=self.token), 404)
        self.assertEqual(self.find('userName eq "%s"' % self.employee["userName"])["totalResults"], 0)
        self.create(self.employee)


class Referenced(ServiceTest):
    """A table of an application refers to a group by its id."""

    def test_delete(self):
        group = self.create({"schemas": [GROUP], "displayName": new_name()}, "/Groups")
        sql("CREATE TABLE public.http_room (team uuid REFERENCES directory.groups (id));"
            "INSERT INTO public.http_room VALUES ('%s')" % group["id"])
        self.addCleanup(sql, "DROP TABLE public.http_room")
        path = "/Groups/" + group["id"]
        error = self.assertError(send("DELETE", path, token=self.token), 409)
        self.assertIn('"public.http_room"', error["detail"])
        answer = self.call("POST", "/Bulk", {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
                                             "Operations": [{"method": "DELETE", "path": path}]}).json
        self.assertEqual(answer["Operations"][0]["status"], "409")
        self.assertEqual(self.call("GET", path).json["displayName"], group["displayName"])
        sql("DELETE FROM public.http_room")
        self.call("DELETE", path, status=204)

    def test_by_the_view(self):
        name = new_name()
        sql("INSERT INTO directory.people (user_name, title) VALUES ('%s', 'Guide')" % name)
        user = self.find('userName eq "%s"' % name)["Resources"][0]
        self.assertEqual(user["title"], "Guide")
        self.call("PATCH", "/Users/" + user["id"], patch({"op": "replace", "path": "title", "value": "Chief"}))
        self.assertEqual(sql("SELECT title FROM directory.people WHERE id = '%s'" % user["id"]), "Chief")
        self.call("DELETE", "/Users/" + user["id"], status=204)
        self.assertEqual(sql("SELECT count(*) FROM directory.people WHERE id = '%s'" % user["id"]), "0")


class Audit(ServiceTest):
    def test_who_and_what(self):
        user = self.create(new_user(title="before"))
        self.call("PATCH", "/Users/" + user["id"], patch({"op": "replace", "path": "title", "value": "after"}))
        self.call("DELETE", "/Users/" + user["id"], status=204)
        rows = sql("SELECT string_agg(coalesce(before ->> 'title', '-'), ' ' ORDER BY id) FROM directory.audit "
                   "WHERE resource_id = '%s'" % user["id"])
        self.assertEqual(rows, "- before after")
        self.assertRegex(sql("SELECT DISTINCT actor FROM directory.audit WHERE resource_id = '%s'" % user["id"]),
                         "^token: tests of tenant 1 [0-9a-f]{32}$")


if __name__ == "__main__":
    unittest.main()
