import type { MovedKind } from '@chasqui/ports';
import {
  CONTACT_STATE,
  CONVERSATION,
  type ColumnRule,
  PROVIDER,
  RESULT,
  USER,
  USER_OR_NONE,
  WHO,
} from './column-rules.ts';

/** A table of SQLite whose rows are moved. */
export interface MovedTable {
  table: string;
  /** Its columns, in the order of those of the kind. */
  columns: string;
  /** Columns that have numbers where the rows have names. */
  as?: { readonly [column: string]: ColumnRule };
  /** Rows that count; default: all. */
  where?: string;
  /** A column with the number of the user whom another column names. */
  number?: { column: string; of: string };
}

/** Kinds that are in sorted tables, or in several. */
export type OddKind = 'logs' | 'log_entries' | 'first_recordings' | 'conversation_entries';

const IN_GROUP = { conversation: CONVERSATION };

export const MOVED_TABLES: { readonly [Kind in Exclude<MovedKind, OddKind>]: MovedTable } = {
  accounts: { table: 'accounts', columns: 'user_id, password_hash, display_name, created_at' },
  profiles: { table: 'profiles', columns: 'user, version, body' },
  profile_words: { table: 'name_words', columns: 'word, user' },
  contacts: { table: 'contacts', columns: 'user, other, state, at', as: { state: CONTACT_STATE } },
  blocks: { table: 'blocks', columns: 'user, other, at' },
  devices: { table: 'installs', columns: 'user, device, platform, first_seen, last_seen' },
  push_registrations: {
    table: 'registrations',
    columns: 'user, device, provider, token, app, language, at, confirmed',
    as: { provider: PROVIDER },
  },
  revocations: { table: 'revocations', columns: 'user, device, issued_before, generation, counter' },
  disabled_users: { table: 'disabled', columns: 'user, at' },
  logins: { table: 'logins', columns: 'user, login, step, at' },
  audit_log: { table: 'audit_log', columns: 'id, begun_by, at, actor, action, target, outcome, detail' },
  push_outcomes: {
    table: 'push_outcomes',
    columns: 'subject, user, device, result, provider, reason, attempts, at, node',
    as: { result: RESULT },
  },
  erasures: { table: 'erasures', columns: 'user, erases_messages, asked_by, requested_at, done_at, held_until' },
  legal_holds: { table: 'holds', columns: 'id, kind, subject, reason, placed_by, placed_at' },
  held_messages: {
    table: 'held_messages',
    columns: 'hold, message, conversation, sender, sent_at, deleted_at, content',
  },
  api_keys: {
    table: 'api_keys',
    columns: `id, name, scopes, hash, former_hash, former_until, per_second, created_at, expires_at, last_used_at,
      revoked_at`,
  },
  attachments: {
    table: 'attachments',
    columns: `id, owner, state, name, size, type, sha256, reason, reserved_at, refs, due_at, media, is_cleaned,
      public_id`,
  },
  attachment_references: { table: 'attachment_refs', columns: 'holder, message, attachment' },
  moments: {
    table: 'moments',
    columns: 'id, author, client_id, text, chosen, pictures, at, likes, likers, comments',
  },
  moment_likes: { table: 'moment_likes', columns: 'moment, user, at, liked' },
  moment_comments: { table: 'moment_comments', columns: 'moment, id, author, client_id, text, at' },
  moment_pictures: { table: 'moment_pictures', columns: 'id, owner, state, moment, body, at' },
  message_actions: { table: 'actions', columns: 'conversation, message_id, revision', as: IN_GROUP },
  device_positions: { table: 'devices', columns: 'user, device, position, at', as: { user: USER } },
  conversation_states: {
    table: 'conversation_states',
    columns: 'user, conversation, body',
    as: { user: USER, conversation: CONVERSATION },
  },
  hidden_messages: {
    table: 'hidden_messages',
    columns: 'user, conversation, message_id',
    as: { user: USER, conversation: CONVERSATION },
  },
  reactions: {
    table: 'reactions',
    columns: 'conversation, message_id, user, body',
    as: { conversation: CONVERSATION, user: USER_OR_NONE },
  },
  groups: {
    table: 'groups',
    columns: 'conversation, body, dissolved_at, last_id, last_from, preview, updated_at',
    as: IN_GROUP,
  },
  group_members: {
    table: 'members',
    columns: `conversation, name, role, left_at, since_id, body, read_id, read_at, read_node, read_others,
      read_mentions, display_name, display_order`,
    as: IN_GROUP,
    number: { column: 'user', of: 'name' },
  },
  group_member_words: { table: 'member_words', columns: 'conversation, word, name', as: IN_GROUP },
  group_totals: {
    table: 'tallies',
    columns: 'conversation, who, id, total',
    as: { conversation: CONVERSATION, who: WHO },
  },
  group_edit_mentions: {
    table: 'edit_mentions',
    columns: 'conversation, user, id, at',
    as: { conversation: CONVERSATION, user: USER },
  },
  group_links: {
    table: 'group_links',
    columns: 'id, conversation, created_by, created_at, expires_at, uses_left',
  },
  group_requests: { table: 'group_requests', columns: 'conversation, name, at' },
  group_changes: { table: 'group_changes', columns: 'conversation, asker, change_id, digest, outcome, at' },
  server_events: { table: 'server_events', columns: 'position, id, key, logged_at, body' },
  server_event_log: {
    table: 'server_event_log',
    columns: 'floor, head, wanted_from, wanted_until',
    where: 'head > 0 OR wanted_until > 0',
  },
  webhooks: { table: 'webhooks', columns: 'endpoint, version, created_at, body, owner, beat, progress' },
  webhook_dead_letters: {
    table: 'webhook_dead_letters',
    columns: 'endpoint, position, at, error, is_replayed, body',
  },
};
