"""Sessions of PostgreSQL by libpq, which is wherever psql is: no module of Python's is needed.  For bin/scim-move."""
import contextlib
import ctypes
import ctypes.util


class Problem(Exception):
    """What stands in the way, for people."""


class DatabaseError(Problem):
    def __init__(self, state, message):
        super().__init__(message)
        self.state = state


def load_libpq():
    pq = ctypes.CDLL(ctypes.util.find_library("pq") or "libpq.so.5")
    for name, result, arguments in (
            ("PQconnectdb", ctypes.c_void_p, [ctypes.c_char_p]), ("PQstatus", ctypes.c_int, [ctypes.c_void_p]),
            ("PQping", ctypes.c_int, [ctypes.c_char_p]), ("PQerrorMessage", ctypes.c_char_p, [ctypes.c_void_p]), ("PQfinish", None, [ctypes.c_void_p]),
            ("PQexec", ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_char_p]), ("PQclear", None, [ctypes.c_void_p]),
            ("PQresultStatus", ctypes.c_int, [ctypes.c_void_p]), ("PQresultErrorField", ctypes.c_char_p, [ctypes.c_void_p, ctypes.c_int]),
            ("PQntuples", ctypes.c_int, [ctypes.c_void_p]), ("PQnfields", ctypes.c_int, [ctypes.c_void_p]),
            ("PQgetvalue", ctypes.c_char_p, [ctypes.c_void_p, ctypes.c_int, ctypes.c_int]),
            ("PQgetisnull", ctypes.c_int, [ctypes.c_void_p, ctypes.c_int, ctypes.c_int])):
        function = getattr(pq, name)
        function.restype, function.argtypes = result, arguments
    return pq


PQ = load_libpq()


class Connection:
    """One session.  A process that dies closes it at once, whatever it was about."""

    def __init__(self, conninfo, name):
        self.name = name
        self.conn = PQ.PQconnectdb(conninfo.encode())
        if PQ.PQstatus(self.conn) != 0:
            raise Problem("%s: %s" % (name, PQ.PQerrorMessage(self.conn).decode().strip()))
        # what a row is as text depends on these
        self.run("SET client_encoding = 'UTF8'; SET client_min_messages = error; SET search_path = pg_catalog, pg_temp; SET DateStyle = 'ISO';"
                 "SET TimeZone = 'UTC'; SET IntervalStyle = 'postgres'; SET extra_float_digits = 1; SET bytea_output = 'hex'; SET jit = off;"
                 "SET row_security = off; SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0;"
                 "SET application_name = 'scim-move'; SET synchronous_commit = on; SET client_connection_check_interval = '500ms';"
                 "SET quote_all_identifiers = off; SET standard_conforming_strings = on")

    def run(self, statement):
        """The rows of the last statement, of texts or None."""
        result = PQ.PQexec(self.conn, statement.encode())
        try:
            if PQ.PQresultStatus(result) not in (1, 2):
                state = PQ.PQresultErrorField(result, ord("C"))
                message = PQ.PQresultErrorField(result, ord("M")) or PQ.PQerrorMessage(self.conn)
                hint = PQ.PQresultErrorField(result, ord("H"))
                raise DatabaseError((state or b"").decode(), "%s: %s%s" % (
                    self.name, message.decode().strip(), "\n" + hint.decode() if hint else ""))
            return [[None if PQ.PQgetisnull(result, r, c) else PQ.PQgetvalue(result, r, c).decode()
                     for c in range(PQ.PQnfields(result))] for r in range(PQ.PQntuples(result))]
        finally:
            PQ.PQclear(result)

    def value(self, statement):
        rows = self.run(statement)
        return rows[0][0] if rows else None

    @contextlib.contextmanager
    def transaction(self, begin="BEGIN"):
        self.run(begin)
        try:
            yield
        except BaseException:
            with contextlib.suppress(Problem):
                self.run("ROLLBACK")
            raise
        self.run("COMMIT")

    def close(self):
        PQ.PQfinish(self.conn)


def ping(conninfo):
    """Whether a server answers: 0 it does, 1 it refuses sessions for now, 2 it does not, 3 the question makes no sense."""
    return PQ.PQping(conninfo.encode())


def literal(text):
    return "'" + text.replace("'", "''") + "'"


def quoted(name):
    return '"' + name.replace('"', '""') + '"'
