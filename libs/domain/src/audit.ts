import type { UserId } from './conversation/conversation-id.ts';

/** What operators do to other users' accounts and to stored data. */
export const AUDIT_ACTIONS = [
  'read_user',
  'read_group',
  'end_sessions',
  'disable_user',
  'enable_user',
  'ask_erasure',
  'erase_user',
  'place_hold',
  'release_hold',
  'read_held',
  'read_versions',
  'repair_unread',
  'rebuild_index',
  'remove_orphans',
  'read_file',
  'upload_file',
  'create_user',
  'change_user',
  'change_group',
  'delete_message',
  'create_key',
  'rotate_key',
  'revoke_key',
  'manage_webhooks',
  'import_data',
  'export_data',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** `begun`: the action is about to start. The other outcomes say how an action that was begun ended. */
export const AUDIT_OUTCOMES = ['begun', 'done', 'failed'] as const;
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

export const AUDIT_ID_PATTERN = '^[0-9a-f]{24}$';

/**
 * One entry of the audit log: who did what to whom, when, and with what outcome. It contains no message content and no
 * secrets.
 */
export interface AuditEntry {
  /** 12 hexadecimal digits of `at`, then 12 random ones, so ids sort by time. */
  entryId: string;
  /** For an outcome: the id of the `begun` entry. Otherwise empty. */
  begunBy: string;
  /** Unix ms. */
  at: number;
  /** A user id, `cli:` and the account that ran the command, or `key:` and the id of a key of the server API. At most 128 characters. */
  actor: string;
  action: AuditAction;
  /** The affected user. Empty: no particular user. */
  target: UserId;
  outcome: AuditOutcome;
  /** Further details in our own words: an error code, a count. At most 200 characters. */
  detail: string;
}

/** `random`: 48 bits. */
export function auditId(at: number, random: number): string {
  return at.toString(16).padStart(12, '0') + random.toString(16).padStart(12, '0');
}
