"""What belongs to a token, and what may not all be taken away at once, through the gateway and
by many clients at the same time: policies "managed" and "guard"."""
import concurrent.futures
import json
import unittest

from service import BULK_REQUEST, GROUP, make_jwt, make_tenant, make_token, new_name, new_user, patch, quote, send, sql

TENANT = 41
ROLE = 'roles[value eq "keeper"]'


def set_policy(kind, name, resource_type, settings):
    sql("INSERT INTO directory.policy (tenant_id, resource_type, kind, name, settings) VALUES (%d, '%s', '%s', '%s', '%s')"
        % (TENANT, resource_type, kind, name, json.dumps(settings)), TENANT)


class GuardTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        make_tenant(TENANT)
        cls.token = make_token("client", TENANT)

    def tearDown(self):
        sql("DELETE FROM directory.policy WHERE tenant_id = %d AND kind IN ('guard', 'managed')" % TENANT, TENANT)

    def ask(self, method, path, body=None, status=200, token=None):
        answer = send(method, path, body, token=token or self.token)
        self.assertEqual(answer.status, status, answer.text)
        return answer

    def create(self, path="/Users", **attributes):
        document = new_user(**attributes) if path == "/Users" else dict(schemas=[GROUP], displayName=new_name(), **attributes)
        return self.ask("POST", path, document, 201).json["id"]

    def together(self, function, arguments):
        with concurrent.futures.ThreadPoolExecutor(len(arguments)) as pool:
            return list(pool.map(function, arguments))

    def events(self, operation):
        return int(sql("SELECT count(*) FROM directory.event WHERE tenant_id = %d AND operation = '%s'" % (TENANT, operation), TENANT))


class Managed(GuardTest):
    def setUp(self):
        self.owner = make_token("HR", TENANT)
        description = sql("SELECT description FROM directory.token WHERE tenant_id = %d AND description LIKE 'HR %%' ORDER BY id DESC LIMIT 1" % TENANT, TENANT)
        set_policy("managed", "hr", "User", {"owner": description, "attributes": ["title"], "operations": ["delete"]})
        self.description = description
        self.user = self.ask("POST", "/Users", new_user(title="Boss"), 201, self.owner).json["id"]

    def test_others_are_refused(self):
        change = patch({"op": "replace", "path": "title", "value": "King"})
        answer = self.ask("PATCH", "/Users/" + self.user, change, 403)
        # who he is clients are not told
        self.assertIn("managed by somebody else", answer.json["detail"])
        self.ask("DELETE", "/Users/" + self.user, status=403)
        self.ask("POST", "/Users", new_user(title="x"), 403)
        answer = self.ask("POST", "/Bulk", {"schemas": [BULK_REQUEST], "Operations": [
            {"method": "PATCH", "path": "/Users/" + self.user, "data": change},
            {"method": "DELETE", "path": "/Users/" + self.user}]})
        self.assertEqual([each["status"] for each in answer.json["Operations"]], ["403", "403"])
        self.assertEqual(self.ask("GET", "/Users/" + self.user).json["title"], "Boss")

    def test_what_is_shown_comes_back(self):
        document = self.ask("GET", "/Users/" + self.user).json
        document["nickName"] = "B"
        self.assertEqual(self.ask("PUT", "/Users/" + self.user, document).json["nickName"], "B")
        del document["title"]
        self.assertEqual(self.ask("PUT", "/Users/" + self.user, document).json["title"], "Boss")

    def test_the_owner_may(self):
        self.ask("PATCH", "/Users/" + self.user, patch({"op": "replace", "path": "title", "value": "King"}), token=self.owner)
        self.ask("DELETE", "/Users/" + self.user, status=204, token=self.owner)

    def test_a_subject_may(self):
        sql("DELETE FROM directory.policy WHERE tenant_id = %d AND kind = 'managed'" % TENANT, TENANT)
        set_policy("managed", "whole", "User", {"owner": ["subject: hr", self.description]})
        change = patch({"op": "replace", "path": "nickName", "value": "King"})
        self.ask("PATCH", "/Users/" + self.user, change, 403, make_jwt(tenant=TENANT, sub="it"))
        self.ask("PATCH", "/Users/" + self.user, change, 403, make_jwt(tenant=TENANT, sub=self.description))
        self.ask("PATCH", "/Users/" + self.user, change, 200, make_jwt(tenant=TENANT, sub="hr"))


class Guard(GuardTest):
    def test_sixteen_at_a_time(self):
        users = [self.create() for _ in range(16)]
        set_policy("guard", "slowly", "User", {"on": ["delete", "suspend"], "limit": 10, "seconds": 600})
        tripped = self.events("trip guard")

        def leave(number):
            if number % 2:
                return send("DELETE", "/Users/" + users[number], token=self.token)
            return send("PATCH", "/Users/" + users[number], patch({"op": "replace", "path": "active", "value": False}), token=self.token)

        answers = self.together(leave, range(16))
        refused = [answer for answer in answers if answer.status == 503]
        self.assertEqual(len([answer for answer in answers if answer.status in (200, 204)]), 10)
        self.assertEqual(len(refused), 6)
        for answer in refused:
            self.assertEqual(answer.headers["Retry-After"], "300")
            self.assertEqual(answer.json["status"], "503")
            self.assertIn("a guard of User has tripped", answer.json["detail"])
            self.assertNotIn("slowly", str(answer.json))
        self.assertEqual(sql("SELECT state, used FROM scim.guards() WHERE name = 'slowly'", TENANT), "tripped|10")
        self.assertEqual(self.events("trip guard"), tripped + 1)
        # all else goes on, until somebody has looked
        user = self.create()
        self.ask("PATCH", "/Users/" + user, patch({"op": "add", "path": "title", "value": "x"}))
        self.ask("DELETE", "/Users/" + user, status=503)
        self.assertEqual(sql("SELECT scim.release_guard('slowly')", TENANT), "1")
        self.ask("DELETE", "/Users/" + user, status=204)

    def test_one_request_too_many(self):
        users = [self.create() for _ in range(6)]
        group = self.create("/Groups", members=[{"value": user} for user in users])
        set_policy("guard", "leavers", "Group", {"on": ["remove member"], "limit": 5, "seconds": 600})
        tripped = self.events("trip guard")
        self.ask("PATCH", "/Groups/" + group, patch({"op": "remove", "path": "members"}), 503)
        self.assertEqual(len(self.ask("GET", "/Groups/" + group).json["members"]), 6)
        self.assertEqual(sql("SELECT state, used FROM scim.guards() WHERE name = 'leavers'", TENANT), "tripped|0")
        self.assertEqual(self.events("trip guard"), tripped + 1)
        self.ask("PATCH", "/Groups/" + group, patch({"op": "remove", "path": 'members[value eq "%s"]' % users[0]}), 503)
        self.assertEqual(self.events("trip guard"), tripped + 1)

    def test_each_token_by_itself(self):
        users = [self.create() for _ in range(4)]
        other = make_token("other", TENANT)
        set_policy("guard", "each", "User", {"on": ["delete"], "limit": 1, "seconds": 600, "per": "token"})
        self.ask("DELETE", "/Users/" + users[0], status=204)
        self.ask("DELETE", "/Users/" + users[1], status=503)
        self.ask("DELETE", "/Users/" + users[1], status=204, token=other)
        self.ask("DELETE", "/Users/" + users[2], status=503, token=other)

    def test_the_last_one_stays(self):
        users = [self.create(roles=[{"value": "keeper"}]) for _ in range(12)]
        set_policy("guard", "keepers", "User", {"holders": ROLE})

        def leave(number):
            place = "/Users/" + users[number]
            if number % 3 == 0:
                return send("DELETE", place, token=self.token).status
            if number % 3 == 1:
                return send("PATCH", place, patch({"op": "replace", "path": "active", "value": False}), token=self.token).status
            return send("PATCH", place, patch({"op": "remove", "path": "roles"}), token=self.token).status

        answers = self.together(leave, range(12))
        self.assertEqual(answers.count(409), 1, answers)
        found = self.ask("GET", "/Users?filter=" + quote(ROLE + " and not (active eq false)")).json
        self.assertEqual(found["totalResults"], 1)


if __name__ == "__main__":
    unittest.main()
