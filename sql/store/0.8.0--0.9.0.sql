-- What makes a store of version 0.8.0 one of version 0.9.0.

-- The index on documents is of another operator class: the former one answers until there is one.
SELECT scim_internal.set_document_indexes_aside(tableoid) FROM @.store;

-- Statistics of user names are of how they are folded now.
SELECT scim_internal.drop_name_statistics(tableoid) FROM @.store;

-- The unique index on user names follows when the triggers are those of this version: see scim_internal.fold_user_names_anew.
