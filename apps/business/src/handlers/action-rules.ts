import {
  type ActionName,
  type ErrorCode,
  type Limits,
  type MessageAction,
  type Role,
  type StoredMessage,
  SYSTEM_USER,
} from '@chasqui/domain';

/** An action that has no revision yet. */
type WantedAction = Omit<MessageAction, 'revision'>;

interface ActionRules {
  /** The error code of a refusal. */
  refusalCode: ErrorCode;
  /**
   * Who may do it, and until when: the reason of a refusal, or null. Whoever wants it may see the message. `role`: in a
   * group, or else null.
   */
  refusal(message: StoredMessage, wanted: WantedAction & { role: Role | null }, limits: Limits): string | null;
  /**
   * The revision under which the action was applied before; null: it was not. Recognises repeats and redelivered
   * events, also if the process ended between the writes to the stores.
   */
  doneAs(message: StoredMessage, wanted: WantedAction): number | null;
}

export const ACTION_RULES: { readonly [A in ActionName]: ActionRules } = {
  recall: {
    refusalCode: 'recall_refused',
    refusal({ from, sentAt }, { by, at, role }, { recallWindowMs }) {
      if (by === SYSTEM_USER || role === 'owner' || role === 'admin') return null;
      if (from !== by) return 'only its sender, or an admin of the group, can recall a message';
      return at - sentAt > recallWindowMs ? 'the message is too old to be recalled' : null;
    },
    // No action follows a recall, so its revision is the last.
    doneAs: ({ recalledAt, revision }) => (recalledAt === undefined ? null : revision),
  },
};

/**
 * The action with its revision, which is the message's next one. An action that was applied before keeps its revision,
 * so that repeats change nothing.
 */
export function actionOn(message: StoredMessage, { action, by, at }: WantedAction): MessageAction {
  const wanted = { action, by, at };
  return { ...wanted, revision: ACTION_RULES[action].doneAs(message, wanted) ?? message.revision + 1 };
}
