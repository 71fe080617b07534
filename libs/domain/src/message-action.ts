import { defined } from './collections/defined.ts';
import type { UserId } from './conversation/conversation-id.ts';
import { previewOf } from './cut-text.ts';
import type { Mentions, MessageStep, MessageVersion, StepState, StoredMessage } from './message.ts';
import type { MessageContent } from './message-content.ts';

/**
 * What members can do to a stored message. A new action is a new value here and takes the same path: the type checker
 * then names each table that needs a row for it.
 */
export const ACTION_NAMES = ['recall', 'edit'] as const;
export type ActionName = (typeof ACTION_NAMES)[number];

/** Maximum number of actions on one message: some stores turn the revision into a timestamp. */
export const MAX_REVISION = 1_000_000;

/** How many of the latest edits of a message are known again when they are repeated. */
export const MAX_EDIT_IDS = 10;

/** Of the earlier versions of a message together: whoever reads a page of messages reads theirs too. */
const MAX_VERSIONS_CHARACTERS = 256 * 1024;

interface AnyAction {
  /** Orders the actions on one message, from 1. Of two actions with the same revision, only one was applied. */
  revision: number;
  by: UserId;
  /** Unix ms. */
  at: number;
}

/** Removes the content. */
export interface RecallAction extends AnyAction {
  action: 'recall';
}

/** Replaces the text and the application's data. */
export interface EditAction extends AnyAction {
  action: 'edit';
  /** The whole content after the edit: see `editedContent`. */
  content: MessageContent;
  /** The author's idempotency key for it: a repeat with the same one changes nothing. */
  actionId: string;
  /** Only in groups: whom it names, beside those whom the message mentions already. */
  mentions?: readonly UserId[];
  /** How many earlier versions the message keeps. Absent: none more. */
  keptVersions?: number;
}

/** A change of a stored message. */
export type MessageAction = RecallAction | EditAction;
type ActionOf<A extends ActionName> = Extract<MessageAction, { action: A }>;

/** An action that has no revision yet. */
export type WantedAction<A extends ActionName = ActionName> = {
  [N in A]: Omit<ActionOf<N>, 'revision' | 'keptVersions'>;
}[A];

interface ActionEffect<A extends MessageAction> {
  /** The fields of the message that the action sets, except its revision. */
  changes(action: A, message: StoredMessage): Partial<StoredMessage>;
  stepState: StepState;
  removesContent: boolean;
  /** The preview of the message in conversation lists since then. */
  preview(action: A): string;
}

const EFFECTS: { readonly [A in ActionName]: ActionEffect<ActionOf<A>> } = {
  recall: {
    changes: ({ at, by }) => ({ content: {}, recalledAt: at, recalledBy: by }),
    stepState: 'recalled',
    removesContent: true,
    preview: () => '',
  },
  edit: {
    changes(edit, message) {
      const { editIds = [], recalledAt } = message;
      if (recalledAt !== undefined) return {};
      const { content, at: editedAt, actionId } = edit;
      return {
        ...{ content, editedAt, editIds: [...editIds, actionId].slice(-MAX_EDIT_IDS) },
        ...defined({
          versions: versionsAfter(edit, message),
          mentions: mentionsAfter(message.mentions, edit.mentions),
        }),
      };
    },
    stepState: 'edited',
    removesContent: false,
    preview: ({ content }) => previewOf(content),
  },
};

function effectOf({ action }: Pick<MessageAction, 'action'>): ActionEffect<MessageAction> {
  return EFFECTS[action] as ActionEffect<MessageAction>;
}

/** An edit takes no mention back: whoever was named has been told, and it counts for them. */
export function mentionsAfter(before: Mentions | undefined, named: readonly UserId[] = []): Mentions | undefined {
  if (before === 'all' || named.length === 0) return before;
  return [...new Set([...(before ?? []), ...named])];
}

/** The first version is always among those that are kept, and so is the latest if there is room for two. */
function versionsAfter(
  { keptVersions = 0 }: EditAction,
  { versions = [], content, editedAt, sentAt }: StoredMessage,
): readonly MessageVersion[] | undefined {
  if (keptVersions === 0) return undefined;
  const all = [...versions, { content, at: editedAt ?? sentAt }];
  let from = all.length;
  let characters = lengthOf(all[0]);
  while (from > 1 && all.length - from < keptVersions - 1) {
    characters += lengthOf(all[from - 1]);
    if (characters > MAX_VERSIONS_CHARACTERS && from < all.length) break;
    from--;
  }
  return [...all.slice(0, 1), ...all.slice(from)];
}

function lengthOf(version: MessageVersion | undefined): number {
  return JSON.stringify(version).length;
}

/** The message after the action. `recall` removes the content, earlier ones and whose words it had; `edit` replaces it. */
export function applyAction(message: StoredMessage, action: MessageAction): StoredMessage {
  const { changes, removesContent } = effectOf(action);
  const { forwarded, versions, ...others } = message;
  const kept = removesContent ? {} : defined({ forwarded, versions });
  return { ...others, ...kept, ...changes(action, message), revision: action.revision };
}

/** The trace step of an action. `node`: the process that handled it. */
export function stepOfAction(action: Pick<MessageAction, 'action' | 'at'>, node: string): MessageStep {
  return { state: effectOf(action).stepState, at: action.at, node };
}

/** Whether the message has no content after the action. */
export function removesContent(action: Pick<MessageAction, 'action'>): boolean {
  return effectOf(action).removesContent;
}

/** What the preview of the message in conversation lists is after the action. */
export function previewAfter(action: MessageAction): string {
  return effectOf(action).preview(action);
}

/**
 * What an edit makes of a message's content: text and data are replaced, all other parts stay. Null: the edit would make
 * another kind of message of it, as a message keeps the parts that it has. Only beside other parts a text comes and goes.
 */
export function editedContent(before: MessageContent, edit: MessageContent): MessageContent | null {
  const { text, data, ...others } = before;
  if (Object.keys(edit).some((part) => part !== 'text' && part !== 'data')) return null;
  if ((data === undefined) !== (edit.data === undefined)) return null;
  if ((text === undefined) !== (edit.text === undefined) && Object.keys(others).length === 0) return null;
  return { ...others, ...edit };
}

/** The parts of a content that edits do not replace. */
export function unedited({ text: _, data: __, ...others }: MessageContent): MessageContent {
  return others;
}
