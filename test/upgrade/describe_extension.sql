-- Every object of the extension, a line for each thing that can be said of it: two
-- ways to the same version must say the same.

\set ON_ERROR_STOP on
SET search_path = pg_catalog;

CREATE FUNCTION pg_temp.privileges(acl aclitem[], kind "char", owner oid) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(concat(grantee::regrole, ' ', privilege_type, CASE WHEN is_grantable THEN ' with grant option' END), ', ' ORDER BY grantee::regrole::text COLLATE "C", privilege_type)
  FROM aclexplode(coalesce(acl, acldefault(kind, owner)))
$$;
CREATE TEMP VIEW member AS
  SELECT d.classid, d.objid, (pg_identify_object(d.classid, d.objid, 0)).*
  FROM pg_depend d
  WHERE d.refclassid = 'pg_extension'::regclass AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'scim') AND d.deptype = 'e';
CREATE TEMP VIEW line AS
  SELECT type, identity, 'member' AS what FROM member
  UNION ALL
  SELECT type, identity, 'comment: ' || obj_description(objid, classid::regclass::text) FROM member
  UNION ALL
  SELECT type, identity, 'owner: ' || (pg_identify_object_as_address(classid, objid, 0)).object_names::text || ' ' || refobjid::regrole
  FROM member m JOIN pg_shdepend s USING (classid, objid) WHERE s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND s.deptype = 'o'
  UNION ALL
  SELECT type, identity, 'privileges as made: ' || pg_temp.privileges(initprivs, 'f', 10) FROM member JOIN pg_init_privs ON classoid = classid AND objoid = objid
  UNION ALL
  SELECT type, identity, 'depends on: ' || pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid) || ' ' || d.deptype::text
  FROM member m JOIN pg_depend d USING (classid, objid)
  UNION ALL
  SELECT type, identity, concat('line ', lpad(n::text, 4, '0'), ': ', l) FROM member, string_to_table(pg_get_functiondef(objid), E'\n') WITH ORDINALITY AS t (l, n) WHERE classid = 'pg_proc'::regclass
  UNION ALL
  SELECT type, identity, 'privileges: ' || pg_temp.privileges(proacl, 'f', proowner) FROM member JOIN pg_proc p ON p.oid = objid WHERE classid = 'pg_proc'::regclass
  UNION ALL
  SELECT type, identity, 'privileges: ' || pg_temp.privileges(nspacl, 'n', nspowner) FROM member JOIN pg_namespace p ON p.oid = objid WHERE classid = 'pg_namespace'::regclass
  UNION ALL
  SELECT type, identity, concat('type: ', to_jsonb(t) - '{oid,typname,typnamespace,typowner,typarray,typrelid,typelem,typbasetype,typacl,typdefaultbin}'::text[], ' ', pg_temp.privileges(typacl, 'T', typowner), ' ', typarray::regtype, ' ',
    (SELECT string_agg(concat(attname, ' ', format_type(atttypid, atttypmod)), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = typrelid AND attnum > 0))
  FROM member JOIN pg_type t ON t.oid = objid WHERE classid = 'pg_type'::regclass
  UNION ALL
  SELECT type, identity, concat_ws(' ', 'operator:', oprkind, oprcanmerge, oprcanhash, oprresult::regtype, oprcom::regoperator, oprnegate::regoperator, oprcode, oprrest, oprjoin)
  FROM member JOIN pg_operator o ON o.oid = objid WHERE classid = 'pg_operator'::regclass
  UNION ALL
  SELECT type, identity, concat_ws(' ', 'class:', opcdefault, opcintype::regtype, opckeytype::regtype, (pg_identify_object('pg_opfamily'::regclass, opcfamily, 0)).identity)
  FROM member JOIN pg_opclass o ON o.oid = objid WHERE classid = 'pg_opclass'::regclass
  UNION ALL
  SELECT type, identity, concat_ws(' ', 'operator', amopstrategy, amoppurpose, amopopr::regoperator)
  FROM member JOIN pg_amop ON amopfamily = objid WHERE classid = 'pg_opfamily'::regclass
  UNION ALL
  SELECT type, identity, concat_ws(' ', 'function', amprocnum, amproclefttype::regtype, amproc::regprocedure)
  FROM member JOIN pg_amproc ON amprocfamily = objid WHERE classid = 'pg_opfamily'::regclass
  UNION ALL
  SELECT type, identity, concat_ws(' ', 'cast:', castfunc::regproc, castcontext, castmethod)
  FROM member JOIN pg_cast c ON c.oid = objid WHERE classid = 'pg_cast'::regclass
  UNION ALL
  SELECT 'extension', extname, concat_ws(' ', extversion, extnamespace::regnamespace, extrelocatable, extconfig) FROM pg_extension WHERE extname = 'scim'
  UNION ALL
  -- what is in the schemas of the extension and is no member
  SELECT (o).type, (o).identity, 'stray'
  FROM (SELECT pg_identify_object(classid, objid, 0) AS o FROM pg_depend d
        WHERE refclassid = 'pg_namespace'::regclass AND refobjid::regnamespace::text IN ('scim', 'scim_internal') AND deptype = 'n'
          AND NOT EXISTS (SELECT FROM member m WHERE (m.classid, m.objid) = (d.classid, d.objid))) s;
SELECT concat_ws(' ', type, identity, what) FROM line ORDER BY type COLLATE "C", identity COLLATE "C", what COLLATE "C";
