import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { groupLog, inboxOf, type LogId, type Message } from '@chasqui/domain';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openImportStores } from './import-stores.ts';

const KILLS = 10;
/** Pieces that a process imports before it is killed in the next one, and lines of a piece at least. */
const PIECES = 2;
const PIECE_LINES = 300;
const OLD = Date.UTC(2012, 5, 1);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chasqui-imports-'));
  await mkdir(join(folder, 'data'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/**
 * Imports the file from a line on. `killAt`: how much of the piece after `PIECES`, by the time that the one before took, is
 * done when the process is killed; null: it is not killed. Returns the line to go on with.
 */
async function importFile(from: number, killAt: number | null): Promise<number> {
  const script = join(import.meta.dirname, 'import-process.ts');
  const child = spawn(process.execPath, [script, join(folder, 'data'), join(folder, 'file'), String(from)], {
    env: { ...process.env, NODE_COMPILE_CACHE: join(folder, 'cache') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  let next = from;
  let pieces = 0;
  let before = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    next = Number(line);
    if (++pieces === PIECES && killAt !== null) {
      setTimeout(() => child.kill('SIGKILL'), (performance.now() - before) * killAt);
    }
    before = performance.now();
  }
  const [code, signal] = await closed;
  expect([code, signal]).toEqual(killAt === null ? [0, null] : [null, 'SIGKILL']);
  return next;
}

interface Line {
  conversationId: string;
  from: string;
  clientMessageId: string;
  sentAt: number;
  content: { text: string };
  unread?: true;
}

/** Messages of a group and of several direct conversations, in turns; some in the same millisecond. */
function messages(count: number): Line[] {
  return Array.from({ length: count }, (_, n) => {
    const conversationId = n % 5 === 0 ? 'team' : `ana~user-${n % 7}`;
    const from = n % 3 === 0 ? 'ana' : n % 5 === 0 ? 'ben' : `user-${n % 7}`;
    const line = { conversationId, from, clientMessageId: `old-${n}`, sentAt: OLD + Math.floor(n / 20) };
    return { ...line, content: { text: `words ${n}` }, ...(n > count - 50 ? { unread: true as const } : {}) };
  });
}

test('C10: an import that is killed ten times stops no sync, loses nothing, doubles nothing, and keeps the order', {
  timeout: 300_000,
}, async () => {
  const lines = messages(KILLS * PIECE_LINES * (PIECES + 1));
  const group = { type: 'group', conversationId: 'team', owner: 'ana', name: 'Team', members: ['ben'], createdAt: OLD };
  const file = [group, ...lines.map((line) => ({ type: 'message', ...line }))];
  await writeFile(join(folder, 'file'), file.map((line) => `${JSON.stringify(line)}\n`).join(''));
  let next = 1;
  // Later each time, so that each step of a piece is cut.
  for (let kills = 0; kills < KILLS; kills++) {
    next = await importFile(next, kills / KILLS);
    await expectTexts();
  }
  expect(next).toBeLessThan(file.length);
  expect(await importFile(next, null)).toBe(file.length + 1);

  await using engines = await openImportStores(join(folder, 'data'));
  for (const [conversationId, own] of Map.groupBy(lines, (line) => line.conversationId)) {
    const stored = (await engines.messages.page(conversationId, { limit: 10_000 })).reverse();
    const shown = ({
      from,
      clientMessageId,
      sentAt,
      content,
    }: Pick<Message, 'from' | 'clientMessageId' | 'sentAt' | 'content'>) => ({
      from,
      clientMessageId,
      sentAt,
      content,
    });
    expect(stored.map(shown)).toEqual(own.map(shown));
    const recorded = await messagesIn(engines, conversationId === 'team' ? groupLog('team') : inboxOf('ana'));
    const ids = stored.map(({ messageId }) => messageId);
    expect(recorded.get(conversationId)).toEqual(ids);
    const unread = own.filter(({ unread: isUnread, from }) => isUnread && from !== 'ana').length;
    if (conversationId !== 'team') expect(await unreadOf(engines, conversationId)).toBe(unread);
  }
  const [head] = await engines.groups.headsOf([{ conversationId: 'team', userId: 'ana' }]);
  const inTeam = lines.filter(
    ({ conversationId, from, unread }) => conversationId === 'team' && unread && from !== 'ana',
  );
  expect(head?.unread).toBe(inTeam.length);
  const { drift } = await engines.conversations.recount(null, { repair: false, limit: 1_000 });
  expect(drift).toEqual([]);
});

/** Before anybody repeats the import. */
async function expectTexts(): Promise<void> {
  await using engines = await openImportStores(join(folder, 'data'));
  for (const log of [inboxOf('ana'), groupLog('team')]) {
    for (const [conversationId, ids] of await messagesIn(engines, log)) {
      const texts = await engines.messages.get(ids.map((messageId) => ({ conversationId, messageId })));
      expect(texts).not.toContain(null);
    }
  }
}

type Opened = Awaited<ReturnType<typeof openImportStores>>;

/** The ids of the messages in a log, by conversation, in the order of their positions. */
async function messagesIn({ logs }: Opened, log: LogId): Promise<Map<string, string[]>> {
  const ids = new Map<string, string[]>();
  for (let after = 0; ; ) {
    const { entries, head } = await logs.page(log, after, 5_000);
    for (const entry of entries) {
      expect(entry.position).toBe(++after);
      if (entry.type !== 'message') continue;
      const own = ids.get(entry.conversationId) ?? [];
      ids.set(entry.conversationId, own);
      own.push(entry.messageId);
    }
    if (after >= head) return ids;
  }
}

async function unreadOf({ conversations }: Opened, conversationId: string): Promise<number> {
  return (await conversations.unread('ana')).byConversation[conversationId] ?? 0;
}
