import { applyAction, encodeMessage, encodeSteps, stepOfAction } from '@chasqui/domain';
import type { ApplyResult, HandledAction, RaiseResult } from '@chasqui/ports';
import type { Handlers } from '../../worker-link/caller.ts';
import type { StoreContext } from '../store-context.ts';
import type { StoreOperations } from '../store-operations.ts';
import { forgetFormerProgress } from './former-messages.ts';
import type { Seq } from './message-row.ts';
import {
  CHANGE_WIDTH,
  type ChangeFields,
  changeOf,
  PUT_WIDTH,
  putOf,
  raiseCode,
  type StoredFields,
  type StoredValues,
  storedMessage,
  storedValues,
} from './message-values.ts';
import { restoreMessage } from './restore-message.ts';
import { checksumOf } from './stored-body.ts';
import { arrivals, findForAddressee, load, loadToChange, rowOf } from './stored-messages.ts';

type MessageOperations = Handlers<Pick<StoreOperations, Extract<keyof StoreOperations, `messages.${string}`>>>;

const RAISE = `INSERT INTO progress VALUES (?, ?, ?, ?) ON CONFLICT DO
  UPDATE SET status = excluded.status, steps = steps || excluded.steps WHERE excluded.status > status`;
const STATUS = 'SELECT status FROM progress WHERE seq = ? AND member = ?';
const APPLY = `UPDATE messages SET body = ?, checksum = ?, revision = ?, recalled_at = ?, steps = steps || ?
  WHERE seq = ?`;
/** Above every message id. */
const NO_BOUND = '~';

function put({ conversations, users, messages }: StoreContext, values: readonly (string | number)[]): null {
  for (let at = 0; at < values.length; at += PUT_WIDTH) {
    const { conversationId, messageId, from, audience, text, steps } = putOf(values, at);
    const sender = users.obtain(from).id;
    messages.add({
      id: messageId,
      conversation: conversations.obtain(conversationId).id,
      steps,
      body: text,
      sender,
      audience: audience.map((log) => (log === from ? sender : users.obtain(log).id)),
    });
  }
  return null;
}

function find({ conversations, messages }: StoreContext, conversationId: string, id: string): Seq | undefined {
  const conversation = conversations.find(conversationId);
  return conversation === undefined ? undefined : messages.find(conversation.id, id);
}

function raise(store: StoreContext, { conversationId, messageId, member, rank, steps }: ChangeFields): RaiseResult {
  const { db, users } = store;
  const seq = findForAddressee(store, conversationId, messageId, member);
  if (seq === undefined) return 'missing';
  const { id } = users.obtain(member);
  // Every message is at least stored, so the status `stored` needs no row.
  if (rank > 0 && db.run(RAISE, seq, id, rank, steps) === 1) return 'raised';
  return db.number(STATUS, seq, id) === rank ? 'same' : 'further';
}

function apply(store: StoreContext, { conversationId, messageId, action, node }: HandledAction): ApplyResult {
  const seq = find(store, conversationId, messageId);
  const found = seq === undefined ? null : loadToChange(store, seq);
  if (seq === undefined || found === null) return 'missing';
  if (found.revision >= action.revision) return 'superseded';
  const changed = applyAction(storedMessage(storedValues(found)), action);
  const { text } = encodeMessage(changed);
  const step = encodeSteps([stepOfAction(action, node)]);
  store.db.run(APPLY, text, checksumOf(text), action.revision, changed.recalledAt ?? null, step, seq);
  return 'applied';
}

function remove(store: StoreContext, conversationId: string, id: string): void {
  const seq = find(store, conversationId, id);
  if (seq === undefined) return;
  if (rowOf(store, seq)?.sender === null) forgetFormerProgress(store, seq);
  store.messages.remove(store.conversations.obtain(conversationId).id, id);
}

function pageOf({ fields, cursor }: { fields: StoredFields[]; cursor: string | null }) {
  return { rows: fields.map(storedValues), cursor };
}

export function messageOperations(store: StoreContext): MessageOperations {
  const { db, conversations, messages } = store;
  return {
    'messages.put': (values) => put(store, values),
    'messages.get'(keys) {
      const rows: (StoredValues | null)[] = [];
      for (let i = 0; i < keys.length; i += 2) {
        const seq = find(store, keys[i] ?? '', keys[i + 1] ?? '');
        const found = seq === undefined ? null : load(store, seq);
        rows.push(found === null ? null : storedValues(found));
      }
      return rows;
    },
    'messages.page'([conversationId, before, after, limit]) {
      const conversation = conversations.find(conversationId);
      if (conversation === undefined) return [];
      const seqs = messages.page(conversation.id, before ?? NO_BOUND, after ?? '', limit);
      return seqs.flatMap((seq) => load(store, seq) ?? []).map(storedValues);
    },
    'messages.raise'(values) {
      const codes: number[] = [];
      for (let at = 0; at < values.length; at += CHANGE_WIDTH)
        codes.push(raiseCode(raise(store, changeOf(values, at))));
      return codes;
    },
    'messages.apply': (actions) => actions.map((one) => apply(store, one)),
    'messages.remove'(keys) {
      for (let i = 0; i < keys.length; i += 2) remove(store, keys[i] ?? '', keys[i + 1] ?? '');
      return null;
    },
    'messages.scan': ([cursor, limit]) => pageOf(arrivals(store, { after: Number(cursor ?? 0) }, limit)),
    'messages.restore'(all) {
      for (const fields of all) restoreMessage(store, fields);
      conversations.flushNames();
      return null;
    },
    'messages.newest': () => messages.newest(),
    'messages.recent': ([cursor, limit]) =>
      pageOf(arrivals(store, { before: Number(cursor ?? Number.MAX_SAFE_INTEGER) }, limit)),
    'messages.beginLookBack'([since, startedAt]) {
      const begun = db.get("SELECT value FROM meta WHERE key = 'look_back_since'")?.[0];
      const earliest = begun === undefined ? since : Math.min(Number(begun), since);
      db.run("INSERT OR REPLACE INTO meta VALUES ('look_back_since', ?), ('look_back_by', ?)", earliest, startedAt);
      return earliest;
    },
    'messages.endLookBack'(startedAt) {
      if (db.number("SELECT value FROM meta WHERE key = 'look_back_by'") === startedAt)
        db.run("DELETE FROM meta WHERE key IN ('look_back_since', 'look_back_by')");
      return null;
    },
    'messages.locate'(id) {
      const found = messages.locate(id);
      return found === undefined ? null : conversations.byId(found.conversation).name;
    },
  };
}
