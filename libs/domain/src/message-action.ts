import type { UserId } from './conversation/conversation-id.ts';
import type { MessageStep, StepState, StoredMessage } from './message.ts';

/** What members can do to a stored message. A new action is a new value here and takes the same path. */
export const ACTION_NAMES = ['recall'] as const;
export type ActionName = (typeof ACTION_NAMES)[number];

/** Maximum number of actions on one message: some stores turn the revision into a timestamp. */
export const MAX_REVISION = 1_000_000;

/** A change of a stored message. */
export interface MessageAction {
  action: ActionName;
  /** Orders the actions on one message, from 1. Of two actions with the same revision, only one was applied. */
  revision: number;
  by: UserId;
  /** Unix ms. */
  at: number;
}

/** The message after the action: `recall` removes the content. */
export function applyAction(message: StoredMessage, { action, revision, at }: MessageAction): StoredMessage {
  switch (action) {
    case 'recall':
      return { ...message, revision, content: {}, recalledAt: at };
  }
}

const STEP_STATES: { readonly [A in ActionName]: StepState } = { recall: 'recalled' };

/** The trace step of an action. `node`: the process that handled it. */
export function stepOfAction({ action, at }: MessageAction, node: string): MessageStep {
  return { state: STEP_STATES[action], at, node };
}
