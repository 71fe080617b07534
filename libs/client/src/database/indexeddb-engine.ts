import type { ChatMessage } from '../conversations/chat-message.ts';
import type { KeptMessage } from '../storing/durable-store.ts';
import { changedMessage } from './changed-message.ts';
import type { DatabaseChanges, DatabaseEngine } from './engine.ts';
import { RECENT_CONVERSATIONS, RECENT_MESSAGES } from './recent-messages.ts';
import { RecentRows } from './recent-rows.ts';

const TEXTS = 'texts';
const MESSAGES = 'messages';
/** Sorts after every id. */
const END = '~';

/** One database for each user of each server. Rejects where the browser denies its databases. */
export async function openIndexedDB(server: string, userId: string): Promise<DatabaseEngine> {
  const browsers = await open(`chasqui ${JSON.stringify([server, userId])}`);
  const texts = await allTexts(browsers.transaction(TEXTS).objectStore(TEXTS));
  const recent = new RecentRows(await recentMessages(browsers.transaction(MESSAGES).objectStore(MESSAGES)));
  return engine(browsers, texts, recent);
}

function engine(database: IDBDatabase, texts: Map<string, string>, recent: RecentRows): DatabaseEngine {
  const writing = () => database.transaction([TEXTS, MESSAGES], 'readwrite');
  return {
    get: (key) => texts.get(key) ?? null,
    keys: () => [...texts.keys()],
    write(changes) {
      const transaction = writing();
      for (const [key, value] of changes.texts) value === null ? texts.delete(key) : texts.set(key, value);
      recent.apply(changes);
      try {
        apply(transaction, changes);
      } catch (error) {
        transaction.abort();
        throw error;
      }
      return completed(transaction);
    },
    recent: () => recent.all(),
    page: async (conversation, limit, before = END) => {
      const range = IDBKeyRange.bound([conversation], [conversation, before], true, true);
      return newest(database.transaction(MESSAGES).objectStore(MESSAGES), range, limit);
    },
    clear() {
      texts.clear();
      recent.clear();
      const transaction = writing();
      for (const name of [TEXTS, MESSAGES]) transaction.objectStore(name).clear();
      return completed(transaction);
    },
    close: () => database.close(),
  };
}

/** Neither waits for pages of another version, nor lets them wait: from then on, this page's client uses memory. */
function open(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => {
    for (const name of [TEXTS, MESSAGES]) request.result.createObjectStore(name);
  };
  const blocked = new Promise<never>((_, reject) => {
    request.onblocked = () => reject(new DOMException('a page of another version has it open', 'InvalidStateError'));
  });
  const opened = result(request).then((database) => {
    database.onversionchange = () => database.close();
    return database;
  });
  return Promise.race([opened, blocked]);
}

/** Trims last: what a trim removes, no change must bring back. */
function apply(transaction: IDBTransaction, { forgotten, messages, changes, trimmed, texts }: DatabaseChanges): void {
  const [rows, values] = [transaction.objectStore(MESSAGES), transaction.objectStore(TEXTS)];
  for (const conversation of forgotten) rows.delete(IDBKeyRange.bound([conversation], [conversation, END]));
  for (const { conversation, message } of messages) rows.put(message, [conversation, message.messageId]);
  for (const [key, value] of texts) value === null ? values.delete(key) : values.put(value, key);
  changeNext(rows, changes, () => {
    for (const [conversation, limit] of trimmed) trim(rows, conversation, limit);
  });
  // Without this, a page that is being closed may not live to see it.
  if (changes.length === 0 && trimmed.size === 0) transaction.commit();
}

/** One after the other: a message may have changed twice. */
function changeNext(rows: IDBObjectStore, [next, ...others]: DatabaseChanges['changes'], then: () => void): void {
  if (next === undefined) {
    then();
    return;
  }
  const { conversation, messageId, change } = next;
  const key = [conversation, messageId];
  const asked: IDBRequest = change === null ? rows.delete(key) : rows.get(key);
  asked.onsuccess = () => {
    if (change !== null && asked.result !== undefined) rows.put(changedMessage(asked.result, change), key);
    changeNext(rows, others, then);
  };
}

function trim(rows: IDBObjectStore, conversation: string, limit: number): void {
  const asked = rows.openKeyCursor(IDBKeyRange.bound([conversation], [conversation, END]), 'prev');
  let hasSkipped = false;
  asked.onsuccess = () => {
    const cursor = asked.result;
    if (cursor === null) return;
    if (hasSkipped) rows.delete(IDBKeyRange.bound([conversation], cursor.key));
    else cursor.advance(limit);
    hasSkipped = true;
  };
}

async function allTexts(texts: IDBObjectStore): Promise<Map<string, string>> {
  const [keys, values] = [result(texts.getAllKeys()), result<string[]>(texts.getAll())];
  const found = await values;
  return new Map((await keys).map((key, i) => [key as string, found[i] ?? '']));
}

async function recentMessages(rows: IDBObjectStore): Promise<KeptMessage[]> {
  const last = await lastMessages(rows);
  last.sort((a, b) => (a.message.messageId < b.message.messageId ? 1 : -1));
  const used = last.slice(0, RECENT_CONVERSATIONS).map(async ({ conversation }) => {
    const range = IDBKeyRange.bound([conversation], [conversation, END]);
    const messages = await newest(rows, range, RECENT_MESSAGES);
    return messages.map((message) => ({ conversation, message }));
  });
  return [...(await Promise.all(used)).flat(), ...last.slice(RECENT_CONVERSATIONS)];
}

/** One step for each conversation, whatever the number of messages. */
function lastMessages(rows: IDBObjectStore): Promise<KeptMessage[]> {
  return new Promise((resolve, reject) => {
    const last: KeptMessage[] = [];
    const asked = rows.openCursor(null, 'prev');
    asked.onerror = () => reject(asked.error);
    asked.onsuccess = () => {
      const cursor = asked.result;
      if (cursor === null) {
        resolve(last);
        return;
      }
      const [conversation = ''] = cursor.key as string[];
      last.push({ conversation, message: cursor.value });
      cursor.continue([conversation]);
    };
  });
}

function newest(rows: IDBObjectStore, range: IDBKeyRange, limit: number): Promise<ChatMessage[]> {
  return new Promise((resolve, reject) => {
    const messages: ChatMessage[] = [];
    const asked = rows.openCursor(range, 'prev');
    asked.onerror = () => reject(asked.error);
    asked.onsuccess = () => {
      const cursor = asked.result;
      if (cursor !== null) messages.push(cursor.value);
      if (cursor !== null && messages.length < limit) cursor.continue();
      else resolve(messages.reverse());
    };
  });
}

function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}
