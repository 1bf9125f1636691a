-- What others must hear of.

-- name: outbox_put
INSERT INTO outbox (event_id, order_key, body, state, attempts, crashes, due_at) VALUES ($1, $2, $3, 0, 0, 0, $4);

-- The partial index holds what is not done: the oldest of the next order that has any.
-- name: outbox_next
SELECT outbox_id, order_key, state, attempts, crashes, due_at, lease_at, body FROM outbox WHERE state < 2 AND order_key > $1 ORDER BY order_key, outbox_id LIMIT 1;

-- name: outbox_claim
UPDATE outbox SET state = 1, token = $2, lease_at = $3, attempts = attempts + 1, crashes = crashes + $4 WHERE outbox_id = $1;

-- name: outbox_done
UPDATE outbox SET state = 2, done_at = $3, token = NULL, lease_at = NULL, error = NULL WHERE outbox_id = $1 AND token = $2 AND state = 1;

-- name: outbox_retry
UPDATE outbox SET state = 0, due_at = $3, error = $4, token = NULL, lease_at = NULL WHERE outbox_id = $1 AND token = $2 AND state = 1;

-- name: outbox_counts
SELECT state, count(*) FROM outbox GROUP BY state;
