import type { ImError } from '@chasqui/domain';
import type { ServerFrameOf } from '@chasqui/protocol';
import type { ConversationName } from '../conversations/conversation-name.ts';
import type { ConversationKey } from '../conversations/direct.ts';
import type { Core } from '../core.ts';
import type { ClientOptions } from '../options.ts';
import type { ActionCalls } from '../part-calls.ts';
import type { ActionSupport } from '../parts.ts';
import type { OwnAction } from './action-sender.ts';

/** What actions need of the client that has them. */
export interface ActionHost {
  core: Core;
  options: ClientOptions;
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

/** Actions of one kind, with the own ones that wait for an answer. */
export interface ActionKind extends Pick<ActionPart, 'told' | 'lacks'> {
  readonly calls: Partial<ActionCalls>;
  /** An own action was refused for good. Returns false if it shall be sent again nevertheless. */
  refused(action: OwnAction, error: ImError): boolean;
  /** After each login: sends what waits; what another user has left is dropped. */
  online(): void;
  /** Promises reject; what waits is sent after the next login all the same. */
  closed(): void;
}
