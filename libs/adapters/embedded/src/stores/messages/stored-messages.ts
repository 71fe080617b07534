import { addresseesOf, encodeMessage, type Message } from '@chasqui/domain';
import type { StoreContext } from '../store-context.ts';
import { bringOver, formerAddress, formerProgress } from './former-messages.ts';
import { MESSAGE_COLUMNS, type MessageRow, messageRowOf, type Seq } from './message-row.ts';
import type { StoredFields } from './message-values.ts';
import { isSound, salvaged } from './stored-body.ts';

const PROGRESS = 'SELECT member, status, steps FROM progress WHERE seq = ?';
const SELECT = `SELECT ${MESSAGE_COLUMNS} FROM messages`;

type Address = Pick<Message, 'conversationId' | 'from' | 'audience'>;

/** The sender, conversation and audience of a message. */
function addressOf(
  { users }: StoreContext,
  conversationId: string,
  { sender, audience }: { sender: number; audience: readonly number[] | null },
): Address {
  const logs = (audience ?? []).map((log) => users.byId(log).name);
  return { conversationId, from: users.byId(sender).name, audience: logs };
}

/** The stored values of a row's message. A damaged body loses its own message's content, and nothing else. */
function fieldsOf(store: StoreContext, row: MessageRow): StoredFields & { address: Address } {
  const { db, users } = store;
  const { sender } = row;
  const isDamaged = !isSound(row.body, row.checksum);
  const { name } = store.conversations.byId(row.conversation);
  const address =
    sender === null
      ? { conversationId: name, ...formerAddress(row, name, isDamaged) }
      : addressOf(store, name, { ...row, sender });
  let text = row.body;
  if (isDamaged) {
    db.damagedRows.note(`message ${row.id} of ${address.conversationId}`);
    text = encodeMessage(salvaged(row.body, { messageId: row.id, ...address })).text;
  }
  const statuses: (string | number)[] = [];
  let { steps } = row;
  for (const [member, status, noted] of db.all(PROGRESS, row.seq)) {
    statuses.push(users.byId(member as number).name, status as number);
    steps += noted as string;
  }
  const former = row.sender === null ? formerProgress(store, row.seq) : undefined;
  if (former !== undefined) {
    statuses.push(...addresseesOf(address), former.status);
    steps += former.steps;
  }
  const revision = row.revision ?? (row.recalledAt === null ? 0 : 1);
  return { text, audience: address.audience, statuses, steps, revision, recalledAt: row.recalledAt, address };
}

export function rowOf({ db }: StoreContext, seq: Seq): MessageRow | undefined {
  const values = db.get(`${SELECT} WHERE seq = ?`, seq);
  return values === undefined ? undefined : messageRowOf(values);
}

export function load(store: StoreContext, seq: Seq): StoredFields | null {
  const row = rowOf(store, seq);
  return row === undefined ? null : fieldsOf(store, row);
}

/** As `load`, for a message that will be changed: a former row is converted first. */
export function loadToChange(store: StoreContext, seq: Seq): (StoredFields & { address: Address }) | null {
  const row = rowOf(store, seq);
  if (row === undefined) return null;
  const fields = fieldsOf(store, row);
  if (row.sender === null) bringOver(store, row, fields.address);
  return fields;
}

/** The row id of a message whose status for the member may change: the member is one of its addressees. */
export function findForAddressee(
  store: StoreContext,
  conversationId: string,
  id: string,
  member: string,
): Seq | undefined {
  const { conversations, messages, users } = store;
  const conversation = conversations.find(conversationId);
  if (conversation === undefined) return undefined;
  const recent = messages.recent(conversation.id, id);
  const seq = recent?.seq ?? messages.find(conversation.id, id);
  const filed = recent?.sender == null && seq !== undefined ? rowOf(store, seq) : recent;
  if (seq === undefined || filed === undefined) return undefined;
  const { sender, audience } = filed;
  // The common case needs no names: every receiver is an addressee.
  const user = users.find(member)?.id;
  if (sender !== null && user !== undefined && user !== sender && audience?.includes(user)) return seq;
  const address =
    sender === null ? loadToChange(store, seq)?.address : addressOf(store, conversationId, { sender, audience });
  return address !== undefined && addresseesOf(address).includes(member) ? seq : undefined;
}

/** Messages in the order of arrival: those after the cursor, or those before it in reverse. The cursor is a row id. */
export function arrivals(store: StoreContext, from: { after: Seq } | { before: Seq }, limit: number) {
  const [where, bound] =
    'after' in from ? ['seq > ? ORDER BY seq', from.after] : ['seq < ? ORDER BY seq DESC', from.before];
  const rows = store.db.all(`${SELECT} WHERE ${where} LIMIT ?`, bound, limit).map(messageRowOf);
  const last = rows.at(-1);
  const cursor = rows.length < limit || last === undefined ? null : String(last.seq);
  return { fields: rows.map((row) => fieldsOf(store, row)), cursor };
}
