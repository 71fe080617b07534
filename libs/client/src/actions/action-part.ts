import type { ServerFrameOf } from '@chasqui/protocol';
import type { ActionCalls, ConversationName } from '../client.ts';
import type { ConversationKey } from '../conversations/direct.ts';
import type { Core } from '../core.ts';
import type { ActionSupport } from '../parts.ts';

/** What actions need of the client that has them. */
export interface ActionHost {
  core: Core;
  keyOf(conversation: ConversationName): ConversationKey;
}

/** Every `ActionSupport`, as the client sees it. */
export interface StartableActions extends ActionSupport {
  start(host: ActionHost): ActionPart;
}

/** What a client with actions has beside the rest. */
export interface ActionPart {
  readonly calls: ActionCalls;
  /** The server told of an action, live, in a sync or as an answer. */
  told(frame: ServerFrameOf<'action'>): void;
  /** Whether this came without the content that the device needs: a sync brings it. */
  lacks(frame: ServerFrameOf<'action'>): boolean;
  /** Returns true if the error answers an action. */
  error(frame: ServerFrameOf<'error'>): boolean;
}
