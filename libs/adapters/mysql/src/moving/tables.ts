import type { MovedKind } from '@chasqui/ports';

/** A table whose rows are moved as they are. */
export interface MovedTable {
  table: string;
  /** Its columns, in the order of those of the kind. */
  columns: string;
  /** Columns that other stores do not have, with their value. */
  more?: { column: string; value: number };
  /** Rows that count; default: all. */
  where?: string;
  /** Behind the condition: rows that are one. */
  group?: string;
}

/** Kinds whose rows differ from those of a table. */
export type OddKind =
  | 'push_registrations'
  | 'moments'
  | 'log_entries'
  | 'first_recordings'
  | 'conversation_entries'
  | 'message_actions';

export const MOVED_TABLES: { readonly [Kind in Exclude<MovedKind, OddKind>]: MovedTable } = {
  accounts: { table: 'accounts', columns: 'user_id, password_hash, display_name, created_at' },
  profiles: { table: 'profiles', columns: 'user_id, version, body' },
  profile_words: { table: 'name_words', columns: 'word, user_id' },
  contacts: { table: 'contacts', columns: 'user_id, other_id, state, at' },
  blocks: { table: 'blocks', columns: 'user_id, other_id, at' },
  devices: { table: 'devices', columns: 'user_id, device_id, platform, first_seen, last_seen' },
  revocations: { table: 'revocations', columns: 'user_id, device_id, issued_before, generation, counter' },
  disabled_users: { table: 'disabled_users', columns: 'user_id, at' },
  logins: { table: 'logins', columns: 'user_id, login_id, step, at' },
  audit_log: { table: 'audit_log', columns: 'entry_id, begun_by, at, actor, action, target, outcome, detail' },
  push_outcomes: {
    table: 'push_outcomes',
    columns: 'subject_id, user_id, device_id, result, provider, reason, attempts, at, node',
  },
  erasures: { table: 'erasures', columns: 'user_id, erases_messages, asked_by, requested_at, done_at, held_until' },
  legal_holds: { table: 'legal_holds', columns: 'hold_id, kind, subject, reason, placed_by, placed_at' },
  held_messages: {
    table: 'held_messages',
    columns: 'hold_id, message_id, conversation_id, sender_id, sent_at, deleted_at, content',
  },
  api_keys: {
    table: 'api_keys',
    columns: `key_id, name, scopes, secret_hash, former_hash, former_until, per_second, created_at, expires_at,
      last_used_at, revoked_at`,
  },
  attachments: {
    table: 'attachments',
    columns: `attachment_id, owner_id, state, name, size, type, sha256, reason, reserved_at, refs, due_at, media,
      is_cleaned, public_id`,
  },
  attachment_references: { table: 'attachment_refs', columns: 'holder, message_id, attachment_id' },
  moment_likes: { table: 'moment_likes', columns: 'moment_id, user_id, at, is_liked' },
  moment_comments: {
    table: 'moment_comments',
    columns: 'moment_id, comment_id, author_id, client_comment_id, body, at',
  },
  moment_pictures: { table: 'moment_pictures', columns: 'picture_id, owner_id, state, moment_id, body, at' },
  logs: { table: 'inbox_heads', columns: 'user_id, head, floor, life', where: 'head > 0 OR life > 0' },
  device_positions: { table: 'device_positions', columns: 'user_id, device_id, position, at' },
  conversation_states: { table: 'conversation_states', columns: 'user_id, conversation_id, body' },
  hidden_messages: { table: 'hidden_messages', columns: 'user_id, conversation_id, message_id' },
  reactions: { table: 'reactions', columns: 'conversation_id, message_id, user_id, body' },
  groups: {
    table: 'chat_groups',
    columns: 'conversation_id, body, dissolved_at, last_message_id, last_from, preview, updated_at',
  },
  group_members: {
    table: 'group_members',
    columns: `conversation_id, user_id, role, left_at, since_id, body, read_up_to, read_at, read_node, read_others,
      read_mentions, display_name, display_order`,
  },
  group_member_words: { table: 'group_member_words', columns: 'conversation_id, word, user_id' },
  group_totals: { table: 'group_totals', columns: 'conversation_id, who, message_id, total' },
  group_edit_mentions: { table: 'edit_mentions', columns: 'conversation_id, user_id, message_id, at' },
  group_links: {
    table: 'group_links',
    columns: 'link_id, conversation_id, created_by, created_at, expires_at, uses_left',
  },
  group_requests: { table: 'group_requests', columns: 'conversation_id, user_id, at' },
  group_changes: { table: 'group_changes', columns: 'conversation_id, asker, change_id, digest, outcome, at' },
  server_events: { table: 'server_events', columns: 'position, event_id, event_key, logged_at, body' },
  server_event_log: {
    table: 'server_event_log',
    columns: 'floor, head, wanted_from, wanted_until',
    more: { column: 'id', value: 1 },
    where: 'head > 0 OR wanted_until > 0',
  },
  webhooks: { table: 'webhooks', columns: 'endpoint_id, version, created_at, body, owner, beat, progress' },
  webhook_dead_letters: {
    table: 'webhook_dead_letters',
    columns: 'endpoint_id, position, at, error, is_replayed, body',
  },
};
