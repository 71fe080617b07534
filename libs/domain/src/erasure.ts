import type { UserId } from './conversation/conversation-id.ts';

/** That a user is to be erased, and how far it is. It is kept for good: the id is never given to anybody again. */
export interface Erasure {
  userId: UserId;
  /** Whether the content of their messages is erased too. Once asked for, it stays so. */
  erasesMessages: boolean;
  /** Who asked for it, as the audit log names them (`AuditEntry.actor`). */
  askedBy: string;
  /** Unix ms. */
  requestedAt: number;
  /** Unix ms; 0: it is under way. */
  doneAt: number;
}
