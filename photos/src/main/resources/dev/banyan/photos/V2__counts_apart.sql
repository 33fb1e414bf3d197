-- Not beside instances of the version before, which was never released.

-- What is counted of a photo has rows of its own. A photo's row then never changes, so that a copy of it stays true while people look and like, and one of its
-- likes while people look; and what counts may write behind the others. No REFERENCES photos: a count that comes after its photo has gone must not fail.
CREATE TABLE photo_counts (
    photo_id bigint PRIMARY KEY,
    likes    bigint NOT NULL DEFAULT 0,
    comments bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);
CREATE TABLE photo_views (
    photo_id bigint PRIMARY KEY,
    views    bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);
INSERT INTO photo_counts (photo_id, likes, comments) SELECT id, like_count, comment_count FROM photos;
INSERT INTO photo_views (photo_id) SELECT id FROM photos;
ALTER TABLE photos DROP COLUMN like_count, DROP COLUMN comment_count;

-- For the recount of what was liked lately: a few blocks, where a B-tree would cost each like a page.
CREATE INDEX likes_by_time ON likes USING brin (created_at);

-- A session is found by a text (the hash in hexadecimal), which any cache's key can hold, and tells who it belongs to without a look at the user: neither
-- of a user's names can be changed.
ALTER TABLE sessions ALTER COLUMN token_hash TYPE text USING encode(token_hash, 'hex'), ADD COLUMN name text, ADD COLUMN display_name text;
UPDATE sessions s SET name = u.name, display_name = u.display_name FROM users u WHERE u.id = s.user_id;
ALTER TABLE sessions ALTER COLUMN name SET NOT NULL, ALTER COLUMN display_name SET NOT NULL;

-- A photo as everyone sees it, for whoever reads it from outside the application.
CREATE VIEW public_photos AS
    SELECT p.id, p.title, p.owner_id, u.name AS owner, u.display_name AS owner_name, '/media/' || p.media AS url, '/media/' || p.thumbnail AS thumbnail_url,
           p.width, p.height, p.created_at, coalesce(c.likes, 0) AS likes, coalesce(c.comments, 0) AS comments, coalesce(v.views, 0) AS views
    FROM photos p JOIN users u ON u.id = p.owner_id LEFT JOIN photo_counts c ON c.photo_id = p.id LEFT JOIN photo_views v ON v.photo_id = p.id;
