"""HTTP around the operations: media types, methods, targets, bodies, errors."""
import contextlib
import gzip
import json
import re
import socket
import unittest

from service import (ERROR, LIST_RESPONSE, SCIM_JSON, SEARCH_REQUEST, URL, USER, ServiceTest, new_name,
                     new_user, patch, quote, send, sql)


class MediaTypes(ServiceTest):
    def test_answer_is_scim_json(self):
        for accept in (None, "*/*", SCIM_JSON, "application/scim+json; charset=utf-8", "APPLICATION/SCIM+JSON",
                       "application/json, application/scim+json"):
            with self.subTest(accept):
                headers = [("Accept", accept)] if accept else []
                answer = self.call("GET", "/Users?count=1", headers=headers)
                self.assertEqual(answer.headers["Content-Type"], SCIM_JSON)
                self.assertEqual(answer.json["schemas"], [LIST_RESPONSE])

    def test_answer_is_json_where_only_that_will_do(self):
        answer = self.call("GET", "/Users?count=1", headers=[("Accept", "application/json")])
        self.assertEqual(answer.headers["Content-Type"], "application/json")

    def test_request_types(self):
        for content_type in (SCIM_JSON, "application/json", "application/scim+json; charset=utf-8",
                             "Application/JSON;charset=UTF-8"):
            with self.subTest(content_type):
                self.call("POST", "/Users", new_user(), [("Content-Type", content_type)], status=201)

    def test_missing_request_type(self):
        self.call("POST", "/Users", json.dumps(new_user()).encode(), [("Content-Type", "")], status=201)

    def test_compressed(self):
        body = gzip.compress(json.dumps(new_user()).encode())
        for coding in ("gzip", "br", "identity, gzip", "GZIP"):
            with self.subTest(coding):
                answer = send("POST", "/Users", body, [("Content-Encoding", coding)], self.token)
                self.assertError(answer, 415)
                self.assertEqual(answer.headers["Accept-Encoding"], "identity")
        self.call("POST", "/Users", new_user(), [("Content-Encoding", "identity")], status=201)
        self.call("PUT", "/Users/1", new_user(), [("Content-Range", "bytes 0-9/20")], status=400)
        self.call("GET", "/Users?count=0", headers=[("Content-Encoding", "gzip")])

    def test_other_charsets(self):
        body = json.dumps(new_user(title="é"), ensure_ascii=False).encode("iso-8859-1")
        answer = send("POST", "/Users", body, [("Content-Type", "application/json; charset=iso-8859-1")], self.token)
        self.assertError(answer, 415)

    def test_other_request_types(self):
        for content_type in ("text/plain", "application/xml", "application/x-www-form-urlencoded"):
            with self.subTest(content_type):
                answer = send("POST", "/Users", new_user(), [("Content-Type", content_type)], self.token)
                self.assertError(answer, 415)
                self.assertEqual(answer.headers["Accept"], SCIM_JSON + ", application/json")


class Methods(ServiceTest):
    def test_head(self):
        user = self.create()
        for path in ("/Users/" + user["id"], "/Users?count=1", "/ServiceProviderConfig"):
            with self.subTest(path):
                got, head = self.call("GET", path), self.call("HEAD", path)
                self.assertEqual(head.body, b"")
                for name in ("Content-Length", "Content-Type", "ETag", "Location"):
                    self.assertEqual(head.headers[name], got.headers[name])
                self.assertEqual(head.headers["Content-Length"], str(len(got.body)))

    def test_head_of_nothing(self):
        answer = send("HEAD", "/Users/nobody", token=self.token)
        self.assertEqual((answer.status, answer.body), (404, b""))
        self.assertEqual(answer.headers["Content-Type"], SCIM_JSON)

    def test_method_not_allowed(self):
        user = self.create()
        for method, path in (("PUT", "/Users"), ("PATCH", "/Users"), ("DELETE", "/Users"),
                             ("POST", "/Users/" + user["id"]), ("POST", "/ServiceProviderConfig"),
                             ("PUT", "/Schemas"), ("DELETE", "/ResourceTypes/User"), ("GET", "/.search")):
            with self.subTest(method + " " + path):
                answer = send(method, path, {}, token=self.token)
                self.assertError(answer, 405)
                self.assertTrue(answer.headers["Allow"])
                self.assertNotIn(method, re.split(", *", answer.headers["Allow"]))

    def test_methods_that_there_are_none_of(self):
        # nginx answers TRACE and CONNECT itself
        for path in ("/Users", "/Users/1", "/Users/.search", "/Bulk", "/Schemas", "/Schemas/" + USER, "/", "",
                     "/ServiceProviderConfig?x=1", "/Groups/1/members", "/openapi.json", "/jwks.json",
                     "/.preview", "/.events/somebody", "/ResourceTypes", "/ResourceTypes/User"):
            allow = send("OPTIONS", path, token=self.token).headers["Allow"]
            self.assertIn("OPTIONS", allow)
            for method in ("TRACE", "CONNECT", "FOO"):
                with self.subTest(method + " " + path):
                    answer = send(method, path, token=self.token)
                    self.assertError(answer, 405)
                    self.assertEqual(answer.headers["Allow"], allow)

    def test_options_is_not_postgrest(self):
        answer = send("OPTIONS", "/Users", token=self.token, headers=[("Origin", "https://evil.example"),
                      ("Access-Control-Request-Method", "DELETE")])
        self.assertIsNone(answer.headers["Access-Control-Allow-Origin"])

    def test_delete_has_no_body(self):
        answer = self.call("DELETE", "/Users/" + self.create()["id"], status=204)
        self.assertEqual(answer.body, b"")
        self.assertIsNone(answer.headers["Content-Type"])


class Targets(ServiceTest):
    def test_trailing_slash_and_empty_query(self):
        user = self.create()
        for path in ("/Users/", "/Users?", "/Users/?", "/Users?&", "/Users/%s/" % user["id"],
                     "/Users/%s?" % user["id"]):
            with self.subTest(path):
                self.call("GET", path)
        self.call("PUT", "/Users/%s?" % user["id"], new_user(user["userName"]))

    def test_percent_encoded_id(self):
        user = self.create()
        encoded = "".join("%%%02x" % ord(letter) for letter in user["id"])
        self.assertEqual(self.call("GET", "/Users/" + encoded).json, user)

    def test_percent_encoded_urn(self):
        self.assertEqual(self.call("GET", "/Schemas/" + quote(USER)).json["id"], USER)

    def test_spaces_in_a_filter(self):
        name = new_name()
        self.create(new_user(name))
        for query in ('userName+eq+"%s"', "userName%%20eq%%20%%22%s%%22", "userName+eq+%%22%s%%22&",
                      "++userName++eq++%%22%s%%22", "USERNAME+EQ+%%22%s%%22"):
            with self.subTest(query):
                answer = self.call("GET", "/Users?filter=" + query % name)
                self.assertEqual(answer.json["totalResults"], 1)

    def test_encoded_plus_is_a_plus(self):
        name = "a+b." + new_name()
        self.create(new_user(name))
        for space, encoded, found in (("+", "a%2Bb.", 1), ("+", "a+b.", 0), ("%20", "a%2Bb.", 1), ("%20", "a+b.", 1)):
            answer = self.call("GET", "/Users?filter=" + ('userName eq %22' + name + "%22").replace(
                " ", space).replace("a+b.", encoded))
            self.assertEqual(answer.json["totalResults"], found)

    def test_bad_percent_encoding(self):
        for path in ("/Users?filter=%zz", "/Users?filter=%ff", "/Users?filter=userName%20eq%20%22%00%22"):
            with self.subTest(path):
                self.assertError(send("GET", path, token=self.token), 400)

    def test_unknown_endpoints(self):
        for path in ("/Nothing", "/f1d1bdd4-2b1c-4d5e-9d7b-000000000000", "/Users/x/y/z"):
            with self.subTest(path):
                self.assertError(send("GET", path, token=self.token), 404)
        for base in ("/", "/scim", "/scim/v2x/Users", "/rpc/scim_read", "/.scim_error"):
            with self.subTest(base):
                self.assertError(send("GET", "", token=self.token, base=base), 404)

    def test_dot_segments(self):
        # nginx and scim must not understand two paths
        for path in ("/Users/../Groups", "/Users/%2e%2e/Groups", "/Groups/./", "/Users/1/.."):
            with self.subTest(path):
                self.assertError(send("GET", path, token=self.token), 400, "invalidSyntax")
        self.assertIn(send("GET", "/scim/v2/Users", token=self.token, base="/x/..").status, (400, 404))

    def test_unknown_parameters_are_ignored(self):
        self.call("GET", "/Users?aadOptscim062020&count=1&select=x&id=eq.1")

    def test_too_long(self):
        answer = send("GET", "/Users?filter=" + "x" * 50000, token=self.token)
        self.assertError(answer, 414)

    def test_long_filter_arrives(self):
        self.assertError(send("GET", "/Users?filter=" + "x" * 20000, token=self.token), 400, "invalidFilter")

    def test_location_is_not_the_hosts(self):
        answer = self.call("POST", "/Users", new_user(), [("Host", "evil.example")], status=201)
        self.assertTrue(answer.headers["Location"].startswith(URL.geturl() + "/Users/"))
        self.assertEqual(answer.headers["Location"], answer.json["meta"]["location"])
        path = answer.headers["Location"][len(URL.geturl()):]
        self.call("GET", path)


class Search(ServiceTest):
    def test_post_search(self):
        name = new_name()
        self.create(new_user(name))
        request = {"schemas": [SEARCH_REQUEST], "filter": 'userName eq "%s"' % name,
                   "attributes": ["userName"], "startIndex": 1, "count": 10}
        for path in ("/Users/.search", "/.search"):
            with self.subTest(path):
                answer = self.call("POST", path, request).json
                self.assertEqual(answer["totalResults"], 1)
                self.assertEqual(answer["Resources"][0]["userName"], name)

    def test_it_is_read_only(self):
        # by the database, whatever the function would do
        self.assertEqual(sql("SELECT provolatile FROM pg_proc WHERE proname = 'scim_read'"), "s")

    def test_bad_filters(self):
        for filter in ("userName", "userName eq", 'userName xx "a"', 'userName eq "a" or', "(userName pr",
                       'nothing eq "a"', 'userName eq "a" junk'):
            with self.subTest(filter):
                answer = send("GET", "/Users?filter=" + quote(filter), token=self.token)
                self.assertError(answer, 400, "invalidFilter")


class Bodies(ServiceTest):
    def setUp(self):
        self.before = sql("SELECT count(*), max(last_modified) FROM directory.resource")

    def tearDown(self):
        self.assertEqual(sql("SELECT count(*), max(last_modified) FROM directory.resource"), self.before,
                         "a refused request has left something behind")

    def refused(self, body, status=400, scim_type=None, headers=()):
        return self.assertError(send("POST", "/Users", body, headers, self.token), status, scim_type)

    def test_not_json(self):
        for body in (b"", b"{", b"nonsense", b'{"userName":"a",}', b'{"userName":"a"} trailing', b"\x00"):
            with self.subTest(body):
                self.refused(body, scim_type="invalidSyntax")

    def test_json_but_no_object(self):
        for body in (b"null", b"[]", b'"text"', b"1", b"true"):
            with self.subTest(body):
                self.refused(body)

    def test_not_utf8(self):
        self.refused(b'{"schemas":["%s"],"userName":"\xff\xfe"}' % USER.encode(), scim_type="invalidSyntax")
        self.refused(b'{"userName":"\xc3"}', scim_type="invalidSyntax")

    def test_nul(self):
        self.refused(b'{"userName":"a\x00b"}', scim_type="invalidSyntax")
        self.refused(b'{"schemas":["%s"],"userName":"a\\u0000b"}' % USER.encode())

    def test_deep(self):
        for depth in (1000, 100000):
            with self.subTest(depth):
                self.refused(b'{"userName":"a","x":' + b"[" * depth + b"]" * depth + b"}")

    def test_too_large(self):
        body = b'{"userName":"%s"}' % (b"x" * (11 * 1024 * 1024))
        self.refused(body, 413)

    def test_too_large_in_chunks(self):
        chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
        self.refused(chunk * 170 + b"0\r\n\r\n", 413, headers=[("Transfer-Encoding", "chunked")])

    def test_required_attribute(self):
        self.refused({"schemas": [USER]}, scim_type="invalidValue")
        self.refused({"not": "a scim resource"})

    def test_long_error_detail(self):
        # the error travels in a header: a detail that quotes the input is cut, not lost
        error = self.refused({"schemas": [USER], "userName": new_name(), "active": "é" * 50000})
        self.assertLess(len(error["detail"]), 5000)


class Chunked(ServiceTest):
    def test_create(self):
        body = json.dumps(new_user()).encode()
        chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
        self.call("POST", "/Users", chunks, [("Transfer-Encoding", "chunked")], status=201)


class Malformed(ServiceTest):
    def raw(self, data):
        with socket.create_connection((URL.hostname, URL.port), timeout=20) as connection:
            connection.sendall(data)
            received = b""
            # who closes before he has read all of it resets the connection, after his answer
            with contextlib.suppress(ConnectionResetError):
                while part := connection.recv(65536):
                    received += part
        return received

    def test_garbage(self):
        for data in (b"GET /scim/v2/Users HTTP/1.1\r\n\r\n", b"G\x01T / HTTP/1.1\r\n\r\n",
                     b"GET /scim/v2/Users HTTP/1.1\r\nHost: a\r\nBad header\x00: x\r\n\r\n"):
            with self.subTest(data):
                head, _, body = self.raw(data).partition(b"\r\n\r\n")
                self.assertIn(b" 400 ", head.splitlines()[0])
                self.assertIn(b"application/scim+json", head)
                self.assertEqual(json.loads(body)["schemas"], [ERROR])

    def test_http_1_0(self):
        received = self.raw(b"GET /scim/v2/ServiceProviderConfig HTTP/1.0\r\n\r\n")
        self.assertIn(b" 200 ", received.splitlines()[0])

    def test_large_header(self):
        answer = send("GET", "/Users", token=self.token, headers=[("X-Large", "x" * 50000)])
        self.assertError(answer, 431)

    def test_large_headers_together(self):
        # each of them passes, and is passed on, and all are more than PostgREST takes
        names = ("Accept", "Prefer", "If-Match", "If-None-Match", "Content-Type")
        for size in range(2000, 30000, 1000):
            answer = send("GET", "/Users?count=0&x=" + "x" * size, token=self.token,
                          headers=[(name, ('"%s"' if name.startswith("If-") else "*/*;x=%s") % ("x" * size)) for name in names])
            self.assertIn(answer.status, (412, 414, 431), size)
            self.assertError(answer, answer.status)
        self.assertEqual(answer.status, 431)

    def test_transfer_coding(self):
        answer = send("POST", "/Users", b"0\r\n\r\n", [("Transfer-Encoding", "gzip, chunked")], self.token)
        self.assertError(answer, 501)

    def test_repeated_headers(self):
        for name, values in (("If-Match", ("*", 'W/"0"')), ("If-None-Match", ('W/"0"', "*")), ("Host", ("a", "b")),
                             ("Authorization", ("Bearer x", "Bearer " + self.token))):
            with self.subTest(name):
                answer = send("GET", "/Users?count=0", headers=[(name, value) for value in values],
                              token=None if name == "Authorization" else self.token)
                self.assertError(answer, 400)

    def test_tab(self):
        self.call("GET", "/Users?count=0", headers=[("Accept", "application/json,\tapplication/scim+json")])

    def test_header_that_is_not_ascii(self):
        # a dropped If-Match would make the write unconditional
        user = self.create()
        answer = send("PATCH", "/Users/" + user["id"], patch({"op": "add", "path": "title", "value": "x"}),
                      [("If-Match", b'W/"\xe9"')], self.token)
        self.assertError(answer, 400)
        self.assertIn("If-Match", answer.json["detail"])
        self.assertNotIn("title", self.call("GET", "/Users/" + user["id"]).json)


if __name__ == "__main__":
    unittest.main()
