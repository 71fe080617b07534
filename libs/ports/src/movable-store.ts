/**
 * The kinds of rows that a store moves to another one, with their columns. The first `key` columns name a row; without
 * any, there is one row at most. What one engine derives from other rows (counts, indices, numbers that stand for names)
 * is no kind: each engine makes its own. Messages are moved by `MessageStore.scan` and `restore`.
 */
export const MOVED_KINDS = {
  accounts: { key: 1, columns: ['user', 'password', 'name', 'createdAt'] },
  profiles: { key: 1, columns: ['user', 'version', 'body'] },
  profile_words: { key: 2, columns: ['word', 'user'] },
  contacts: { key: 2, columns: ['user', 'other', 'state', 'at'] },
  blocks: { key: 2, columns: ['user', 'other', 'at'] },
  devices: { key: 2, columns: ['user', 'device', 'platform', 'firstSeen', 'lastSeen'] },
  push_registrations: {
    key: 3,
    columns: ['user', 'device', 'provider', 'token', 'app', 'language', 'at', 'isConfirmed'],
  },
  revocations: { key: 2, columns: ['user', 'device', 'issuedBefore', 'generation', 'counter'] },
  disabled_users: { key: 1, columns: ['user', 'at'] },
  logins: { key: 2, columns: ['user', 'login', 'step', 'at'] },
  audit_log: { key: 1, columns: ['id', 'begunBy', 'at', 'actor', 'action', 'target', 'outcome', 'detail'] },
  push_outcomes: {
    key: 3,
    columns: ['subject', 'user', 'device', 'result', 'provider', 'reason', 'attempts', 'at', 'node'],
  },
  erasures: { key: 1, columns: ['user', 'erasesMessages', 'askedBy', 'requestedAt', 'doneAt', 'heldUntil'] },
  legal_holds: { key: 1, columns: ['id', 'kind', 'subject', 'reason', 'placedBy', 'placedAt'] },
  held_messages: {
    key: 2,
    columns: ['hold', 'message', 'conversation', 'sender', 'sentAt', 'deletedAt', 'content'],
  },
  api_keys: {
    key: 1,
    columns: [
      ...(['id', 'name', 'scopes', 'hash', 'formerHash', 'formerUntil', 'perSecond'] as const),
      ...(['createdAt', 'expiresAt', 'lastUsedAt', 'revokedAt'] as const),
    ],
  },
  attachments: {
    key: 1,
    columns: [
      ...(['id', 'owner', 'state', 'name', 'size', 'type', 'sha256', 'reason', 'reservedAt', 'refs', 'dueAt'] as const),
      ...(['media', 'isCleaned', 'publicId'] as const),
    ],
  },
  attachment_references: { key: 3, columns: ['holder', 'message', 'attachment'] },
  moments: {
    key: 1,
    columns: ['id', 'author', 'clientId', 'text', 'chosen', 'pictures', 'at', 'likes', 'likers', 'comments'],
  },
  moment_likes: { key: 2, columns: ['moment', 'user', 'at', 'isLiked'] },
  moment_comments: { key: 2, columns: ['moment', 'id', 'author', 'clientId', 'text', 'at'] },
  moment_pictures: { key: 1, columns: ['id', 'owner', 'state', 'moment', 'body', 'at'] },
  logs: { key: 1, columns: ['log', 'head', 'floor', 'life'] },
  log_entries: {
    key: 2,
    columns: ['log', 'position', 'at', 'kind', 'conversation', 'message', 'previous', 'body', 'sender'],
  },
  first_recordings: { key: 2, columns: ['sender', 'clientId', 'message', 'digest', 'places', 'at'] },
  conversation_entries: {
    key: 2,
    columns: [
      ...(['user', 'conversation', 'lastMessage', 'lastFrom', 'preview', 'updatedAt', 'sent', 'unread'] as const),
      ...(['readUpTo', 'readAt', 'readNode', 'incoming', 'trimmed'] as const),
    ],
  },
  message_actions: { key: 2, columns: ['conversation', 'message', 'revision'] },
  device_positions: { key: 2, columns: ['user', 'device', 'position', 'at'] },
  conversation_states: { key: 2, columns: ['user', 'conversation', 'body'] },
  hidden_messages: { key: 3, columns: ['user', 'conversation', 'message'] },
  reactions: { key: 3, columns: ['conversation', 'message', 'user', 'body'] },
  groups: {
    key: 1,
    columns: ['conversation', 'body', 'dissolvedAt', 'lastMessage', 'lastFrom', 'preview', 'updatedAt'],
  },
  group_members: {
    key: 2,
    columns: [
      ...(['conversation', 'user', 'role', 'leftAt', 'since', 'body', 'readUpTo', 'readAt', 'readNode'] as const),
      ...(['readOthers', 'readMentions', 'name', 'order'] as const),
    ],
  },
  group_member_words: { key: 3, columns: ['conversation', 'word', 'user'] },
  group_totals: { key: 3, columns: ['conversation', 'who', 'message', 'total'] },
  group_edit_mentions: { key: 3, columns: ['conversation', 'user', 'message', 'at'] },
  group_links: { key: 1, columns: ['id', 'conversation', 'createdBy', 'createdAt', 'expiresAt', 'usesLeft'] },
  group_requests: { key: 2, columns: ['conversation', 'user', 'at'] },
  group_changes: { key: 3, columns: ['conversation', 'asker', 'change', 'digest', 'outcome', 'at'] },
  server_events: { key: 1, columns: ['position', 'id', 'key', 'loggedAt', 'body'] },
  server_event_log: { key: 0, columns: ['floor', 'head', 'wantedFrom', 'wantedUntil'] },
  webhooks: { key: 1, columns: ['endpoint', 'version', 'createdAt', 'body', 'owner', 'beat', 'progress'] },
  webhook_dead_letters: { key: 2, columns: ['endpoint', 'position', 'at', 'error', 'isReplayed', 'body'] },
} as const satisfies { [kind: string]: { key: number; columns: readonly string[] } };

export type MovedKind = keyof typeof MOVED_KINDS;

/** The values of a row in the order of its kind's columns. Numbers are whole. */
export type MovedRow = readonly (string | number | null)[];

export interface MovedPage {
  rows: MovedRow[];
  /** Where the next page begins; null: this was the last one. It holds while nothing is written. */
  cursor: string | null;
}

/**
 * A store whose rows can be moved to another store, of the same engine or of another one (`chasqui move`). Nothing else
 * may write to either store meanwhile: no app may run. Errors: `store_unavailable`.
 */
export interface MovableStore extends AsyncDisposable {
  /**
   * Rows of a kind, page by page, about `limit` at a time, in an order of the store's own. Two stores with the same
   * content give equal rows.
   */
  page(kind: MovedKind, cursor: string | null, limit: number): Promise<MovedPage>;
  /** Writes rows; one that is there is replaced. A resolved write survives kill -9. */
  put(kind: MovedKind, rows: readonly MovedRow[]): Promise<void>;
  /** To be called when all rows are put, before the store is used: what is derived from rows is made. Repeatable. */
  finish(): Promise<void>;
  /** What a move wrote down about this store, if it did. */
  note(): Promise<string | null>;
  /** Replaces the note; at most 255 characters. Null removes it. A resolved write survives kill -9. */
  setNote(note: string | null): Promise<void>;
  ping(): Promise<void>;
}
