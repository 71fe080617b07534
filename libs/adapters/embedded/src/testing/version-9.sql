CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY) WITHOUT ROWID;
CREATE TABLE users (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  floor INTEGER NOT NULL DEFAULT 0  -- inbox positions up to here are trimmed
);
CREATE TABLE conversations (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  a INTEGER NOT NULL, b INTEGER NOT NULL,
  last_id TEXT NOT NULL DEFAULT '', last_side INTEGER NOT NULL DEFAULT 0,
  preview TEXT NOT NULL DEFAULT '', updated_at INTEGER NOT NULL DEFAULT 0,
  touched_at INTEGER NOT NULL DEFAULT 0,                                  -- see members
  sent_a TEXT NOT NULL DEFAULT '', sent_b TEXT NOT NULL DEFAULT '',       -- what the side sent: see SentOrder
  unread_a INTEGER NOT NULL DEFAULT 0, unread_b INTEGER NOT NULL DEFAULT 0,
  read_a TEXT NOT NULL DEFAULT '', read_b TEXT NOT NULL DEFAULT '',       -- the side has read up to here
  incoming_a INTEGER NOT NULL DEFAULT 0, incoming_b INTEGER NOT NULL DEFAULT 0, -- inbox place of its last incoming message
  trimmed_a INTEGER NOT NULL DEFAULT 0, trimmed_b INTEGER NOT NULL DEFAULT 0    -- unread ones whose inbox entries are gone
);
CREATE TABLE members (user INTEGER, conversation INTEGER, touched_at INTEGER NOT NULL, PRIMARY KEY (user, conversation)) WITHOUT ROWID;
CREATE TABLE inbox (
  user INTEGER, position INTEGER,
  at INTEGER NOT NULL,
  type INTEGER NOT NULL,      -- see EntryType
  conversation INTEGER,       -- of messages
  ref TEXT,                   -- of messages: the message id
  body TEXT NOT NULL,         -- of messages: the clientMessageId; else the update as JSON
  previous INTEGER NOT NULL,  -- of incoming messages: the place of the conversation's incoming one before, negative if it sorts before an earlier one
  PRIMARY KEY (user, position)
) WITHOUT ROWID;
CREATE TABLE dedup (
  sender INTEGER, client_id TEXT,
  message_id TEXT NOT NULL, digest TEXT NOT NULL, conversation INTEGER NOT NULL,
  sender_position INTEGER NOT NULL, receiver_position INTEGER NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (sender, client_id)
) WITHOUT ROWID;
CREATE TABLE recalls (conversation INTEGER, message_id TEXT, PRIMARY KEY (conversation, message_id)) WITHOUT ROWID;
CREATE TABLE devices (user INTEGER, device TEXT, position INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (user, device)) WITHOUT ROWID;
CREATE TABLE journal (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE messages (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL, conversation INTEGER NOT NULL,
  steps TEXT NOT NULL, body TEXT NOT NULL, recalled_at INTEGER
, checksum INTEGER);
CREATE TABLE progress (seq INTEGER PRIMARY KEY, status INTEGER NOT NULL, steps TEXT NOT NULL);
CREATE TABLE history (conversation INTEGER, id TEXT, seq INTEGER NOT NULL, PRIMARY KEY (conversation, id)) WITHOUT ROWID;
CREATE TABLE zones (zone INTEGER PRIMARY KEY, min_id TEXT NOT NULL, max_id TEXT NOT NULL);
CREATE TABLE accounts (
  user_id TEXT PRIMARY KEY, password_hash TEXT NOT NULL, display_name TEXT NOT NULL, created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE installs (
  user TEXT, device TEXT, platform TEXT NOT NULL, first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL,
  PRIMARY KEY (user, device)
) WITHOUT ROWID;
CREATE TABLE registrations (
  user TEXT, device TEXT, provider INTEGER,
  token TEXT NOT NULL, app TEXT NOT NULL, language TEXT NOT NULL, at INTEGER NOT NULL, confirmed INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (user, device, provider)
) WITHOUT ROWID;
CREATE TABLE revocations (user TEXT, device TEXT, issued_before INTEGER NOT NULL, generation INTEGER NOT NULL DEFAULT 0, counter INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (user, device)) WITHOUT ROWID;
CREATE TABLE push_outcomes (
  subject TEXT, user TEXT, device TEXT,
  result INTEGER NOT NULL, provider TEXT, reason TEXT NOT NULL, attempts INTEGER NOT NULL, at INTEGER NOT NULL, node TEXT NOT NULL,
  PRIMARY KEY (subject, user, device)
) WITHOUT ROWID;
CREATE TABLE profiles (user TEXT PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE name_words (word TEXT, user TEXT, PRIMARY KEY (word, user)) WITHOUT ROWID;
CREATE TABLE contacts (user TEXT, other TEXT, state INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (user, other)) WITHOUT ROWID;
CREATE TABLE blocks (user TEXT, other TEXT, at INTEGER NOT NULL, PRIMARY KEY (user, other)) WITHOUT ROWID;
CREATE TABLE disabled (user TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE logins (user TEXT, login TEXT, step INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (user, login)) WITHOUT ROWID;
CREATE TABLE audit_log (
  id TEXT PRIMARY KEY, begun_by TEXT NOT NULL, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
  target TEXT NOT NULL, outcome TEXT NOT NULL, detail TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE silenced (
  conversation INTEGER, side INTEGER, last_id TEXT NOT NULL, preview TEXT NOT NULL, updated_at INTEGER NOT NULL,
  PRIMARY KEY (conversation, side)
) WITHOUT ROWID;
CREATE TABLE moments (
  id TEXT PRIMARY KEY, author TEXT NOT NULL, client_id TEXT NOT NULL, text TEXT NOT NULL, chosen TEXT,
  pictures TEXT NOT NULL, at INTEGER NOT NULL,
  likes INTEGER NOT NULL DEFAULT 0, likers INTEGER NOT NULL DEFAULT 0,  -- likers: rows of moment_likes
  comments INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE moment_likes (
  moment TEXT, user TEXT, at INTEGER NOT NULL, liked INTEGER NOT NULL, PRIMARY KEY (moment, user)
) WITHOUT ROWID;
CREATE TABLE moment_comments (
  moment TEXT, id TEXT, author TEXT NOT NULL, client_id TEXT NOT NULL, text TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (moment, id)
) WITHOUT ROWID;
CREATE TABLE moment_pictures (
  id TEXT PRIMARY KEY, owner TEXT NOT NULL, state INTEGER NOT NULL, moment TEXT, body TEXT NOT NULL, at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE lives (user INTEGER PRIMARY KEY, life INTEGER NOT NULL);
CREATE TABLE witness (file TEXT PRIMARY KEY, commits INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX members_touched ON members (user, touched_at);
CREATE INDEX zones_max ON zones (max_id);
CREATE INDEX registrations_token ON registrations (token);
CREATE INDEX revocations_age ON revocations (issued_before);
CREATE INDEX push_outcomes_age ON push_outcomes (at);
CREATE INDEX logins_age ON logins (at);
CREATE INDEX audit_log_target ON audit_log (target, id);
CREATE INDEX audit_log_age ON audit_log (at);
CREATE UNIQUE INDEX moments_author ON moments (author, id);
CREATE UNIQUE INDEX moments_client ON moments (author, client_id);
CREATE UNIQUE INDEX moment_comments_client ON moment_comments (moment, author, client_id);
CREATE INDEX moment_pictures_moment ON moment_pictures (moment);
CREATE INDEX moment_pictures_state ON moment_pictures (state, at);
CREATE INDEX moment_pictures_owner ON moment_pictures (owner) WHERE state = 0;
INSERT INTO meta VALUES ('epoch', 'mywpiww0-1j8fg4n');
INSERT INTO meta VALUES ('indexed_seq', 25);
INSERT INTO meta VALUES ('name_word_rules', 2);
INSERT INTO meta VALUES ('recorded', 1);
INSERT INTO users VALUES (1, 'ann', 2);
INSERT INTO users VALUES (2, 'eve', 2);
INSERT INTO users VALUES (3, 'bob', 0);
INSERT INTO users VALUES (4, 'cat', 0);
INSERT INTO users VALUES (5, 'gus', 0);
INSERT INTO users VALUES (6, 'hal', 0);
INSERT INTO users VALUES (7, 'dan', 0);
INSERT INTO conversations VALUES (1, 'ann~eve', 1, 2, '019000000000000000000003', 0, 'needle3', 1800000001003, 1800000000001, '019000000000000000000003773611af', '', 0, 3, '', '', 0, 3, 0, 2);
INSERT INTO conversations VALUES (2, 'ann~bob', 1, 3, '019000000000000000000013', 0, 'needle13', 1800000001013, 1800000001011, '019000000000000000000013773611af', '', 0, 3, '', '', 0, 3, 0, 0);
INSERT INTO conversations VALUES (3, 'ann~cat', 1, 4, '019000000000000000000020', 0, 'needle20', 1800000001020, 1800000001020, '019000000000000000000021773611af', '', 0, 1, '', '', 0, 1, 0, 0);
INSERT INTO conversations VALUES (4, 'gus~hal', 5, 6, '019000000000000000000053', 0, 'needle53', 1800000001053, 1800000001050, '019000000000000000000053773611af', '', 0, 4, '', '', 0, 4, 0, 0);
INSERT INTO conversations VALUES (5, 'ann~dan', 1, 7, '', 0, '', 0, 0, '', '', 0, 0, '', '', 0, 0, 0, 0);
INSERT INTO members VALUES (1, 1, 1800000000001);
INSERT INTO members VALUES (1, 2, 1800000001011);
INSERT INTO members VALUES (1, 5, 1800000002022);
INSERT INTO members VALUES (1, 3, 1800000002023);
INSERT INTO members VALUES (2, 1, 1800000000001);
INSERT INTO members VALUES (3, 2, 1800000001011);
INSERT INTO members VALUES (4, 3, 1800000001020);
INSERT INTO members VALUES (5, 4, 1800000001050);
INSERT INTO members VALUES (6, 4, 1800000001050);
INSERT INTO members VALUES (7, 5, 0);
INSERT INTO inbox VALUES (1, 3, 1800000001000, 2, 1, '019000000000000000000003', 'key-3', 0);
INSERT INTO inbox VALUES (1, 4, 1800000001000, 2, 2, '019000000000000000000011', 'key-11', 0);
INSERT INTO inbox VALUES (1, 5, 1800000001000, 2, 2, '019000000000000000000012', 'key-12', 0);
INSERT INTO inbox VALUES (1, 6, 1800000001000, 2, 2, '019000000000000000000013', 'key-13', 0);
INSERT INTO inbox VALUES (1, 7, 1800000001000, 3, NULL, NULL, '{"type":"receipt","conversationId":"ann~bob","state":"delivered","messageIds":["019000000000000000000011"],"by":"bob","at":1800000001000}', 0);
INSERT INTO inbox VALUES (1, 8, 1800000001000, 2, 3, '019000000000000000000020', 'key-20', 0);
INSERT INTO inbox VALUES (1, 9, 1800000001000, 2, 3, '019000000000000000000021', 'key-21', 0);
INSERT INTO inbox VALUES (2, 3, 1800000001000, 1, 1, '019000000000000000000003', 'key-3', 2);
INSERT INTO inbox VALUES (3, 1, 1800000001000, 1, 2, '019000000000000000000011', 'key-11', 0);
INSERT INTO inbox VALUES (3, 2, 1800000001000, 1, 2, '019000000000000000000012', 'key-12', 1);
INSERT INTO inbox VALUES (3, 3, 1800000001000, 1, 2, '019000000000000000000013', 'key-13', 2);
INSERT INTO inbox VALUES (4, 1, 1800000001000, 1, 3, '019000000000000000000020', 'key-20', 0);
INSERT INTO inbox VALUES (5, 1, 1800000001000, 2, 4, '019000000000000000000050', 'key-50', 0);
INSERT INTO inbox VALUES (5, 2, 1800000001000, 2, 4, '019000000000000000000051', 'key-51', 0);
INSERT INTO inbox VALUES (5, 3, 1800000001000, 2, 4, '019000000000000000000052', 'key-52', 0);
INSERT INTO inbox VALUES (5, 4, 1800000001000, 2, 4, '019000000000000000000053', 'key-53', 0);
INSERT INTO inbox VALUES (6, 1, 1800000001000, 1, 4, '019000000000000000000050', 'key-50', 0);
INSERT INTO inbox VALUES (6, 2, 1800000001000, 1, 4, '019000000000000000000051', 'key-51', 1);
INSERT INTO inbox VALUES (6, 3, 1800000001000, 1, 4, '019000000000000000000052', 'key-52', 2);
INSERT INTO inbox VALUES (6, 4, 1800000001000, 1, 4, '019000000000000000000053', 'key-53', 3);
INSERT INTO dedup VALUES (1, 'key-1', '019000000000000000000001', 'gr1b80.w', 1, 1, 1, 1800000000000);
INSERT INTO dedup VALUES (1, 'key-11', '019000000000000000000011', '1p79rbk.x', 2, 4, 1, 1800000001000);
INSERT INTO dedup VALUES (1, 'key-12', '019000000000000000000012', '1k0v2cn.x', 2, 5, 2, 1800000001000);
INSERT INTO dedup VALUES (1, 'key-13', '019000000000000000000013', 'sdbp2u.x', 2, 6, 3, 1800000001000);
INSERT INTO dedup VALUES (1, 'key-2', '019000000000000000000002', 'bkmm93.w', 1, 2, 2, 1800000000000);
INSERT INTO dedup VALUES (1, 'key-20', '019000000000000000000020', 'tbf0qz.x', 3, 8, 1, 1800000001000);
INSERT INTO dedup VALUES (1, 'key-21', '019000000000000000000021', '93dei.x', 3, 9, 0, 1800000001000);
INSERT INTO dedup VALUES (1, 'key-3', '019000000000000000000003', '1iy7aye.w', 1, 3, 3, 1800000001000);
INSERT INTO dedup VALUES (5, 'key-50', '019000000000000000000050', '129xkgb.x', 4, 1, 1, 1800000001000);
INSERT INTO dedup VALUES (5, 'key-51', '019000000000000000000051', '8iusbe.x', 4, 2, 2, 1800000001000);
INSERT INTO dedup VALUES (5, 'key-52', '019000000000000000000052', '184poth.x', 4, 3, 3, 1800000001000);
INSERT INTO dedup VALUES (5, 'key-53', '019000000000000000000053', '15csuk4.x', 4, 4, 4, 1800000001000);
INSERT INTO recalls VALUES (2, '019000000000000000000015');
INSERT INTO recalls VALUES (3, '019000000000000000000021');
INSERT INTO devices VALUES (3, 'phone', 2, 1800000001000);
INSERT INTO journal VALUES (1, '{"recordings":[2,3,1,"019000000000000000000014","key-14","yhnwdp.x",1800000002000,4,10,0],"updates":[],"conversations":[2,"019000000000000000000014",1,"needle14",1800000002014,1800000001011,"019000000000000000000013773611af","019000000000000000000014773611af",1,3,"","",10,3,0,0]}');
INSERT INTO journal VALUES (2, '{"recordings":[],"updates":[3,5,1800000002000,3,null,null,"{\"type\":\"read\",\"conversationId\":\"ann~bob\",\"upTo\":\"019000000000000000000012\",\"at\":1800000002000}",0],"conversations":[2,"019000000000000000000014",1,"needle14",1800000002014,1800000001011,"019000000000000000000013773611af","019000000000000000000014773611af",1,1,"","019000000000000000000012",10,3,0,0]}');
INSERT INTO journal VALUES (3, '{"recordings":[2,1,3,"019000000000000000000015","key-15","1df1si4.x",1800000002000,11,6,3],"updates":[],"conversations":[2,"019000000000000000000015",0,"needle15",1800000002015,1800000001011,"019000000000000000000015773611af","019000000000000000000014773611af",1,2,"","019000000000000000000012",10,6,0,0]}');
INSERT INTO journal VALUES (4, '{"recordings":[],"updates":[1,12,1800000002000,3,null,null,"{\"type\":\"recall\",\"conversationId\":\"ann~bob\",\"messageId\":\"019000000000000000000015\",\"by\":\"ann\",\"at\":1800000002005}",0,3,7,1800000002000,3,null,null,"{\"type\":\"recall\",\"conversationId\":\"ann~bob\",\"messageId\":\"019000000000000000000015\",\"by\":\"ann\",\"at\":1800000002005}",0],"conversations":[2,"019000000000000000000015",0,"",1800000002015,1800000001011,"019000000000000000000015773611af","019000000000000000000014773611af",1,2,"","019000000000000000000012",10,6,0,0]}');
INSERT INTO journal VALUES (5, '{"recordings":[5,1,7,"019000000000000000000022","key-22","1a2zwzy.x",1800000002000,13,0,0],"updates":[],"conversations":[5,"",0,"",0,0,"019000000000000000000022773611af","",0,0,"","",0,0,0,0]}');
INSERT INTO journal VALUES (6, '{"recordings":[3,1,4,"019000000000000000000023","key-23","weaaus.x",1800000002000,14,0,1],"updates":[],"conversations":[3,"019000000000000000000020",0,"needle20",1800000001020,1800000001020,"019000000000000000000023773611af","",0,1,"","",0,1,0,0]}');
INSERT INTO journal VALUES (7, '{"recordings":[],"updates":[1,15,1800000002000,3,null,null,"{\"type\":\"recall\",\"conversationId\":\"ann~cat\",\"messageId\":\"019000000000000000000021\",\"by\":\"ann\",\"at\":1800000002006}",0],"conversations":[]}');
INSERT INTO journal VALUES (8, '{"recordings":[2,1,3,"019000000000000000000010","key-10","tvi62p.x",1800000002000,16,8,-6],"updates":[],"conversations":[2,"019000000000000000000015",0,"",1800000002015,1800000001011,"019000000000000000000015773611af0190000000000000000000105b9dcc2d","019000000000000000000014773611af",1,2,"","019000000000000000000012",10,8,0,0]}');
INSERT INTO journal VALUES (9, '{"recordings":[2,1,3,"019000000000000000000016","key-16","9et3j7.x",1800000002000,17,9,8],"updates":[],"conversations":[2,"019000000000000000000016",0,"needle16",1800000002016,1800000001011,"019000000000000000000016773611af0190000000000000000000105b9dcc2d","019000000000000000000014773611af",1,3,"","019000000000000000000012",10,9,0,0]}');
INSERT INTO messages VALUES (2, '019000000000000000000001', 1, 'queued 1800000000001 n1
', '{"messageId":"019000000000000000000001","conversationId":"ann~eve","from":"ann","fromDevice":"phone","to":"eve","clientMessageId":"key-1","kind":"c2c","content":{"text":"needle1"},"sentAt":1800000000001}', NULL, 4290447865);
INSERT INTO messages VALUES (4, '019000000000000000000002', 1, 'queued 1800000000002 n1
', '{"messageId":"019000000000000000000002","conversationId":"ann~eve","from":"ann","fromDevice":"phone","to":"eve","clientMessageId":"key-2","kind":"c2c","content":{"text":"needle2"},"sentAt":1800000000002}', NULL, 3116790708);
INSERT INTO messages VALUES (6, '019000000000000000000003', 1, 'queued 1800000001003 n1
', '{"messageId":"019000000000000000000003","conversationId":"ann~eve","from":"ann","fromDevice":"phone","to":"eve","clientMessageId":"key-3","kind":"c2c","content":{"text":"needle3"},"sentAt":1800000001003}', NULL, 3111291967);
INSERT INTO messages VALUES (8, '019000000000000000000011', 2, 'queued 1800000001011 n1
', '{"messageId":"019000000000000000000011","conversationId":"ann~bob","from":"ann","fromDevice":"phone","to":"bob","clientMessageId":"key-11","kind":"c2c","content":{"text":"needle11"},"sentAt":1800000001011}', NULL, 1679592095);
INSERT INTO messages VALUES (10, '019000000000000000000012', 2, 'queued 1800000001012 n1
', '{"messageId":"019000000000000000000012","conversationId":"ann~bob","from":"ann","fromDevice":"phone","to":"bob","clientMessageId":"key-12","kind":"c2c","content":{"text":"needle12"},"sentAt":1800000001012}', NULL, 4056618354);
INSERT INTO messages VALUES (12, '019000000000000000000013', 2, 'queued 1800000001013 n1
', '{"messageId":"019000000000000000000013","conversationId":"ann~bob","from":"ann","fromDevice":"phone","to":"bob","clientMessageId":"key-13","kind":"c2c","content":{"text":"needle13"},"sentAt":1800000001013}', NULL, 2189844521);
INSERT INTO messages VALUES (14, '019000000000000000000020', 3, 'queued 1800000001020 n1
', '{"messageId":"019000000000000000000020","conversationId":"ann~cat","from":"ann","fromDevice":"phone","to":"cat","clientMessageId":"key-20","kind":"c2c","content":{"text":"needle20"},"sentAt":1800000001020}', NULL, 1637973899);
INSERT INTO messages VALUES (16, '019000000000000000000021', 3, 'queued 1800000001021 n1
', '{"messageId":"019000000000000000000021","conversationId":"ann~cat","from":"ann","fromDevice":"phone","to":"cat","clientMessageId":"key-21","kind":"c2c","content":{"text":"needle21"},"sentAt":1800000001021,"silenced":true}', NULL, 2359841320);
INSERT INTO messages VALUES (18, '019000000000000000000050', 4, 'queued 1800000001050 n1
', '{"messageId":"019000000000000000000050","conversationId":"gus~hal","from":"gus","fromDevice":"phone","to":"hal","clientMessageId":"key-50","kind":"c2c","content":{"text":"needle50"},"sentAt":1800000001050}', NULL, 3598768254);
INSERT INTO messages VALUES (20, '019000000000000000000051', 4, 'queued 1800000001051 n1
', '{"messageId":"019000000000000000000051","conversationId":"gus~hal","from":"gus","fromDevice":"phone","to":"hal","clientMessageId":"key-51","kind":"c2c","content":{"text":"needle51"},"sentAt":1800000001051}', NULL, 2781719845);
INSERT INTO messages VALUES (22, '019000000000000000000052', 4, 'queued 1800000001052 n1
', '{"messageId":"019000000000000000000052","conversationId":"gus~hal","from":"gus","fromDevice":"phone","to":"hal","clientMessageId":"key-52","kind":"c2c","content":{"text":"needle52"},"sentAt":1800000001052}', NULL, 807023304);
INSERT INTO messages VALUES (24, '019000000000000000000053', 4, 'queued 1800000001053 n1
', '{"messageId":"019000000000000000000053","conversationId":"gus~hal","from":"gus","fromDevice":"phone","to":"hal","clientMessageId":"key-53","kind":"c2c","content":{"text":"needle53"},"sentAt":1800000001053}', NULL, 1129793427);
INSERT INTO messages VALUES (27, '019000000000000000000014', 2, 'queued 1800000002014 n1
', '{"messageId":"019000000000000000000014","conversationId":"ann~bob","from":"bob","fromDevice":"phone","to":"ann","clientMessageId":"key-14","kind":"c2c","content":{"text":"needle14"},"sentAt":1800000002014}', NULL, 1986073372);
INSERT INTO messages VALUES (28, '019000000000000000000015', 2, 'queued 1800000002015 n1
recalled 1800000002005 n2
', '{"messageId":"019000000000000000000015","conversationId":"ann~bob","from":"ann","fromDevice":"phone","to":"bob","clientMessageId":"key-15","kind":"c2c","content":{},"sentAt":1800000002015}', 1800000002005, 581799892);
INSERT INTO messages VALUES (30, '019000000000000000000022', 5, 'queued 1800000002022 n1
', '{"messageId":"019000000000000000000022","conversationId":"ann~dan","from":"ann","fromDevice":"phone","to":"dan","clientMessageId":"key-22","kind":"c2c","content":{"text":"needle22"},"sentAt":1800000002022,"silenced":true}', NULL, 416932093);
INSERT INTO messages VALUES (32, '019000000000000000000023', 3, 'queued 1800000002023 n1
', '{"messageId":"019000000000000000000023","conversationId":"ann~cat","from":"ann","fromDevice":"phone","to":"cat","clientMessageId":"key-23","kind":"c2c","content":{"text":"needle23"},"sentAt":1800000002023,"silenced":true}', NULL, 1543434487);
INSERT INTO messages VALUES (34, '019000000000000000000010', 2, 'queued 1800000002010 n1
', '{"messageId":"019000000000000000000010","conversationId":"ann~bob","from":"ann","fromDevice":"laptop","to":"bob","clientMessageId":"key-10","kind":"c2c","content":{"text":"needle10"},"sentAt":1800000002010}', NULL, 2971449498);
INSERT INTO messages VALUES (36, '019000000000000000000016', 2, 'queued 1800000002016 n1
', '{"messageId":"019000000000000000000016","conversationId":"ann~bob","from":"ann","fromDevice":"phone","to":"bob","clientMessageId":"key-16","kind":"c2c","content":{"text":"needle16"},"sentAt":1800000002016}', NULL, 2687483023);
INSERT INTO progress VALUES (8, 2, 'delivered 1800000001016 n1
');
INSERT INTO progress VALUES (10, 3, 'read 1800000001017 n1
');
INSERT INTO progress VALUES (16, 1, 'unread 1800000001026 n1
');
INSERT INTO history VALUES (1, '019000000000000000000001', 2);
INSERT INTO history VALUES (1, '019000000000000000000002', 4);
INSERT INTO history VALUES (1, '019000000000000000000003', 6);
INSERT INTO history VALUES (2, '019000000000000000000011', 8);
INSERT INTO history VALUES (2, '019000000000000000000012', 10);
INSERT INTO history VALUES (2, '019000000000000000000013', 12);
INSERT INTO history VALUES (3, '019000000000000000000020', 14);
INSERT INTO history VALUES (3, '019000000000000000000021', 16);
INSERT INTO history VALUES (4, '019000000000000000000050', 18);
INSERT INTO history VALUES (4, '019000000000000000000051', 20);
INSERT INTO history VALUES (4, '019000000000000000000052', 22);
INSERT INTO history VALUES (4, '019000000000000000000053', 24);
INSERT INTO silenced VALUES (3, 0, '019000000000000000000023', 'needle23', 1800000002023);
INSERT INTO silenced VALUES (5, 0, '019000000000000000000022', 'needle22', 1800000002022);
INSERT INTO witness VALUES ('store.db', 46);
PRAGMA user_version = 9;
