-- Users sign in by name; names are kept in lower case, so that the unique index is the whole rule.
CREATE TABLE users (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name            text NOT NULL UNIQUE,
    display_name    text NOT NULL,
    password        text NOT NULL,
    idempotency_key text,
    followers       integer NOT NULL DEFAULT 0,
    created_at      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX users_by_followers ON users (followers DESC);

-- Only the hash of a session's token is kept: a copy of this table lets nobody in.
CREATE TABLE sessions (
    token_hash bytea PRIMARY KEY,
    user_id    bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);

-- Pictures by the hash of their content: file is '<sha256>.<jpg|png|gif|webp>', the last part of its URL. EXTERNAL: stored out of line and uncompressed, so that
-- substring() reads only the pieces asked for, and a large picture is served in constant memory.
CREATE TABLE media (
    file         text PRIMARY KEY,
    content_type text NOT NULL,
    size         integer NOT NULL,
    bytes        bytea NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE media ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- like_count and comment_count are in no index: their updates stay heap-only (HOT) in the room that fillfactor leaves.
CREATE TABLE photos (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner_id        bigint NOT NULL REFERENCES users,
    title           text NOT NULL,
    media           text NOT NULL REFERENCES media,
    thumbnail       text NOT NULL REFERENCES media,
    width           integer NOT NULL,
    height          integer NOT NULL,
    like_count      integer NOT NULL DEFAULT 0,
    comment_count   integer NOT NULL DEFAULT 0,
    idempotency_key text,
    created_at      timestamptz NOT NULL DEFAULT now(),
    words           tsvector GENERATED ALWAYS AS (to_tsvector('english', title)) STORED
) WITH (fillfactor = 85);
CREATE INDEX photos_by_owner ON photos (owner_id, id DESC);
CREATE UNIQUE INDEX photos_by_key ON photos (owner_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX photos_by_media ON photos (media);
CREATE INDEX photos_by_thumbnail ON photos (thumbnail);
CREATE INDEX photos_by_words ON photos USING gin (words);

CREATE TABLE follows (
    follower_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    followee_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (follower_id, followee_id),
    CHECK (follower_id <> followee_id)
);
CREATE INDEX follows_by_followee ON follows (followee_id, follower_id);

CREATE TABLE likes (
    photo_id   bigint NOT NULL REFERENCES photos ON DELETE CASCADE,
    user_id    bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (photo_id, user_id)
);
CREATE INDEX likes_by_user ON likes (user_id);

CREATE TABLE comments (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    photo_id        bigint NOT NULL REFERENCES photos ON DELETE CASCADE,
    author_id       bigint NOT NULL REFERENCES users,
    text            text NOT NULL,
    idempotency_key text,
    created_at      timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX comments_by_key ON comments (author_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX comments_by_photo ON comments (photo_id, id);
