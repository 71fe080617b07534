import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProcessCluster } from '../cluster/process-cluster.ts';
import { RawSocket } from '../hostile/raw-socket.ts';
import { createInstallation, type Installation } from './installation.ts';

/** C13, and what a busy machine needs besides. */
const FOUND_MS = 5_000 + 15_000;
const ROOT = join(import.meta.dirname, '../..');

let installation: Installation;
let cluster: ProcessCluster;
beforeAll(async () => {
  installation = await createInstallation('classic');
  cluster = await ProcessCluster.start({ connect: 1, business: 1, installation });
}, 180_000);
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
  await installation?.[Symbol.asyncDispose]();
}, 120_000);

let sent = 0;

/** Sends messages with a word of their own, each once the one before is queued; returns their ids. */
async function send(word: string, count: number, meanwhile?: (n: number) => Promise<unknown>): Promise<string[]> {
  using ann = await RawSocket.loggedIn(cluster.wsUrls[0] ?? '', await cluster.token('ann'), 'phone');
  const ids: string[] = [];
  for (let n = 0; n < count; n++) {
    const clientMessageId = `m${++sent}`;
    ann.send({ type: 'chat', clientMessageId, to: 'ben', content: { text: `${word} 消息${sent}` } });
    ids.push((await ann.next('send_ack', (ack) => ack.clientMessageId === clientMessageId)).messageId);
    await meanwhile?.(n);
  }
  return ids.toSorted();
}

async function foundBy(word: string): Promise<string[]> {
  const headers = { authorization: `Bearer ${await cluster.token('ben')}` };
  const answer = await fetch(`${cluster.apiUrl}/api/messages/search?limit=100&q=${encodeURIComponent(word)}`, {
    headers,
  });
  const { hits = [] } = (await answer.json()) as { hits?: { messageId: string }[] };
  return hits.map(({ messageId }) => messageId).toSorted();
}

const expectFound = (word: string, ids: readonly string[], timeout = FOUND_MS) =>
  expect.poll(() => foundBy(word), { timeout, interval: 200 }).toEqual(ids);

describe('messages in MySQL, and the embedded index in the process of the engine', () => {
  it('C13: what is stored is found, also after the process was killed while it indexed, and what came before', async () => {
    const before = await send('vorher', 20);
    await expectFound('vorher', before);
    const during = await send('während', 60, async (n) => {
      if (n === 20 || n === 40) await cluster.signal('engine', 'SIGKILL');
      if (n === 30 || n === 50) cluster.run('engine');
    });
    await cluster.ready();
    await expectFound('während', during, 60_000);
    await expectFound('消息', [...before, ...during].toSorted());
  }, 180_000);

  it('C13: an index that is lost is made again from the messages, by itself', async () => {
    const ids = await send('verloren', 10);
    await expectFound('verloren', ids);
    await cluster.signal('engine', 'SIGTERM');
    for (const suffix of ['', '-wal', '-shm']) await rm(join(cluster.dataDir, `search.db${suffix}`), { force: true });
    cluster.run('engine');
    await cluster.ready();
    await expectFound('verloren', ids, 120_000);
  }, 240_000);

  it('C13: `chasqui reindex` makes it again while searches go on', async () => {
    const ids = await foundBy('消息');
    const args = [join(ROOT, 'apps/cli/src/main.ts'), 'reindex', '--data', cluster.dataDir];
    const env = { ...process.env, ...installation.env };
    const { stdout } = await promisify(execFile)(process.execPath, args, { env });
    expect(stdout).toContain('90 messages indexed');
    expect(stdout).toContain('0 refused');
    await expectFound('消息', ids);
  }, 120_000);
});
