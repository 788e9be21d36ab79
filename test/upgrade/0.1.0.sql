-- Stores of version 0.1.0 with data of every kind, and what people add to them.

CREATE EXTENSION scim VERSION '0.1.0';
\set internal scim
\ir data.sql
