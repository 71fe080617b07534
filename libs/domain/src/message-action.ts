import type { UserId } from './conversation/conversation-id.ts';
import type { MessageStep, StepState, StoredMessage } from './message.ts';

/**
 * What members can do to a stored message. A new action is a new value here and takes the same path: the type checker
 * then names each table that needs a row for it.
 */
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

interface ActionEffect {
  /** The fields of the message that the action sets, except its revision. */
  changes(action: MessageAction): Partial<StoredMessage>;
  stepState: StepState;
  emptiesPreview: boolean;
}

const EFFECTS: { readonly [A in ActionName]: ActionEffect } = {
  recall: {
    changes: ({ at, by }) => ({ content: {}, recalledAt: at, recalledBy: by }),
    stepState: 'recalled',
    emptiesPreview: true,
  },
};

/** The message after the action. `recall` removes the content. */
export function applyAction(message: StoredMessage, action: MessageAction): StoredMessage {
  return { ...message, ...EFFECTS[action.action].changes(action), revision: action.revision };
}

/** The trace step of an action. `node`: the process that handled it. */
export function stepOfAction({ action, at }: MessageAction, node: string): MessageStep {
  return { state: EFFECTS[action].stepState, at, node };
}

/** Whether the action empties the preview of a message in conversation lists. If not, the preview stays as it is. */
export function emptiesPreview({ action }: Pick<MessageAction, 'action'>): boolean {
  return EFFECTS[action].emptiesPreview;
}
