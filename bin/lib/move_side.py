"""One of the two servers between which bin/scim-move moves a store, and what its tables hold."""
import re
import threading
import time

from libpq import Connection, DatabaseError, Problem, literal, quoted

RETRIED = {"55P03", "40P01"}        # a lock that was not to be had; a deadlock
TRIGGER = '"0_scim_moved"'          # before all others, by its name


def wait_until(condition, seconds, what, interval=0.2):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise Problem("gave up after %g seconds: %s" % (seconds, what))
        time.sleep(interval)


class Side:
    """One of the two servers."""

    def __init__(self, name, conninfo, store):
        self.name = name
        self.conninfo = conninfo
        self.store = store
        self.db = Connection(conninfo, name)
        self.slot = "scim_move_" + re.sub(r"[^a-z0-9_]", "_", store)[:50]

    def place(self):
        """How people are told where it is: no password."""
        found = dict(re.findall(r"\b(host|port|dbname)\s*=\s*('(?:[^'\\]|\\.)*'|\S+)", self.conninfo))
        return " ".join("%s=%s" % pair for pair in found.items()) or self.name

    def lock(self):
        key = "hashtext('scim-move'), hashtext(%s)" % literal(self.store)
        wait_until(lambda: self.db.value("SELECT pg_try_advisory_lock(%s)" % key) == "t", 30,
                   "another scim-move is about this store, on %s" % self.name)
        # what a command that died had psql do ends first
        self.db.run("SELECT %s" % self.making())

    def making(self):
        """SQL: a lock that is held while tables are made, to the end of the transaction."""
        return "pg_advisory_xact_lock(hashtext('scim-move tables'), hashtext(%s))" % literal(self.store)

    def exists(self):
        return self.db.value("SELECT to_regnamespace(quote_ident(%s))" % literal(self.store)) is not None

    def relations(self, kinds="'r', 'p'", condition="true"):
        """(name, oid) of tables, those that most write to first."""
        return self.db.run("SELECT c.oid::regclass::text, c.oid FROM pg_class c WHERE c.relnamespace = to_regnamespace(quote_ident(%s)) "
                           "AND c.relkind IN (%s) AND %s ORDER BY c.relname <> 'resource', c.relname <> 'member', c.relname" %
                           (literal(self.store), kinds, condition))

    def roots(self):
        return [name for name, _ in self.relations(condition="NOT c.relispartition")]

    def state(self):
        """absent, open, or what the trigger says: moving, moved, arriving; left: moved, and finished."""
        if not self.exists():
            return "absent"
        arguments = self.db.value(
            "SELECT encode(t.tgargs, 'hex') FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relname = 'resource' "
            "AND c.relnamespace = to_regnamespace(quote_ident(%s)) AND t.tgname = '0_scim_moved'" % literal(self.store))
        if arguments is None:
            return "open"
        state, _, until = bytes.fromhex(arguments).decode().split("\0")[:3]
        if until and self.db.value("SELECT extract(epoch FROM clock_timestamp()) >= %s" % until) == "t":
            return "open"       # a pause that nobody ended
        return state

    def trigger_statement(self, name, state, place, until=""):
        return ("CREATE OR REPLACE TRIGGER %s BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON %s FOR EACH STATEMENT "
                "EXECUTE FUNCTION scim_internal.store_moved(%s, %s, %s);\n" % (TRIGGER, name, literal(state), literal(place), literal(until)))

    def say_state(self, state, place, until=""):
        """All tables ask the trigger of "resource", so that one statement is enough."""
        self.db.run(self.trigger_statement(quoted(self.store) + ".resource", state, place, until))

    def ready(self, patience):
        """Every table has a trigger, which refuses nothing yet."""
        missing = self.relations(condition="NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = '0_scim_moved')")
        if missing:
            self.locked(lambda: [self.db.run(self.trigger_statement(name, "moving", "", "0")) for name, _ in missing], patience)

    def locked(self, act, patience, mode="SHARE ROW EXCLUSIVE"):
        """act() in a transaction that has locked every table; whoever waits for us waits for a moment only.  When it began."""
        end = time.monotonic() + patience
        while True:
            began = time.monotonic()
            try:
                with self.db.transaction():
                    # an automatic vacuum is ended by whoever looks for a deadlock
                    self.db.run("SET LOCAL lock_timeout = '250ms'; SET LOCAL deadlock_timeout = '50ms'")
                    self.db.run("LOCK TABLE %s IN %s MODE" % (", ".join(self.roots()), mode))
                    act()
                return began
            except DatabaseError as error:
                if error.state not in RETRIED:
                    raise
                if time.monotonic() > end:
                    raise Problem("%s: somebody holds tables of the store for more than %g seconds in one transaction: nothing has changed" % (self.name, patience))
            time.sleep(0.2)

    def open(self):
        """It takes writes, from now on."""
        if self.state() != "open":
            self.locked(lambda: self.say_state("moving", "", "0"), 60)

    def clear(self):
        """No trigger is left."""
        def drop():
            for name, in self.db.run("SELECT t.tgrelid::regclass::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
                                     "WHERE c.relnamespace = to_regnamespace(quote_ident(%s)) AND t.tgname = '0_scim_moved' AND t.tgparentid = 0" % literal(self.store)):
                self.db.run("DROP TRIGGER %s ON %s" % (TRIGGER, name))
        self.locked(drop, 60, "ACCESS EXCLUSIVE")

    def close(self, place):
        """Nothing is answered from it any more: the move is finished."""
        self.locked(lambda: self.say_state("left", place), 60)

    def subscription(self):
        return self.db.value("SELECT subname FROM pg_subscription WHERE subname = %s AND subdbid = "
                             "(SELECT oid FROM pg_database WHERE datname = current_database())" % literal(self.slot))

    def has_slot(self):
        return self.db.value("SELECT slot_name FROM pg_replication_slots WHERE slot_name = %s" % literal(self.slot)) is not None

    def publish(self):
        if self.db.value("SELECT pubname FROM pg_publication WHERE pubname = %s" % literal(self.slot)) is None:
            self.db.run("CREATE PUBLICATION %s FOR TABLE %s WITH (publish_via_partition_root = true)" % (self.slot, ", ".join(self.roots())))

    def note_follower(self, follower):
        """Who has what is published here: the slots of the copy are named after that, and may outlive him."""
        subscription = follower.db.value("SELECT oid FROM pg_subscription WHERE subname = %s AND subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())" %
                                         literal(follower.slot))
        self.db.run("COMMENT ON PUBLICATION %s IS %s" % (self.slot, literal("scim-move: %s %s" % (
            subscription, follower.db.value("SELECT system_identifier FROM pg_control_system()")))))

    def slots(self):
        """Those of this move: of the publication, and of tables that were being copied."""
        follower = re.match(r"scim-move: ([0-9]+) ([0-9]+)$", self.db.value(
            "SELECT obj_description(oid, 'pg_publication') FROM pg_publication WHERE pubname = %s" % literal(self.slot)) or "")
        pattern = "^%s$" % self.slot + ("|^pg_%s_sync_[0-9]+_%s$" % follower.groups() if follower else "")
        return [name for name, in self.db.run("SELECT slot_name FROM pg_replication_slots WHERE slot_name ~ %s AND database = current_database()" % literal(pattern))]

    def unpublish(self):
        for slot in self.slots():
            self.drop_slot(slot)
        self.db.run("DROP PUBLICATION IF EXISTS %s" % self.slot)

    def drop_slot(self, slot):
        end = time.monotonic() + 30
        while self.db.value("SELECT slot_name FROM pg_replication_slots WHERE slot_name = %s" % literal(slot)):
            try:
                self.db.run("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = %s AND active_pid IS NOT NULL" % literal(slot))
                self.db.run("SELECT pg_drop_replication_slot(%s)" % literal(slot))
            except DatabaseError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)

    def unsubscribe(self, alone=False):
        """Ends it, whether the other side is there or not: its slot is what unpublish drops.  alone: it is not asked."""
        if self.subscription():
            self.db.run("ALTER SUBSCRIPTION %s DISABLE" % self.slot)
            try:
                if not alone:
                    self.db.run("DROP SUBSCRIPTION %s" % self.slot)
                    return
            except DatabaseError:
                pass
            self.db.run("ALTER SUBSCRIPTION %s SET (slot_name = NONE)" % self.slot)
            self.db.run("DROP SUBSCRIPTION %s" % self.slot)

    def uncopied(self):
        """Tables whose rows are not all there yet."""
        return [name for name, in self.db.run("SELECT r.srrelid::regclass::text FROM pg_subscription_rel r JOIN pg_subscription s ON s.oid = r.srsubid "
                                              "WHERE s.subname = %s AND r.srsubstate <> 'r'" % literal(self.slot))]

    def raise_sequences(self):
        """Sequences are not replicated: nothing that is there is given out again."""
        for sequence, table, column in self.db.run(
                "SELECT s.oid::regclass::text, d.refobjid::regclass::text, quote_ident(a.attname) FROM pg_class s JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.oid "
                "AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i') JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid "
                "WHERE s.relkind = 'S' AND s.relnamespace = to_regnamespace(quote_ident(%s))" % literal(self.store)):
            self.db.run("SELECT setval(%s, greatest((SELECT max(%s) FROM %s), (SELECT last_value FROM %s)))" % (literal(sequence), column, table, sequence))


class Digest:
    """Count and checksum of every table of a side: all of it under a snapshot, without hurry; and later, with
    nobody writing, only of row versions that have come or gone since.

    The checksum is the sum of a 64-bit hash of each row as text, which does not depend on their order.  A version
    that is in one snapshot and not in the other has a transaction in xmin or xmax that had not ended at the first
    one, and the first one, which is still held, shows what has gone.  So the sum of today is that of then, less what
    such versions add up to there, and more what they do now."""

    PART = "SELECT %s, count(*), coalesce(sum(hashtextextended((t.*)::text, 0)::numeric), 0) FROM ONLY %s t%s"

    def __init__(self, side):
        self.side = side
        self.held = Connection(side.conninfo, side.name)
        self.leaves = side.db.run(
            "SELECT c.oid::regclass::text, coalesce(pg_partition_root(c.oid), c.oid)::regclass::text FROM pg_class c "
            "WHERE c.relnamespace = to_regnamespace(quote_ident(%s)) AND c.relkind = 'r' ORDER BY c.relname" % literal(side.store))
        self.held.run("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        self.xmin = self.held.value("SELECT (pg_snapshot_xmin(pg_current_snapshot())::text::numeric % 4294967296)::text")
        self.then = self.sums(self.held)

    def sums(self, db, condition=""):
        """Of each table, in one statement: round trips are time, too."""
        return {leaf: (int(count), int(checksum)) for leaf, count, checksum in db.run(
            " UNION ALL ".join(self.PART % (literal(leaf), leaf, condition) for leaf, _ in self.leaves))}

    def total(self, by_leaf):
        tables = {}
        for leaf, root in self.leaves:
            count, checksum = tables.get(root, (0, 0))
            tables[root] = count + by_leaf[leaf][0], checksum + by_leaf[leaf][1]
        return tables

    def now(self):
        condition = " WHERE xmax <> '0'::xid OR age(xmin) <= age('%s'::xid)" % self.xmin
        was, has = both(lambda: self.sums(self.held, condition), lambda: self.sums(self.side.db, condition))
        return self.total({leaf: tuple(then - gone + come for then, gone, come in zip(self.then[leaf], was[leaf], has[leaf]))
                           for leaf, _ in self.leaves})

    def whole(self):
        return self.total(self.sums(self.side.db))

    def close(self):
        self.held.close()


def both(first, second):
    """Runs two functions at a time; their results."""
    results = [None, None]

    def call(n, function):
        try:
            results[n] = function()
        except BaseException as error:      # told below
            results[n] = error

    threads = [threading.Thread(target=call, args=pair) for pair in enumerate((first, second))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return results
