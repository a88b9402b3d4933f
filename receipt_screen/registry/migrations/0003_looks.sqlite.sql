-- All that is taken in when a registry is first asked, without reading whole rows: 60 bytes of 2000.
CREATE INDEX receipt_screen_photos_by_look
    ON receipt_screen_photos (campaign, version, number, look, paper);
DROP INDEX receipt_screen_photos_by_campaign;
