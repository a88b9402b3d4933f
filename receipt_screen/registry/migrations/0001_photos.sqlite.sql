-- Every text that could be guessed is an HMAC of 32 bytes; times are ISO 8601 in UTC.
-- AUTOINCREMENT: a number is never given twice, for its order is the order of remembering.
CREATE TABLE receipt_screen_meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
CREATE TABLE receipt_screen_photos (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    campaign TEXT NOT NULL,
    submission TEXT NOT NULL,
    received TEXT NOT NULL,
    remembered TEXT NOT NULL,
    version INTEGER NOT NULL,
    file BLOB NOT NULL,
    pixels BLOB NOT NULL,
    look BLOB,
    paper BLOB,
    UNIQUE (campaign, submission, file, pixels)
);
CREATE INDEX receipt_screen_photos_by_campaign ON receipt_screen_photos (campaign, number);
CREATE INDEX receipt_screen_photos_by_file ON receipt_screen_photos (file);
CREATE INDEX receipt_screen_photos_by_pixels ON receipt_screen_photos (pixels);
CREATE TABLE receipt_screen_keys (
    photo INTEGER NOT NULL REFERENCES receipt_screen_photos (number) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    digest BLOB NOT NULL,
    confidence REAL NOT NULL,
    PRIMARY KEY (photo, digest)
);
CREATE INDEX receipt_screen_keys_by_digest ON receipt_screen_keys (digest);
