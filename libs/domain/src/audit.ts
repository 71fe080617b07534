import type { UserId } from './conversation/conversation-id.ts';

/** What operators do to others' accounts, and to what is stored. */
export const AUDIT_ACTIONS = [
  'read_user',
  'end_sessions',
  'disable_user',
  'enable_user',
  'repair_unread',
  'rebuild_index',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** `begun`: about to be done. Every other entry says how one that was begun ended. */
export const AUDIT_OUTCOMES = ['begun', 'done', 'failed'] as const;
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

export const AUDIT_ID_PATTERN = '^[0-9a-f]{24}$';

/** One line of the audit log: who did what, to whom, when, and what came of it. It holds no words of messages and no secrets. */
export interface AuditEntry {
  /** 12 hexadecimal digits of `at`, and 12 random ones: it sorts by time. */
  entryId: string;
  /** Of an outcome: the entry that says that it was begun. Else empty. */
  begunBy: string;
  /** Unix ms. */
  at: number;
  /** A user id, or `cli:` and the account that ran the command. At most 128 characters. */
  actor: string;
  action: AuditAction;
  /** The user whom it was done to. Empty: nobody in particular. */
  target: UserId;
  outcome: AuditOutcome;
  /** Our words for what matters beyond that: an error code, a count. At most 200 characters. */
  detail: string;
}

/** `random`: 48 bits. */
export function auditId(at: number, random: number): string {
  return at.toString(16).padStart(12, '0') + random.toString(16).padStart(12, '0');
}
