"""What doc/pooling.md says of pgbouncer in transaction mode: two clients of two tenants, one
connection of the server, transactions by turns."""
import json
import time
import unittest
import uuid

import psycopg

from harness import ROLE, PgBouncer, make_token, sql

PROVEN = ("SELECT scim.tenant('directory'::regnamespace), scim.actor(), current_setting('scim.store', true), "
          "current_setting('scim.proved_tenant', true), current_setting('scim.request_id', true), current_user")


class Pooling(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.second = int(sql("SELECT scim.create_tenant('%s')" % uuid.uuid4().hex))
        cls.tokens = {tenant: make_token(tenant) for tenant in (1, cls.second)}
        cls.actors = {tenant: "token: " + sql("SELECT description FROM directory.token WHERE tenant_id = %d "
                                              "ORDER BY created DESC LIMIT 1" % tenant) for tenant in cls.tokens}
        cls.other = "s" + uuid.uuid4().hex[:8]
        sql("SELECT scim.create_store('%s')" % cls.other)

    @classmethod
    def tearDownClass(cls):
        sql("SELECT scim.drop_store('%s', true)" % cls.other)

    def setUp(self):
        self.pooler = PgBouncer()
        self.addCleanup(self.pooler.stop)

    def client(self, **options):
        directory, port = str(self.pooler.directory), self.pooler.port
        db = psycopg.connect(host=directory, port=port, dbname="pooled", user=ROLE, **{
            "prepare_threshold": None, "autocommit": True, **options})
        self.addCleanup(db.close)
        return db

    def authenticate(self, db, tenant):
        proved, = db.execute("SELECT scim.authenticate(%s)", ("Bearer " + self.tokens[tenant],)).fetchone()
        self.assertEqual(proved, tenant)

    def test_two_tenants_by_turns(self):
        clients = [(tenant, self.client()) for tenant in self.tokens]
        backends, nobody = set(), None
        for turn in range(20):
            for tenant, db in clients:
                # before anything is proved there is nobody, whoever was here before
                with db.transaction():
                    found = db.execute(PROVEN).fetchone()
                    nobody = nobody or found
                    self.assertEqual(found, nobody)
                    self.assertIsNone(found[0])
                    self.assertEqual(db.execute("SELECT count(*) FROM directory.users").fetchone(), (0,))
                name = "%d-%d-%s" % (tenant, turn, uuid.uuid4().hex)
                with db.transaction():
                    self.authenticate(db, tenant)
                    db.execute("SET LOCAL scim.request_id = '%s'" % name)
                    backends.add(db.execute("SELECT pg_backend_pid()").fetchone())
                    self.assertEqual(db.execute(PROVEN).fetchone()[:5], (
                        tenant, self.actors[tenant], nobody[2], str(tenant), name))
                    db.execute("SELECT scim.create_resource('User', %s)", (json.dumps({"userName": name}),))
                    tenants = db.execute("SELECT DISTINCT tenant_id FROM directory.users").fetchall()
                    self.assertEqual(tenants, [(tenant,)])
                    body, = db.execute("SELECT body FROM scim.request('GET', %s)", (
                        "/scim/v2/Users?filter=userName+sw+%22" + name + "%22",)).fetchone()
                    self.assertEqual([r["userName"] for r in json.loads(body)["Resources"]], [name])
                self.assertEqual(sql("SELECT actor, request_id FROM directory.activity WHERE name = '%s'" % name),
                                 "%s|%s" % (self.actors[tenant], name))
        self.assertEqual(len(backends), 1)

    def test_what_failed_leaves_nothing(self):
        second = self.client()
        for end in "ROLLBACK", "SELECT 1 / 0", "SELECT scim.search('Nothing')", "SELECT pg_terminate_backend(pg_backend_pid())":
            first = self.client()
            try:
                with first.transaction():
                    self.authenticate(first, self.second)
                    first.execute("SET LOCAL scim.store = '%s'" % self.other)
                    first.execute(end)
            except psycopg.Error:
                pass
            first.close()
            try:
                found = second.execute(PROVEN).fetchone()
            except psycopg.OperationalError:    # of a connection that had died
                second = self.client()
                found = second.execute(PROVEN).fetchone()
            self.assertIsNone(found[0], end)
            self.assertNotEqual(found[2], self.other, end)

    def test_a_client_that_goes_in_the_middle(self):
        first = self.client()
        first.execute("BEGIN")
        self.authenticate(first, self.second)
        first.execute("SELECT scim.create_resource('User', %s)", (json.dumps({"userName": "half-done"}),))
        first.close()
        second = self.client()
        self.assertIsNone(second.execute(PROVEN).fetchone()[0])
        self.assertEqual(sql("SELECT count(*) FROM directory.users WHERE user_name = 'half-done'"), "0")

    def test_store_of_a_transaction(self):
        sql("GRANT USAGE ON SCHEMA %s TO scim_application" % self.other,
            "GRANT SELECT ON ALL TABLES IN SCHEMA %s TO scim_application" % self.other)
        first, second = self.client(), self.client()
        for _ in range(5):
            with first.transaction():
                first.execute("SET LOCAL scim.store = '%s'" % self.other)
                self.assertEqual(first.execute("SELECT scim.tenant()").fetchone(), (1,))
            with second.transaction():
                self.authenticate(second, self.second)
                self.assertEqual(second.execute("SELECT scim.tenant()").fetchone(), (self.second,))

    def test_proof_ends_with_the_statement_outside_of_a_transaction(self):
        db = self.client()
        self.authenticate(db, 1)
        self.assertIsNone(db.execute(PROVEN).fetchone()[0])

    def test_settings_of_a_session_reach_others(self):
        """What doc/pooling.md warns of: it is pgbouncer that leaks, and so it is with any setting."""
        first, second = self.client(), self.client()
        first.execute("SET scim.store = '%s'" % self.other)
        self.assertEqual(second.execute("SHOW scim.store").fetchone(), (self.other,))
        # who acts is no setting: what is said in that way counts for nobody here
        first.execute("RESET scim.store")
        first.execute("SET scim.tenant = '%d'" % self.second)
        first.execute("SET scim.actor = 'boss'")
        self.assertIsNone(second.execute("SELECT scim.tenant('directory'::regnamespace)").fetchone()[0])
        with second.transaction():
            self.authenticate(second, 1)
            self.assertEqual(second.execute(PROVEN).fetchone()[:2], (1, self.actors[1]))

    def test_reset_after_each_transaction(self):
        self.pooler = PgBouncer(6433, server_reset_query="DISCARD ALL", server_reset_query_always=1)
        self.addCleanup(self.pooler.stop)
        first, second = self.client(), self.client()
        first.execute("SET scim.store = '%s'" % self.other)
        self.assertNotEqual(second.execute("SELECT current_setting('scim.store', true)").fetchone(), (self.other,))
        for tenant in self.tokens:
            with second.transaction():
                self.authenticate(second, tenant)
                name = uuid.uuid4().hex
                second.execute("SELECT scim.create_resource('User', %s)", (json.dumps({"userName": name}),))

    def test_prepared_statements(self):
        """By name they are the connection's.  pgbouncer follows them from 1.21 on, where max_prepared_statements says so."""
        first, second = self.client(prepare_threshold=0), self.client(prepare_threshold=0)
        outcome = "work"
        try:
            for db in first, second, first, second:
                with db.transaction():
                    for tenant in self.tokens:
                        self.authenticate(db, tenant)
                        self.assertEqual(db.execute("SELECT scim.tenant('directory'::regnamespace)").fetchone(), (tenant,))
        except (psycopg.errors.DuplicatePreparedStatement, psycopg.errors.InvalidSqlStatementName):
            outcome = "do not"
        version = self.pooler.version()
        self.assertEqual(outcome, "work" if version >= (1, 21) else "do not", version)

    def test_listen(self):
        """The connection that listens is whoever's it is next; who has sent LISTEN is not told."""
        direct = psycopg.connect(user=ROLE, autocommit=True)
        self.addCleanup(direct.close)
        pooled = self.client()
        for db in direct, pooled:
            db.execute("LISTEN people")
        sql("NOTIFY people")
        time.sleep(1)
        for db, told in (direct, True), (pooled, False):
            db.pgconn.consume_input()
            self.assertEqual(db.pgconn.notifies() is not None, told)

    def test_cursor_pages_need_no_session(self):
        with_pages = self.client(), self.client()
        mark = uuid.uuid4().hex
        for number in range(30):
            sql("SELECT scim.create_resource('User', '{\"userName\": \"%s%d\"}')" % (mark, number))
        cursor, seen, turn = "", [], 0
        while cursor is not None:
            db = with_pages[turn % 2]
            with db.transaction():
                self.authenticate(db, 1)
                page, = db.execute("SELECT scim.search('User', %s, count => 10, cursor => %s)", (
                    'userName sw "%s"' % mark, cursor)).fetchone()
            seen += [r["id"] for r in page["Resources"]]
            cursor, turn = page.get("nextCursor"), turn + 1
        self.assertEqual((turn, len(seen), len(set(seen))), (3, 30, 30))

    def test_roles(self):
        first, second = self.client(), self.client()
        with first.transaction():
            first.execute("SET LOCAL ROLE scim_application")
            self.assertEqual(first.execute("SELECT current_user").fetchone(), ("scim_application",))
        self.assertEqual(second.execute("SELECT current_user").fetchone(), (ROLE,))

    def test_events_by_two_transactions(self):
        consumer = "c" + uuid.uuid4().hex[:8]
        sql("UPDATE directory.policy SET enabled = true WHERE kind = 'events'")
        self.addCleanup(sql, "UPDATE directory.policy SET enabled = false WHERE kind = 'events'")
        sql("SELECT scim.create_consumer('%s')" % consumer)
        sql("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA scim TO %s" % ROLE,
            "GRANT UPDATE (last_error) ON directory.delivery TO %s" % ROLE)
        self.addCleanup(sql, "SELECT scim.drop_consumer('%s')" % consumer)
        sql("SELECT scim.create_resource('User', '{\"userName\": \"%s\"}')" % consumer)
        first, second = self.client(), self.client()
        with first.transaction():
            self.authenticate(first, 1)
            got = first.execute("SELECT id, lease_id FROM scim.next_events(%s)", (consumer,)).fetchall()
        self.assertEqual(len(got), 1)
        with second.transaction():
            self.authenticate(second, 1)
            self.assertEqual(second.execute("SELECT id FROM scim.next_events(%s)", (consumer,)).fetchall(), [])
            done, = second.execute("SELECT scim.acknowledge_events(%s, ARRAY[%s], %s)", (consumer, *got[0])).fetchone()
        self.assertEqual(done, 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
