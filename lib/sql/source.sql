-- Where records come from.

-- name: source_by_name
SELECT source_id, name, channel, account, tz, currency, created_at FROM source WHERE name = $1;

-- name: source_by_id
SELECT source_id, name, channel, account, tz, currency, created_at FROM source WHERE source_id = $1;

-- name: source_list
SELECT source_id, name, channel, account, tz, currency, created_at FROM source ORDER BY name;

-- name: source_insert
INSERT INTO source (name, channel, account, tz, currency, created_at) VALUES ($1, $2, $3, $4, $5, $6);

-- name: source_update
UPDATE source SET channel = coalesce($2, channel), account = coalesce($3, account), tz = coalesce($4, tz), currency = coalesce($5, currency) WHERE name = $1;
