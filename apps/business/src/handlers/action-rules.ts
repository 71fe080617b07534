import type { KnownMember } from '@chasqui/core';
import {
  type ActionName,
  defined,
  type ErrorCode,
  editedContent,
  type Limits,
  MAX_MENTIONS,
  MAX_REVISION,
  type MessageAction,
  mentionsAfter,
  POST_REFUSALS,
  postRefusal,
  removesContent,
  type StoredMessage,
  SYSTEM_USER,
  type WantedAction,
} from '@chasqui/domain';

/** Why an action is refused. */
export interface ActionRefusal {
  code: ErrorCode;
  field: string;
  message: string;
}

interface ActionRules<A extends ActionName> {
  /** Who may do it, and until when. Null: it may be done. Whoever wants it may see the message: `standing`. */
  refusal(
    message: StoredMessage,
    wanted: WantedAction<A>,
    context: { standing: KnownMember; limits: Limits },
  ): ActionRefusal | null;
  /**
   * The revision under which the action was applied before; null: it was not. Recognises repeats and redelivered
   * events, also if the process ended between the writes to the stores.
   */
  doneAs(message: StoredMessage, wanted: WantedAction<A>): number | null;
  /** The action as stores apply it. */
  made(message: StoredMessage, wanted: WantedAction<A>, revision: number): MessageAction;
}

const ACTION_RULES: { readonly [A in ActionName]: ActionRules<A> } = {
  recall: {
    refusal({ from, sentAt }, { by, at }, { standing: { member }, limits: { recallWindowMs } }) {
      if (by === SYSTEM_USER || member?.role === 'owner' || member?.role === 'admin') return null;
      const refused = (message: string) => ({ code: 'recall_refused', field: 'messageId', message }) as const;
      if (from !== by) return refused('only its sender, or an admin of the group, can recall a message');
      return at - sentAt > recallWindowMs ? refused('the message is too old to be recalled') : null;
    },
    // No action follows a recall, so its revision is the last.
    doneAs: ({ recalledAt, revision }) => (recalledAt === undefined ? null : revision),
    made: (_, { by, at }, revision) => ({ action: 'recall', revision, by, at }),
  },
  edit: {
    refusal(message, { by, at, content, mentions }, { standing: { group, member }, limits: { editWindowMs } }) {
      const refused = (why: string, field = 'messageId') => ({ code: 'action_refused', field, message: why }) as const;
      if (message.from !== by) return refused('only its sender can edit a message');
      if (message.recalledAt !== undefined) return refused('the message was recalled');
      // It would put words into the mouth of whoever wrote it.
      if (message.forwarded !== undefined) return refused('a forwarded message cannot be edited');
      if (at - message.sentAt > editWindowMs) return refused('the message is too old to be edited');
      if ((mentionsAfter(message.mentions, mentions)?.length ?? 0) > MAX_MENTIONS)
        return refused(`a message mentions at most ${MAX_MENTIONS} members by name`, 'mentions');
      if (editedContent(message.content, content) === null)
        return refused('an edit must have the parts that the message has: text, data, or both', 'content');
      const reason = group === null ? null : postRefusal(group, member, { from: by, mentionsAll: false, at });
      return reason === null ? null : POST_REFUSALS[reason];
    },
    // Others know the ids of edits as well.
    doneAs({ from, revision, recalledAt, editIds = [] }, { by, actionId }) {
      if (from !== by) return null;
      const place = editIds.lastIndexOf(actionId);
      // Each edit is the next revision; a recall may follow the last one.
      return place === -1 ? null : revision - (recalledAt === undefined ? 0 : 1) - (editIds.length - 1 - place);
    },
    made: (message, { by, at, content, actionId, mentions }, revision) => {
      const isNaming = message.kind === 'group' && message.mentions !== 'all';
      return {
        action: 'edit',
        revision,
        by,
        at,
        content: editedContent(message.content, content) ?? content,
        actionId,
        ...(isNaming ? defined({ mentions }) : {}),
      };
    },
  },
};

/** The rules of an action, for any action. */
function rulesOf(wanted: WantedAction): ActionRules<ActionName> {
  return ACTION_RULES[wanted.action] as ActionRules<ActionName>;
}

/** The revision under which the action was applied before; null: it was not. */
export function doneAs(message: StoredMessage, wanted: WantedAction): number | null {
  return rulesOf(wanted).doneAs(message, wanted);
}

const CHANGED_TOO_OFTEN: ActionRefusal = {
  code: 'action_refused',
  field: 'messageId',
  message: 'the message was changed too often: send another one',
};

/** Why the action may not be done. Null: it may. The last revision is left for a recall (C16). */
export function refusalOf(
  message: StoredMessage,
  wanted: WantedAction,
  context: { standing: KnownMember; limits: Limits },
): ActionRefusal | null {
  if (!removesContent(wanted) && message.revision >= MAX_REVISION - 1) return CHANGED_TOO_OFTEN;
  return rulesOf(wanted).refusal(message, wanted, context);
}

/**
 * The action with its revision, which is the message's next one. An action that was applied before keeps its revision,
 * so that repeats change nothing. `keptVersions`: of what edits replace.
 */
export function actionOn(message: StoredMessage, wanted: WantedAction, keptVersions = 0): MessageAction {
  const made = rulesOf(wanted).made(message, wanted, doneAs(message, wanted) ?? message.revision + 1);
  return made.action === 'edit' && keptVersions > 0 ? { ...made, keptVersions } : made;
}
