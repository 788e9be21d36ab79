"""The filters that "bin/bench filter" measures, and what each side makes of them.

In every condition $1 is the value of the filter, as text, lower-cased for those
who compare lower-cased copies; for Supabase it is the whole jsonpath.  None: that
side cannot answer the filter, or answers it wrongly.
"""

import random

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
NUMBER = ENTERPRISE + ":employeeNumber"
DEPARTMENT = ENTERPRISE + ":department"
HAND_NUMBER = f"lower(data #>> '{{{ENTERPRISE},employeeNumber}}')"
HAND_DEPARTMENT = f"lower(data #>> '{{{ENTERPRISE},department}}')"
HAND_USER_NAME = "lower(data ->> 'userName')"
HAND_FAMILY = "lower(data #>> '{name,familyName}')"
HAND_EMAILS = "lower(jsonb_path_query_array(data, '$.emails[*].value')::text)"
HAND_TRIGRAMS = "lower((data ->> 'userName'))"


class Case:
    """One filter.

    value makes one at random.  one: at most one user matches; broad: so many that
    the first page is sooner found in the order of ids.  matches: the documents say it.
    empty: nobody matches.
    """

    def __init__(self, filter, value=None, *, hand, supabase=None, not_supabase=None, wadahiro=None,
                 plain=None, matches=True, one=False, broad=False, empty=False):
        self.filter, self.value = filter, value
        self.one, self.broad, self.matches, self.empty = one, broad, matches, empty
        self.conditions = {
            "by hand": hand,
            "Supabase": "deleted_at IS NULL AND norm @? $1::jsonpath" if supabase else
                        "deleted_at IS NULL AND NOT coalesce(norm @? $1::jsonpath, false)" if not_supabase else None,
            "wadahiro": wadahiro,
            "LOWER()": plain,
        }
        self.jsonpath = supabase or not_supabase

    @property
    def title(self):
        return self.filter.replace("urn:ietf:params:scim:schemas:extension:", "").replace("{v}", "…")


def like(expression, pattern, parameter="$1"):
    return f"{expression} LIKE {pattern.replace('?', parameter)}"


def starts(expression):
    """A range that an index with text_pattern_ops answers, whatever the parameter."""
    return f"{expression} ~>=~ lower($1) AND {expression} ~<~ (lower($1) || '~')"


def ends(expression):
    return (f"reverse({expression}) ~>=~ reverse(lower($1)) "
            f"AND reverse({expression}) ~<~ (reverse(lower($1)) || '~')")


def email(condition):
    """Of plain.emails."""
    return f"EXISTS (SELECT FROM plain.emails e WHERE e.user_id = users.id AND {condition})"


def element(condition):
    """Of the lower-cased e-mails."""
    return f"EXISTS (SELECT FROM jsonb_array_elements(norm #> '{{emails}}') elem WHERE {condition})"


def cases(users, ids):
    """ids: of some users; users whose number ends in 000 have a nickName."""

    def user():
        return f"{random.randint(1, users):07d}"

    def even_user():
        return f"{random.randint(1, users // 2) * 2:07d}"

    def family():
        return f"Family{random.randint(0, min(users, 5000) - 1):04d}"

    def department():
        return f"Department {random.randint(0, 999):03d}"

    wadahiro_number = f"norm #>> '{{{ENTERPRISE.lower()},employeenumber}}'"
    wadahiro_department = f"norm #>> '{{{ENTERPRISE.lower()},department}}'"
    jsonpath_enterprise = f'$."{ENTERPRISE.lower()}"'
    top = f"{max(users - 100, 1):07d}"

    yield Case('userName eq "{v}"', lambda: f"user{user()}@example.com", one=True,
               hand=f"{HAND_USER_NAME} = lower($1)", supabase='$.username ? (@ == "{v}")',
               wadahiro="norm #>> '{username}' = $1", plain="LOWER(user_name) = LOWER($1)")
    yield Case('externalId eq "{v}"', lambda: f"hr-{user()}", one=True,
               hand="data ->> 'externalId' = $1", supabase='$.externalid ? (@ == "{v}")',
               wadahiro="norm #>> '{externalid}' = $1", plain="external_id = $1")
    yield Case('id eq "{v}"', lambda: random.choice(ids), one=True, matches=False,
               hand="id = $1::uuid", plain="id = $1::uuid")
    yield Case('emails.value eq "{v}"', lambda: f"user{user()}@example.com", one=True,
               hand="data @> jsonb_build_object('emails', "
                    "jsonb_build_array(jsonb_build_object('value', lower($1))))",
               supabase='$.emails[*].value ? (@ == "{v}")', wadahiro=element("elem ->> 'value' = $1"),
               plain=email("LOWER(e.value) = LOWER($1)"))
    yield Case('emails[type eq "work" and value eq "{v}"]', lambda: f"user{user()}@example.com", one=True,
               hand="data @> jsonb_build_object('emails', jsonb_build_array("
                    "jsonb_build_object('type', 'work', 'value', lower($1))))",
               supabase='$.emails[*] ? (@.type == "work" && @.value == "{v}")',
               wadahiro=element("elem ->> 'type' = 'work' AND elem ->> 'value' = $1"),
               plain=email("LOWER(e.type) = 'work' AND LOWER(e.value) = LOWER($1)"))
    yield Case('emails[type eq "home" and value sw "{v}"]', lambda: f"home{even_user()}@", one=True,
               hand=like(HAND_EMAILS, "'%\"' || lower(?) || '%'") +
               " AND jsonb_path_exists(data, '$.emails[*] ? (@.type == \"home\" && @.value starts with $v)',"
               " jsonb_build_object('v', lower($1)))",
               supabase='$.emails[*] ? (@.type == "home" && @.value starts with "{v}")',
               wadahiro=element("elem ->> 'type' = 'home' AND LOWER(elem ->> 'value') LIKE $1 || '%'"),
               plain=email("LOWER(e.type) = 'home' AND LOWER(e.value) LIKE LOWER($1) || '%'"))
    yield Case('userName co "{v}"', lambda: f"er{user()}@ex", one=True,
               hand=like(HAND_TRIGRAMS, "'%' || lower(?) || '%'"),
               supabase='$.username ? (@ like_regex "{v}" flag "q")',
               wadahiro=like("LOWER(norm #>> '{username}')", "'%' || LOWER(?) || '%'"),
               plain=like("LOWER(user_name)", "'%' || LOWER(?) || '%'"))
    yield Case('userName sw "{v}"', lambda: f"user{user()}@", one=True,
               hand=starts(HAND_USER_NAME), supabase='$.username ? (@ starts with "{v}")',
               wadahiro=like("LOWER(norm #>> '{username}')", "LOWER(?) || '%'"),
               plain=like("LOWER(user_name)", "LOWER(?) || '%'"))
    yield Case('userName ew "{v}"', lambda: f"{user()}@example.com", one=True,
               hand=ends(HAND_USER_NAME), supabase='$.username ? (@ like_regex "{v}$")',
               wadahiro=like("LOWER(norm #>> '{username}')", "'%' || LOWER(?)"),
               plain=like("LOWER(user_name)", "'%' || LOWER(?)"))
    yield Case('userName ne "{v}"', lambda: f"user{user()}@example.com", broad=True,
               hand=f"{HAND_USER_NAME} <> lower($1)", not_supabase='$.username ? (@ == "{v}")',
               wadahiro="norm #>> '{username}' != $1", plain="LOWER(user_name) <> LOWER($1)")
    yield Case('emails.value co "{v}"', lambda: f"me{even_user()}@ma", one=True,
               hand=like(HAND_EMAILS, "'%' || lower(?) || '%'"),
               supabase='$.emails[*].value ? (@ like_regex "{v}" flag "q")',
               wadahiro=element(like("LOWER(elem ->> 'value')", "'%' || LOWER(?) || '%'")),
               plain=email(like("LOWER(e.value)", "'%' || LOWER(?) || '%'")))
    yield Case('emails.value ew "{v}"', lambda: f"{even_user()}@mail.example.net", one=True,
               hand=like(HAND_EMAILS, "'%' || lower(?) || '\"%'"),
               supabase='$.emails[*].value ? (@ like_regex "{v}$")',
               wadahiro=element(like("LOWER(elem ->> 'value')", "'%' || LOWER(?)")),
               plain=email(like("LOWER(e.value)", "'%' || LOWER(?)")))
    yield Case('name.familyName eq "{v}"', family,
               hand=f"{HAND_FAMILY} = lower($1)", supabase='$.name.familyname ? (@ == "{v}")',
               wadahiro="norm #>> '{name,familyname}' = $1", plain="LOWER(family_name) = LOWER($1)")
    yield Case('name.familyName sw "{v}"', lambda: family()[:-1],
               hand=starts(HAND_FAMILY), supabase='$.name.familyname ? (@ starts with "{v}")',
               wadahiro=like("LOWER(norm #>> '{name,familyname}')", "LOWER(?) || '%'"),
               plain=like("LOWER(family_name)", "LOWER(?) || '%'"))
    for op, sign, value in (("gt", ">", "Family4998"), ("ge", ">=", "Family4999"),
                            ("lt", "<", "Family0001"), ("le", "<=", "Family0000")):
        yield Case(f'name.familyName {op} "{{v}}"', lambda value=value: value,
                   hand=f"{HAND_FAMILY} ~{sign}~ lower($1)",
                   supabase=f'$.name.familyname ? (@ {sign} "{{v}}")',
                   plain=f'LOWER(family_name) {sign} LOWER($1)')
    yield Case("nickName pr", hand="data ? 'nickName'", supabase="$.nickname",
               wadahiro="norm #>> '{nickname}' IS NOT NULL AND norm #>> '{nickname}' != ''",
               plain="nick_name IS NOT NULL")
    yield Case("title pr", broad=True, hand="data ? 'title'", supabase="$.title",
               wadahiro="norm #>> '{title}' IS NOT NULL AND norm #>> '{title}' != ''",
               plain="title IS NOT NULL")
    yield Case("active eq false", hand="NOT (data ->> 'active')::boolean",
               supabase="$.active ? (@ == false)", wadahiro="norm #> '{active}' = 'false'",
               plain="active = false")
    yield Case('not (userType eq "Employee")', hand="lower(data ->> 'userType') <> 'employee'",
               not_supabase='$.usertype ? (@ == "employee")',
               wadahiro="NOT (norm #>> '{usertype}' = 'employee')",
               plain="NOT (LOWER(user_type) = 'employee')")
    yield Case("not (title pr)", broad=True, hand="NOT data ? 'title'", not_supabase="$.title",
               wadahiro="NOT (norm #>> '{title}' IS NOT NULL AND norm #>> '{title}' != '')",
               plain="NOT (title IS NOT NULL)")
    yield Case('userType eq "Contractor" and name.familyName eq "{v}"', lambda: "Family0001",
               hand=f"lower(data ->> 'userType') = 'contractor' AND {HAND_FAMILY} = lower($1)",
               supabase='$ ? (@.usertype == "contractor" && @.name.familyname == "{v}")',
               wadahiro="norm #>> '{usertype}' = 'contractor' AND norm #>> '{name,familyname}' = $1",
               plain="LOWER(user_type) = 'contractor' AND LOWER(family_name) = LOWER($1)")
    yield Case('meta.lastModified gt "{v}"', lambda: "2040-01-01T00:00:00Z", matches=False, empty=True,
               hand="last_modified > $1::timestamptz", plain="last_modified > $1::timestamptz")
    yield Case(NUMBER + ' eq "{v}"', lambda: f"E{user()}", one=True,
               hand=f"{HAND_NUMBER} = lower($1)",
               supabase=jsonpath_enterprise + '.employeenumber ? (@ == "{v}")',
               wadahiro=f"{wadahiro_number} = $1")
    yield Case(NUMBER + ' co "{v}"', user, one=True,
               hand=like(HAND_NUMBER, "'%' || lower(?) || '%'"),
               supabase=jsonpath_enterprise + '.employeenumber ? (@ like_regex "{v}" flag "q")',
               wadahiro=like(f"LOWER({wadahiro_number})", "'%' || LOWER(?) || '%'"))
    yield Case(NUMBER + ' sw "{v}"', lambda: f"E{user()}"[:-1],
               hand=starts(HAND_NUMBER),
               supabase=jsonpath_enterprise + '.employeenumber ? (@ starts with "{v}")',
               wadahiro=like(f"LOWER({wadahiro_number})", "LOWER(?) || '%'"))
    yield Case(NUMBER + ' ew "{v}"', user, one=True,
               hand=ends(HAND_NUMBER),
               supabase=jsonpath_enterprise + '.employeenumber ? (@ like_regex "{v}$")',
               wadahiro=like(f"LOWER({wadahiro_number})", "'%' || LOWER(?)"))
    for op, sign, value in (("gt", ">", "E" + top), ("ge", ">=", "E" + top),
                            ("lt", "<", "E0000100"), ("le", "<=", "E0000100")):
        yield Case(f'{NUMBER} {op} "{{v}}"', lambda value=value: value,
                   hand=f"{HAND_NUMBER} ~{sign}~ lower($1)",
                   supabase=f'{jsonpath_enterprise}.employeenumber ? (@ {sign} "{{v}}")')
    yield Case(DEPARTMENT + ' eq "{v}"', department,
               hand=f"{HAND_DEPARTMENT} = lower($1)",
               supabase=jsonpath_enterprise + '.department ? (@ == "{v}")',
               wadahiro=f"{wadahiro_department} = $1")
    yield Case(DEPARTMENT + ' ne "{v}"', department, broad=True,
               hand=f"{HAND_DEPARTMENT} <> lower($1)",
               not_supabase=jsonpath_enterprise + '.department ? (@ == "{v}")',
               wadahiro=f"{wadahiro_department} != $1")
    yield Case(ENTERPRISE + ":costCenter pr", broad=True, hand=f"data #> '{{{ENTERPRISE}}}' ? 'costCenter'",
               supabase=jsonpath_enterprise + ".costcenter",
               wadahiro=f"norm #>> '{{{ENTERPRISE.lower()},costcenter}}' IS NOT NULL "
                        f"AND norm #>> '{{{ENTERPRISE.lower()},costcenter}}' != ''")
