import type { UserId } from './conversation/conversation-id.ts';
import type { MessageStep, StepState, StoredMessage } from './message.ts';

/** What members can do to a message that is stored. A further one is a further value here, not a further road. */
export const ACTION_NAMES = ['recall'] as const;
export type ActionName = (typeof ACTION_NAMES)[number];

/** Actions that one message can have: some stores make timestamps of the number. */
export const MAX_REVISION = 1_000_000;

/** Something that was done to a stored message. */
export interface MessageAction {
  action: ActionName;
  /** Orders the actions on one message: 1 for the first. Of two with the same number one was never applied. */
  revision: number;
  by: UserId;
  /** Unix ms. */
  at: number;
}

/** The message as the action leaves it: `recall` takes the content away. */
export function applyAction(message: StoredMessage, { action, revision, at }: MessageAction): StoredMessage {
  switch (action) {
    case 'recall':
      return { ...message, revision, content: {}, recalledAt: at };
  }
}

const STEP_STATES: { readonly [A in ActionName]: StepState } = { recall: 'recalled' };

/** What a message's trace says of an action. `node`: who handled it. */
export function stepOfAction({ action, at }: MessageAction, node: string): MessageStep {
  return { state: STEP_STATES[action], at, node };
}
