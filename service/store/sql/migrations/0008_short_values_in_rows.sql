-- Narrow rows sent out short values with the long ones: a digest or the phases, 30 bytes, were looked up elsewhere for
-- every row that was searched, read or compared.
-- Locks out everybody for an instant, to change the catalogue alone. Older code goes on. Rows stored from now on keep
-- them; others do so when they are stored anew.
ALTER TABLE trial
    ALTER COLUMN phases SET STORAGE MAIN,
    ALTER COLUMN digest SET STORAGE MAIN,
    ALTER COLUMN source_sha256 SET STORAGE MAIN,
    ALTER COLUMN engine SET STORAGE MAIN;
