"""One application of doc/examples behind pgbouncer in transaction mode, with one connection of
the server for all: two tenants at the same time never see each other.

    test_pooled.py COMMAND...
"""
import sys
import threading
import unittest
import uuid

from harness import USER, Application, PgBouncer, make_token, restart, sql

COMMAND = sys.argv[1:]


class Pooled(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pooler = PgBouncer()
        cls.application = Application(COMMAND, **cls.pooler.environment)
        cls.tenants = [1, int(sql("SELECT scim.create_tenant('%s')" % uuid.uuid4().hex))]

    @classmethod
    def tearDownClass(cls):
        cls.application.stop()
        cls.pooler.stop()

    def test_tenants_at_the_same_time(self):
        wrong, made = [], {tenant: 0 for tenant in self.tenants}
        mark = uuid.uuid4().hex

        def client(tenant, token):
            for number in range(15):
                name = "%s-%d-%s" % (mark, tenant, uuid.uuid4().hex)
                created = self.application.send("POST", "/Users", {"schemas": [USER], "userName": name}, token=token)
                if created.status != 201:
                    wrong.append(created.body)
                    continue
                made[tenant] += 1
                found = self.application.send("GET", "/Users?count=200&filter=userName+sw+%22" + mark + "%22", token=token)
                wrong.extend(r["userName"] for r in found.json["Resources"]
                             if not r["userName"].startswith("%s-%d-" % (mark, tenant)))
                # who is not known meanwhile is nobody, whoever the connection served before
                stranger = self.application.send("GET", "/Users", token="wrong")
                if stranger.status != 401:
                    wrong.append(stranger.body)

        threads = [threading.Thread(target=client, args=(tenant, token))
                   for tenant in self.tenants for token in [make_token(tenant)] * 4]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])
        self.assertEqual(made, {tenant: 60 for tenant in self.tenants})
        self.assertEqual(sql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'portal'"), "1")
        # the audit says for each who did it, and in which tenant
        self.assertEqual(sql(
            "SELECT count(*), count(*) FILTER (WHERE t.tenant_id = u.tenant_id AND a.tenant_id = u.tenant_id AND "
            "split_part(u.user_name, '-', 2) = u.tenant_id::text AND a.actor = 'token: ' || t.description) "
            "FROM directory.users u JOIN directory.audit a ON a.tenant_id = u.tenant_id AND a.resource_id = u.id "
            "LEFT JOIN directory.token t ON t.id = a.token_id WHERE u.user_name LIKE '%s%%'" % mark), "120|120")

    def test_restart(self):
        token = make_token()
        restart("fast")
        for _ in range(300):
            answer = self.application.send("GET", "/Users?count=0", token=token)
            if answer.status == 200:
                break
            self.assertEqual(answer.status, 503)
            self.assertTrue(answer.headers["Retry-After"])
        self.assertEqual(answer.status, 200)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
