-- Of what a reservation shipped, how much its warehouse had been told to ship: messages tell the difference, and never of what is over.
ALTER TABLE reservation ADD COLUMN promised INTEGER NOT NULL DEFAULT 0;
UPDATE reservation SET promised = shipped;
