-- What an altered copy is known by, who is behind a submission, and what people said of pairs.
-- Values, numbers and words are HMACs, cut to what comparing needs.
ALTER TABLE receipt_screen_photos ADD COLUMN flat INTEGER NOT NULL DEFAULT 1;
ALTER TABLE receipt_screen_photos ADD COLUMN fields TEXT NOT NULL DEFAULT '{}';
ALTER TABLE receipt_screen_photos ADD COLUMN text_version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE receipt_screen_photos ADD COLUMN numbers BLOB;
ALTER TABLE receipt_screen_photos ADD COLUMN words BLOB;
CREATE TABLE receipt_screen_serials (
    token INTEGER NOT NULL,
    photo INTEGER NOT NULL REFERENCES receipt_screen_photos (number) ON DELETE CASCADE,
    PRIMARY KEY (token, photo)
) WITHOUT ROWID;
CREATE INDEX receipt_screen_serials_by_photo ON receipt_screen_serials (photo);
CREATE TABLE receipt_screen_parties (
    photo INTEGER NOT NULL REFERENCES receipt_screen_photos (number) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    digest BLOB NOT NULL,
    received TEXT NOT NULL,
    PRIMARY KEY (photo, kind)
);
CREATE INDEX receipt_screen_parties_by_digest ON receipt_screen_parties (digest, received);
CREATE TABLE receipt_screen_links (
    campaign TEXT NOT NULL,
    later TEXT NOT NULL,
    earlier TEXT NOT NULL,
    relation TEXT NOT NULL,
    PRIMARY KEY (campaign, later, earlier)
);
CREATE INDEX receipt_screen_links_by_earlier ON receipt_screen_links (campaign, earlier);
CREATE TABLE receipt_screen_distinct (
    campaign TEXT NOT NULL,
    one TEXT NOT NULL,
    other TEXT NOT NULL,
    marked TEXT NOT NULL,
    PRIMARY KEY (campaign, one, other)
);
CREATE TABLE receipt_screen_campaigns (
    name TEXT PRIMARY KEY,
    ends TEXT
);
