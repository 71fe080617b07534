import type { MessageId } from '@chasqui/domain';
import type { ServerFrameOf } from '@chasqui/protocol';
import type { ConversationName } from '../conversations/conversation-name.ts';
import type { ConversationKey } from '../conversations/direct.ts';
import type { Core } from '../core.ts';
import type { RecallCalls } from '../part-calls.ts';
import type { RecallSupport } from '../parts.ts';

/** What recalls need of the client that has them. */
export interface RecallHost {
  core: Core;
  keyOf(conversation: ConversationName): ConversationKey;
}

/** Every `RecallSupport`, as the client sees it. */
export interface StartableRecalls extends RecallSupport {
  start(host: RecallHost): RecallPart;
}

/** What a client with recalls has beside the rest. */
export interface RecallPart {
  readonly calls: RecallCalls;
  /** A message was recalled. */
  done(messageId: MessageId): void;
  /** Returns true if the error answers a recall. */
  error(frame: ServerFrameOf<'error'>): boolean;
  offline(): void;
}
