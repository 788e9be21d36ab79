-- What makes a store of version 0.5.0 one of version 0.6.0.

-- The index on documents is of another operator class: the former one answers until then.
SELECT scim_internal.set_document_indexes_aside(tableoid) FROM @.store;
