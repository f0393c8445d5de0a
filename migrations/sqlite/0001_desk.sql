-- The desk's tables. Ids and keys are text compared byte by byte, flags are 0 or 1, times are
-- microseconds since 1970 UTC. The other database has the same tables and columns.

-- One row: who this desk is, and the counters every change passes last.
CREATE TABLE desk (
    one     INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    id      TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    backed_up_at BIGINT  -- when a copy was last made; NULL is never
);
CREATE TABLE counter (
    one     INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    log     BIGINT NOT NULL,  -- the newest cursor of the log
    history BIGINT NOT NULL,  -- the newest id of the history
    team    BIGINT NOT NULL,  -- rises when the team changes
    seal    TEXT NOT NULL  -- of the newest line of the history
);
INSERT INTO counter (one, log, history, team, seal) VALUES (1, 0, 0, 0, '');

-- The team. Nothing of it is ever deleted, so that history keeps its names.
CREATE TABLE organisation (
    id     TEXT NOT NULL PRIMARY KEY,
    name   TEXT NOT NULL UNIQUE,
    parent TEXT REFERENCES organisation (id)
);
CREATE TABLE role (
    id          TEXT NOT NULL PRIMARY KEY,
    name        TEXT NOT NULL UNIQUE,
    permissions TEXT NOT NULL  -- names, separated by spaces
);
CREATE TABLE person (
    id           TEXT NOT NULL PRIMARY KEY,
    username     TEXT NOT NULL UNIQUE,
    name         TEXT NOT NULL,
    organisation TEXT NOT NULL REFERENCES organisation (id),
    role         TEXT NOT NULL REFERENCES role (id),
    unix_user    TEXT UNIQUE,
    suspended    BIGINT NOT NULL
);
CREATE TABLE queue (
    id        TEXT NOT NULL PRIMARY KEY,
    name      TEXT NOT NULL UNIQUE,
    owner     TEXT NOT NULL REFERENCES organisation (id),
    rule      TEXT NOT NULL,
    on_login  TEXT NOT NULL,
    on_logout TEXT NOT NULL,
    max_open  BIGINT,
    active    BIGINT NOT NULL,
    deleted   BIGINT NOT NULL
);
CREATE TABLE queue_team (
    queue        TEXT NOT NULL REFERENCES queue (id),
    organisation TEXT NOT NULL REFERENCES organisation (id),
    PRIMARY KEY (queue, organisation)
);
CREATE TABLE status (
    organisation TEXT NOT NULL REFERENCES organisation (id),
    name         TEXT NOT NULL,
    PRIMARY KEY (organisation, name)
);
CREATE TABLE phrase (
    organisation TEXT NOT NULL REFERENCES organisation (id),
    body         TEXT NOT NULL,
    keywords     TEXT NOT NULL,  -- words, separated by spaces
    PRIMARY KEY (organisation, body)
);
CREATE TABLE channel (
    name        TEXT NOT NULL PRIMARY KEY,
    kind        TEXT NOT NULL,
    deliver_to  TEXT,
    secret_file TEXT
);
CREATE TABLE token (
    hash       TEXT NOT NULL PRIMARY KEY,  -- SHA-256 of the token; the token itself is nowhere
    person     TEXT NOT NULL REFERENCES person (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT
);
CREATE INDEX token_person ON token (person);

-- Customers: one per channel and address within an organisation.
CREATE TABLE contact (
    id      TEXT NOT NULL PRIMARY KEY,
    owner   TEXT NOT NULL REFERENCES organisation (id),
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    name    TEXT NOT NULL,
    UNIQUE (owner, channel, address)
);
-- What a search finds them by: 'n' and a folded word of the name, 'd' and the address's digits,
-- 'r' and those digits backwards.
CREATE TABLE contact_word (
    word    TEXT NOT NULL,
    contact TEXT NOT NULL,
    PRIMARY KEY (word, contact)
) WITHOUT ROWID;
CREATE INDEX contact_word_contact ON contact_word (contact, word);

CREATE TABLE conversation (
    id              TEXT NOT NULL PRIMARY KEY,
    contact         TEXT NOT NULL REFERENCES contact (id),
    contact_name    TEXT NOT NULL,
    contact_address TEXT NOT NULL,
    channel         TEXT NOT NULL,
    queue           TEXT NOT NULL REFERENCES queue (id),
    assignee        TEXT NOT NULL,  -- '' is nobody
    open            BIGINT NOT NULL,
    bot             BIGINT NOT NULL,
    status          TEXT NOT NULL,  -- '' is none
    touched         BIGINT NOT NULL,  -- its assignee did something to it since it became theirs
    grp             BIGINT NOT NULL,  -- the group of the list's order, 0 to 3
    since           BIGINT NOT NULL,
    version         BIGINT NOT NULL,
    acted           BIGINT NOT NULL,  -- the version at which it was last acted on
    began_by_us     BIGINT NOT NULL,
    began_at        BIGINT NOT NULL,
    messages        BIGINT NOT NULL,  -- the number of its newest message
    last_direction  TEXT NOT NULL,  -- '' while it has no message
    last_preview    TEXT NOT NULL,
    last_at         BIGINT NOT NULL,
    last_delivery   TEXT NOT NULL,
    customer_at     BIGINT,
    CHECK (open = 1 OR assignee = '')
);
-- What a list walks: open conversations only, in the list's order.
CREATE INDEX open_by_assignee ON conversation (assignee, grp, since, id) WHERE open = 1;
CREATE INDEX open_by_branch ON conversation (queue, assignee, grp, since, id) WHERE open = 1;
CREATE INDEX open_by_queue ON conversation (queue, grp, since, id) WHERE open = 1;
CREATE INDEX open_in_order ON conversation (grp, since, id) WHERE open = 1;
CREATE INDEX closed_by_queue ON conversation (queue, grp, since, id) WHERE open = 0;
-- Few: those whose last message of ours did not arrive, counted for whoever looks after the desk.
CREATE INDEX open_failed ON conversation (id) WHERE open = 1 AND last_delivery NOT IN ('', 'pending', 'delivered');
CREATE INDEX conversation_contact ON conversation (contact);
-- What a search walks, newest first: of one (queue, assignee), or all there is, closed ones too.
CREATE INDEX found_by_branch ON conversation (queue, assignee, open, last_at, id);
CREATE INDEX found_in_order ON conversation (last_at, id);

-- A message's id is its conversation's and its number there.
CREATE TABLE message (
    conversation TEXT NOT NULL REFERENCES conversation (id),
    n            BIGINT NOT NULL,
    direction    TEXT NOT NULL,
    body         TEXT NOT NULL,
    at           BIGINT NOT NULL,
    sender       TEXT NOT NULL,  -- '' for the customer and for a bot
    delivery     TEXT NOT NULL,  -- '' for the customer's
    attachments  TEXT NOT NULL,  -- JSON, '' for none
    PRIMARY KEY (conversation, n)
) WITHOUT ROWID;
-- What messages say, as a search finds it: the folded words of each are in the index below, under the same id.
CREATE TABLE message_text (
    id           INTEGER NOT NULL PRIMARY KEY,
    conversation TEXT NOT NULL REFERENCES conversation (id),
    n            BIGINT NOT NULL
);
CREATE UNIQUE INDEX message_text_of ON message_text (conversation, n);
CREATE VIRTUAL TABLE message_words USING fts5 (words, content = '', detail = none, columnsize = 0, tokenize = 'ascii');
-- What is taken out of it is gone, not only marked as gone.
INSERT INTO message_words (message_words, rank) VALUES ('secure-delete', 1);
-- The same index read the other way round, to verify it.
CREATE VIRTUAL TABLE message_vocabulary USING fts5vocab (message_words, instance);
-- Messages a gateway handed in, so that handing in twice does nothing twice.
CREATE TABLE received (
    channel      TEXT NOT NULL,
    external_id  TEXT NOT NULL,
    conversation TEXT NOT NULL,
    n            BIGINT NOT NULL,
    PRIMARY KEY (channel, external_id)
) WITHOUT ROWID;

-- Conversations that a program began under an id of its own, so that beginning twice does nothing twice.
CREATE TABLE begun (
    channel      TEXT NOT NULL,
    external_id  TEXT NOT NULL,
    conversation TEXT NOT NULL,
    n            BIGINT NOT NULL,
    PRIMARY KEY (channel, external_id)
) WITHOUT ROWID;
-- Messages of ours that a channel's gateway is still to have, or has and has not said what became of.
CREATE TABLE outbox (
    conversation TEXT NOT NULL,
    n            BIGINT NOT NULL,
    channel      TEXT NOT NULL,
    template     TEXT NOT NULL,  -- what the provider calls an approved form; '' is free text
    attempt      BIGINT NOT NULL,  -- how often somebody set about handing it over
    failures     BIGINT NOT NULL,  -- how often the gateway did not take it
    due_at       BIGINT NOT NULL,  -- not before then: after a failure, or while somebody has leased it
    handed_over  BIGINT NOT NULL,  -- the gateway has it
    held         BIGINT NOT NULL,  -- not before somebody releases it: it may have arrived before the database was put back
    until_at     BIGINT NOT NULL,  -- then nobody waits any longer
    PRIMARY KEY (conversation, n)
) WITHOUT ROWID;
CREATE INDEX outbox_due ON outbox (channel, handed_over, due_at);
CREATE INDEX outbox_until ON outbox (until_at);

-- What the team did, for good. Words that may have to be erased one day stand beside it.
CREATE TABLE history (
    id           INTEGER NOT NULL PRIMARY KEY,
    conversation TEXT NOT NULL,
    at           BIGINT NOT NULL,
    kind         TEXT NOT NULL,
    by_person    TEXT NOT NULL,  -- '' is the desk itself
    was          TEXT NOT NULL,
    became       TEXT NOT NULL,
    cause        TEXT NOT NULL,
    words        TEXT NOT NULL,  -- a salted hash of what was written; '' is nothing
    seal         TEXT NOT NULL  -- over this line and the one before
);
CREATE INDEX history_conversation ON history (conversation, id);
CREATE TABLE history_words (
    history INTEGER NOT NULL PRIMARY KEY REFERENCES history (id),
    salt    TEXT NOT NULL,
    reason  TEXT NOT NULL,
    body    TEXT NOT NULL
);

-- How many open conversations each (queue, assignee) has, exactly, and how many of them wait for us.
CREATE TABLE holding (
    queue      TEXT NOT NULL,
    assignee   TEXT NOT NULL,  -- '' is nobody
    n          BIGINT NOT NULL CHECK (n >= 0),
    unanswered BIGINT NOT NULL CHECK (unanswered >= 0 AND unanswered <= n),
    PRIMARY KEY (queue, assignee)
) WITHOUT ROWID;

-- What happened, in the order of commits: the truth, and the stream.
CREATE TABLE log (
    cursor          INTEGER NOT NULL PRIMARY KEY,
    at              BIGINT NOT NULL,
    conversation    TEXT NOT NULL,  -- '' : the team changed
    before_queue    TEXT NOT NULL,  -- '' : it is new
    before_assignee TEXT NOT NULL,
    before_open     BIGINT NOT NULL,
    queue           TEXT NOT NULL,
    assignee        TEXT NOT NULL,
    open            BIGINT NOT NULL,
    message         BIGINT NOT NULL,  -- 0 : none
    cause           TEXT NOT NULL,
    by_person       TEXT NOT NULL,
    reason          TEXT NOT NULL
);
CREATE INDEX log_at ON log (at);

-- Operation ids, each with what it came to, so that a repeated request is answered as the first time.
CREATE TABLE operation (
    person  TEXT NOT NULL,
    id      TEXT NOT NULL,
    content TEXT NOT NULL,  -- SHA-256 of the request
    outcome TEXT NOT NULL,  -- one line per conversation
    at      BIGINT NOT NULL,
    PRIMARY KEY (person, id)
);
CREATE INDEX operation_at ON operation (at);
-- What undo takes back: one row per conversation an operation changed.
CREATE TABLE act (
    cursor        INTEGER NOT NULL PRIMARY KEY,
    person        TEXT NOT NULL,  -- '' is the desk itself
    operation     TEXT NOT NULL,
    conversation  TEXT NOT NULL,
    action        TEXT NOT NULL,
    former        TEXT NOT NULL,  -- '' is nobody
    former_queue  TEXT NOT NULL,
    former_status TEXT NOT NULL,  -- '' is none
    former_open   BIGINT NOT NULL,
    version       BIGINT NOT NULL,
    at            BIGINT NOT NULL,
    history       BIGINT NOT NULL,  -- the newest line of the history when it was done
    line_lost     BIGINT NOT NULL,  -- a lost line did it
    undone        BIGINT NOT NULL  -- when it was taken back; 0 is never
);
CREATE INDEX act_person ON act (person, cursor);
CREATE INDEX act_operation ON act (person, operation);
CREATE INDEX act_former ON act (former, cursor);
CREATE INDEX act_undone ON act (undone) WHERE undone > 0;
CREATE INDEX act_at ON act (at);

-- Whom nothing is sent to: a contact's identifier within a channel, until a moment or for good.
CREATE TABLE blocked (
    owner     TEXT NOT NULL REFERENCES organisation (id),
    channel   TEXT NOT NULL,
    address   TEXT NOT NULL,
    until_at  BIGINT,  -- NULL is for good
    at        BIGINT NOT NULL,
    by_person TEXT NOT NULL,  -- '' is the customer's own STOP
    operation TEXT NOT NULL,
    PRIMARY KEY (owner, channel, address)
) WITHOUT ROWID;

-- Who is there. A console is live while the process it is connected to keeps saying so; a row outlives
-- its line for a while, so that one who comes back is as away as before.
CREATE TABLE console (
    person  TEXT NOT NULL REFERENCES person (id),
    id      TEXT NOT NULL,
    desk    TEXT NOT NULL,  -- the process it is connected to; '' once its line is lost
    seen_at BIGINT NOT NULL,
    away_at BIGINT,  -- NULL while they are at the keyboard
    PRIMARY KEY (person, id)
) WITHOUT ROWID;
CREATE INDEX console_desk ON console (desk);
-- Whether somebody is signed in, which outlasts a line that is lost for a moment.
CREATE TABLE seat (
    person    TEXT NOT NULL PRIMARY KEY REFERENCES person (id),
    signed_in BIGINT NOT NULL,
    since     BIGINT NOT NULL,  -- when they last signed in
    lost_at   BIGINT,  -- when the last console's line was lost; NULL while one is live, or nobody is signed in
    left_at   BIGINT  -- when they last signed out; NULL if never
) WITHOUT ROWID;
-- Whose turn it is: the last one in a queue's circle, and when somebody last became an assignee.
CREATE TABLE circle (
    queue  TEXT NOT NULL PRIMARY KEY REFERENCES queue (id),
    person TEXT NOT NULL  -- '' before the first
) WITHOUT ROWID;
CREATE TABLE turn (
    person TEXT NOT NULL PRIMARY KEY,
    at     BIGINT NOT NULL
) WITHOUT ROWID;
-- Drafts that consoles keep, so that colleagues know of them; their words are on the consoles' hosts only.
CREATE TABLE draft (
    person       TEXT NOT NULL,
    conversation TEXT NOT NULL,
    since        BIGINT NOT NULL,
    PRIMARY KEY (person, conversation)
) WITHOUT ROWID;

-- The history is append-only.
CREATE TRIGGER history_stays BEFORE UPDATE ON history
BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
CREATE TRIGGER history_remains BEFORE DELETE ON history
BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
