import { type Clock, defined, isMessageId, type Random, type StoredMessage } from '@chasqui/domain';
import type { MessageKey, MessageLocator, MessageStore } from '@chasqui/ports';
import type { Cluster } from '../cluster/cluster.ts';
import { type TableAction, TableRows } from '../cluster/table-rows.ts';
import { advanceStatuses } from './advance-status.ts';
import { applyToRow, inChains } from './apply-action.ts';
import { putTime, removeTime } from './cell-timestamps.ts';
import { restoredCells } from './restored-cells.ts';
import { after, conversationEnd, conversationStart, locationRow, messageRow } from './row-keys.ts';
import { unavailable } from './store-error.ts';
import { BODY, putCells, storedMessage } from './stored-row.ts';
import type { TableNames } from './table-names.ts';

export interface MessageStoreOptions {
  cluster: Cluster;
  tables: TableNames;
  clock: Clock;
  random: Random;
}

/** The only column of a location. */
const CONVERSATION = 'c';

/**
 * `MessageStore` and `MessageLocator` over two tables. A message and its location are written in parallel in one call,
 * and a put is done when both are stored: an acked message can be located. If a crash leaves only one of them, the
 * repeated put completes the pair; until then a location may name a missing message, which `locate` detects by a read.
 */
export function createHbaseMessages({
  cluster,
  tables,
  clock,
  random,
}: MessageStoreOptions): MessageStore & MessageLocator {
  /** Each call gets its own deadline. */
  const within = <T>(work: (rows: TableRows) => Promise<T>) => unavailable(() => work(new TableRows(cluster)));
  const messageAction = ({ conversationId, messageId }: MessageKey, qualifiers?: string[]): TableAction => ({
    table: tables.messages,
    action: {
      kind: 'get',
      row: messageRow(conversationId, messageId),
      ...defined({ qualifiers }),
    },
  });
  return {
    put: (messages) =>
      within(async (rows) => {
        const now = clock.now();
        await rows.batch(messages.flatMap((one) => putActions(tables, one, now)));
      }),
    get: (keys) =>
      within(async (rows) => {
        const found = await rows.batch(keys.map((key) => messageAction(key)));
        return found.map((row) => (row === null ? null : storedMessage(row)));
      }),
    page: (conversationId, { before, after: above, limit }) =>
      within(async (rows) => {
        const start =
          before === undefined ? conversationStart(conversationId) : after(messageRow(conversationId, before));
        const end = above === undefined ? conversationEnd(conversationId) : messageRow(conversationId, above);
        if (start.compare(end) >= 0) return [];
        const page = await rows.scan(tables.messages, start, end, limit);
        return page.map(storedMessage).filter((message) => message !== null);
      }),
    raise: (changes) => within((rows) => advanceStatuses(rows, tables.messages, changes, random)),
    apply: (actions) => inChains(actions, (one) => within((rows) => applyToRow(rows, tables.messages, one))),
    remove: (keys) =>
      within(async (rows) => {
        await rows.batch(keys.flatMap((key) => removeActions(tables, key)));
      }),
    restore: (messages) =>
      within(async (rows) => {
        await rows.batch(messages.flatMap((message) => restoreActions(tables, message)));
      }),
    scan: (cursor, limit) =>
      within(async (rows) => {
        const start = cursor === null ? Buffer.alloc(0) : after(Buffer.from(cursor, 'base64url'));
        const page = await rows.scan(tables.messages, start, Buffer.alloc(0), limit);
        const last = page.length < limit ? undefined : page.at(-1);
        return {
          messages: page.map(storedMessage).filter((message) => message !== null),
          cursor: last === undefined ? null : last.key.toString('base64url'),
        };
      }),
    // Rows are spread by a hash: the newest could only be found by reading everything.
    newest: async () => null,
    locate: (messageId) =>
      within(async (rows) => {
        if (!isMessageId(messageId)) return null;
        const row = locationRow(messageId);
        const [location] = await rows.batch([{ table: tables.locations, action: { kind: 'get', row } }]);
        const conversationId = location?.cells.get(CONVERSATION)?.toString();
        if (conversationId === undefined) return null;
        const key = { conversationId, messageId };
        const [message] = await rows.batch([messageAction(key, [BODY])]);
        return message == null ? null : key;
      }),
    ping: () =>
      within(async (rows) => {
        const row = Buffer.of(0);
        await rows.batch(Object.values(tables).map((table: string) => ({ table, action: { kind: 'get', row } })));
      }),
    async [Symbol.asyncDispose]() {},
  };
}

type Put = Parameters<MessageStore['put']>[0][number];

function putActions(tables: TableNames, put: Put, now: number): TableAction[] {
  const { conversationId, messageId } = put.message;
  const timestamp = putTime(messageId, now);
  const cells = putCells(put, timestamp);
  const location = { qualifier: CONVERSATION, value: Buffer.from(conversationId), timestamp };
  return [
    { table: tables.messages, action: { kind: 'put', row: messageRow(conversationId, messageId), cells } },
    { table: tables.locations, action: { kind: 'put', row: locationRow(messageId), cells: [location] } },
  ];
}

function restoreActions(tables: TableNames, message: StoredMessage): TableAction[] {
  const { conversationId, messageId } = message;
  const location = { qualifier: CONVERSATION, value: Buffer.from(conversationId), timestamp: putTime(messageId, 0) };
  const row = messageRow(conversationId, messageId);
  return [
    { table: tables.messages, action: { kind: 'put', row, cells: restoredCells(message) } },
    { table: tables.locations, action: { kind: 'put', row: locationRow(messageId), cells: [location] } },
  ];
}

function removeActions(tables: TableNames, { conversationId, messageId }: MessageKey): TableAction[] {
  const upTo = removeTime(messageId);
  return [
    { table: tables.locations, action: { kind: 'delete', row: locationRow(messageId), upTo } },
    { table: tables.messages, action: { kind: 'delete', row: messageRow(conversationId, messageId), upTo } },
  ];
}
