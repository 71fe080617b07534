import type { ChatMessage } from '@chasqui/client';
import type { ForwardOrigin, MessageId, StoredMessage, UserId } from '@chasqui/domain';
import type { History } from '../history.ts';
import type { DeviceName } from '../records.ts';

/** What a message said from some moment on. */
export interface Version {
  /** When the store took it, on the history's clock. */
  at: number;
  /** Null: it was recalled. */
  text: string | null;
}

/** All that a message has said, oldest first, and whose words a forward of it has. */
export interface MessageLife {
  versions: readonly Version[];
  origin: ForwardOrigin;
  /** Of a forward with its origin. */
  forwarded: ForwardOrigin | undefined;
}

/** A device at the end. */
export interface LivingDevice {
  device: DeviceName;
  user: UserId;
  /** The stored messages on its screens of which it has got every update. */
  shown: readonly ChatMessage[];
}

/** What is known of the lives of messages in a cluster that has settled. */
export interface LifeEvidence {
  history: History;
  /** As stored. */
  messages: readonly StoredMessage[];
  lives: ReadonlyMap<MessageId, MessageLife>;
  /** When the store took it that a user hides a message, by `user messageId`, on the history's clock. */
  hidden: ReadonlyMap<string, number>;
  devices: readonly LivingDevice[];
  /** Whether a user may see a message now; `ever`: or might before. */
  maySee(user: UserId, message: StoredMessage, ever?: boolean): boolean;
  /** The ids that a user's search for a word finds, as HTTP does it. */
  find(user: UserId, word: string): Promise<readonly MessageId[]>;
}
