import type { Position } from '@chasqui/domain';
import type { ServerFrameOf } from '@chasqui/protocol';
import type { ConversationName } from '../conversations/conversation-name.ts';
import type { ConversationKey } from '../conversations/direct.ts';
import type { KeptConversation } from '../conversations/kept-conversation.ts';
import type { Core } from '../core.ts';
import type { ClientOptions } from '../options.ts';
import type { StateCalls } from '../part-calls.ts';
import type { StateSupport } from '../parts.ts';
import type { LogTracker } from '../receiving/log-tracker.ts';

/** What states need of the client that has them. */
export interface StateHost {
  core: Core;
  options: ClientOptions;
  /** Of the inbox, which brings the states. */
  tracker: LogTracker;
  keyOf(conversation: ConversationName): ConversationKey;
}

/** Every `StateSupport`, as the client sees it. */
export interface StartableStates extends StateSupport {
  start(host: StateHost): StatePart;
}

/** What a client with states has beside the rest. */
export interface StatePart {
  readonly calls: StateCalls;
  updated(frame: ServerFrameOf<'conversation_state'>): void;
  /** The user's mark moved, by the update at this position. */
  read(view: KeptConversation, position: Position | undefined): void;
}
