ALTER TABLE submissions ADD COLUMN blind INTEGER NOT NULL DEFAULT 0;
UPDATE submissions SET blind = audited;
