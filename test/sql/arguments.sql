-- The same argument has the same name in every function, and the same type: the words for arguments.
CREATE TEMP VIEW argument AS
  SELECT p.proname, coalesce(nullif(p.proargnames[n], ''), '(none)') AS name, format_type(type, NULL) AS type
  FROM pg_proc p, unnest(p.proargtypes) WITH ORDINALITY AS t (type, n)
  WHERE p.pronamespace = 'scim'::regnamespace AND p.prorettype <> 'trigger'::regtype
    -- what types, operators and indexes call has arguments without names
    AND NOT EXISTS (SELECT FROM unnest(p.proargtypes) type WHERE type IN ('internal'::regtype, 'cstring'::regtype))
    AND NOT EXISTS (SELECT FROM pg_operator o WHERE o.oprcode = p.oid) AND NOT EXISTS (SELECT FROM pg_amproc a WHERE a.amproc = p.oid)
    AND NOT EXISTS (SELECT FROM pg_type t WHERE p.oid IN (t.typinput, t.typoutput, t.typreceive, t.typsend));
SELECT name, string_agg(DISTINCT type, ', ' ORDER BY type) AS type, string_agg(DISTINCT proname, ' ' ORDER BY proname) AS functions
FROM argument GROUP BY name ORDER BY name COLLATE "C";
