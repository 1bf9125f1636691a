-- The names by which events that name no order of their own were attached: asked when another order comes to answer to one.
CREATE TABLE event_ref (value TEXT NOT NULL, kind INTEGER NOT NULL, event_id INTEGER NOT NULL, PRIMARY KEY (kind, value, event_id)) STRICT, WITHOUT ROWID;
