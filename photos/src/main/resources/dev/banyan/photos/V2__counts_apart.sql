-- What is counted of a photo has a row of its own. A photo's row then changes only when the photo does, which is never, so that a copy of it stays true while
-- people look and like; and what counts may write behind the others. No REFERENCES photos: a count that comes after its photo has gone must not fail.
-- photos.like_count and photos.comment_count are not used any more; instances of the version before may still run, so a later file drops them.
CREATE TABLE photo_counts (
    photo_id bigint PRIMARY KEY,
    likes    bigint NOT NULL DEFAULT 0,
    comments bigint NOT NULL DEFAULT 0,
    views    bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);
INSERT INTO photo_counts (photo_id, likes, comments) SELECT id, like_count, comment_count FROM photos;

-- For the recount of what was liked lately: a few blocks, where a B-tree would cost each like a page.
CREATE INDEX likes_by_time ON likes USING brin (created_at);

-- A session tells who it belongs to without a look at the user: neither name can be changed. Sessions that the version before opens have none yet.
ALTER TABLE sessions ADD COLUMN name text, ADD COLUMN display_name text;
UPDATE sessions s SET name = u.name, display_name = u.display_name FROM users u WHERE u.id = s.user_id;

-- A photo as everyone sees it, for whoever reads it from outside the application.
CREATE VIEW public_photos AS
    SELECT p.id, p.title, p.owner_id, u.name AS owner, u.display_name AS owner_name, '/media/' || p.media AS url, '/media/' || p.thumbnail AS thumbnail_url,
           p.width, p.height, p.created_at, coalesce(c.likes, 0) AS likes, coalesce(c.comments, 0) AS comments, coalesce(c.views, 0) AS views
    FROM photos p JOIN users u ON u.id = p.owner_id LEFT JOIN photo_counts c ON c.photo_id = p.id;
