"""Bulk requests, pages by cursor, members in pages and /Me, as they travel through the gateway."""
import uuid

from service import BULK_REQUEST, BULK_RESPONSE, LIST_RESPONSE, SEARCH_REQUEST, ServiceTest, make_jwt, new_name, new_user, patch, quote, send

ATOMIC = "urn:scim:params:bulk:atomic"


def bulk(*operations, **members):
    return {"schemas": [BULK_REQUEST], "Operations": list(operations), **members}


def post(path, bulk_id, data):
    return {"method": "POST", "path": path, "bulkId": bulk_id, "data": data}


class Bulk(ServiceTest):
    def perform(self, *operations, **members):
        response = self.call("POST", "/Bulk", bulk(*operations, **members)).json
        self.assertEqual(response["schemas"], [BULK_RESPONSE])
        return response["Operations"]

    def test_circle_of_references(self):
        user, group = self.perform(
            post("/Users", "u", new_user(**{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":
                                            {"manager": {"value": "bulkId:u"}}})),
            post("/Groups", "g", {"displayName": "Bulk", "members": [{"value": "bulkId:u"}, {"value": "bulkId:g"}]}))
        self.assertEqual([user["status"], group["status"]], ["201", "201"])
        self.assertEqual([user["bulkId"], group["bulkId"]], ["u", "g"])
        path = "/Groups/" + group["location"].rsplit("/", 1)[1]
        answer = self.call("GET", path)
        self.assertEqual(answer.json["meta"]["location"], group["location"])
        # which shows its members, and so has a digest of them behind the version
        self.assertEqual(answer.headers["ETag"].split(".")[0] + '"', group["version"])
        self.call("PATCH", path, patch({"op": "add", "path": "externalId", "value": "x"}),
                  [("If-Match", group["version"])])
        self.assertEqual({member["$ref"] for member in answer.json["members"]},
                         {user["location"], group["location"]})

    def test_each_operation_for_itself(self):
        name = new_name()
        results = self.perform(post("/Users", "1", new_user(name)), post("/Users", "2", new_user(name)),
                               {"method": "PATCH", "path": "/Users/bulkId:1", "version": 'W/"1"',
                                "data": {"Operations": [{"op": "add", "path": "title", "value": "T"}]}},
                               {"method": "DELETE", "path": "/Users/" + str(uuid.uuid4())})
        self.assertEqual([result["status"] for result in results], ["201", "409", "200", "404"])
        self.assertEqual(results[1]["response"]["scimType"], "uniqueness")
        self.assertNotIn("location", results[1])
        self.assertEqual(self.find('userName eq "%s"' % name)["Resources"][0]["title"], "T")

    def test_fail_on_errors(self):
        missing = {"method": "DELETE", "path": "/Users/" + str(uuid.uuid4())}
        self.assertEqual(len(self.perform(missing, missing, missing, failOnErrors=2)), 2)

    def test_all_or_nothing(self):
        name = new_name()
        request = bulk(post("/Users", "1", new_user(name)), post("/Users", "2", new_user(name)))
        request["schemas"].append(ATOMIC)
        error = self.assertError(send("POST", "/Bulk", request, token=self.token), 409, "uniqueness")
        self.assertIn("operation 2", error["detail"])
        self.assertEqual(self.find('userName eq "%s"' % name)["totalResults"], 0)

    def test_limits(self):
        limits = self.call("GET", "/ServiceProviderConfig").json["bulk"]
        self.assertTrue(limits["supported"])
        many = bulk(*[{}] * (limits["maxOperations"] + 1))
        error = self.assertError(send("POST", "/Bulk", many, token=self.token), 413)
        self.assertIn("maxOperations", error["detail"])
        error = self.assertError(send("POST", "/Bulk", b" " * (limits["maxPayloadSize"] + 1), token=self.token), 413)
        self.assertIn(str(limits["maxPayloadSize"]), error["detail"])

    def test_a_thousand_operations(self):
        mark = uuid.uuid4().hex[:8]
        results = self.perform(*[post("/Users", str(i), new_user("%s-%d@example.com" % (mark, i))) for i in range(1000)])
        self.assertEqual({result["status"] for result in results}, {"201"})
        self.assertEqual(self.find('userName sw "%s-"' % mark)["totalResults"], 1000)


class Pages(ServiceTest):
    tenant = 61

    def test_walk(self):
        mark = uuid.uuid4().hex[:8]
        created = [self.create(new_user("%s-%d@example.com" % (mark, i)))["id"] for i in range(7)]
        filter = quote('userName sw "%s-"' % mark)
        for sort in ("", "&sortBy=userName", "&sortBy=userName&sortOrder=descending"):
            with self.subTest(sort):
                met, cursor = [], "cursor"
                while cursor:
                    page = self.call("GET", "/Users?count=3&filter=%s%s&%s" % (filter, sort, cursor)).json
                    self.assertEqual(page["schemas"], [LIST_RESPONSE])
                    self.assertNotIn("startIndex", page)
                    self.assertEqual(page["itemsPerPage"], len(page["Resources"]))
                    met += [user["id"] for user in page["Resources"]]
                    cursor = "nextCursor" in page and "cursor=" + page["nextCursor"]
                self.assertEqual(sorted(met), sorted(created))

    def test_errors(self):
        self.create(), self.create()
        cursor = self.call("GET", "/Users?cursor&count=1").json["nextCursor"]
        search = {"schemas": [SEARCH_REQUEST], "count": 1, "cursor": cursor}
        self.assertEqual(self.call("POST", "/Users/.search", search).json["itemsPerPage"], 1)
        for query, scim_type in (("cursor=forged", "invalidCursor"), ("count=2&cursor=" + cursor, "invalidCount"),
                                 ("count=100000&cursor", "invalidCount"), ("startIndex=1&cursor", "invalidValue"),
                                 ("count=1&filter=%s&cursor=%s" % (quote("userName pr"), cursor), "invalidCursor")):
            with self.subTest(query):
                self.assertError(send("GET", "/Users?" + query, token=self.token), 400, scim_type)

    def test_members(self):
        users = [self.create()["id"] for _ in range(5)]
        group = self.create({"displayName": "Paged", "members": [{"value": user} for user in users]}, "/Groups")
        first = self.call("GET", "/Groups/%s/members?count=3&cursor" % group["id"]).json
        second = self.call("GET", "/Groups/%s/members?count=3&cursor=%s" % (group["id"], first["nextCursor"])).json
        self.assertEqual((first["totalResults"], second["totalResults"]), (5, 5))
        self.assertNotIn("nextCursor", second)
        self.assertEqual([member["value"] for member in first["Resources"] + second["Resources"]], sorted(users))


class Me(ServiceTest):
    def test_claim(self):
        user = self.create()
        mine = make_jwt(scim_id=user["id"])
        answer = send("GET", "/Me", token=mine)
        self.assertEqual((answer.status, answer.json["id"]), (200, user["id"]))
        self.assertEqual(answer.headers["Location"], user["meta"]["location"])
        self.assertError(send("GET", "/Me", token=make_jwt(scim_id=str(uuid.uuid4()))), 404)

    def test_nobody(self):
        self.assertError(send("GET", "/Me", token=self.token), 501)
        self.assertError(send("GET", "/Me", token=make_jwt()), 501)
