-- The same argument has the same name in every function that people call, and the same type, but for what may be
-- given in either of two. A new word here may be an old one's second name.
\pset format unaligned
SELECT name, string_agg(DISTINCT format_type(type, NULL), ' or ') AS type
FROM pg_proc p, unnest(p.proargtypes) WITH ORDINALITY AS t (type, n),
  LATERAL (SELECT coalesce(nullif(p.proargnames[n], ''), '(none)') COLLATE "C") AS a (name)
WHERE p.pronamespace = 'scim'::regnamespace GROUP BY name ORDER BY name;
