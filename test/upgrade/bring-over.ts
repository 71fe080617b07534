import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { startTestCluster, type TestCluster } from '../cluster/cluster.ts';
import { Device } from './device.ts';
import { CONTENTS } from './fill.ts';
import { type Call, logInAll, type Person, passwordOf } from './people.ts';
import { type Survey, survey } from './survey.ts';

const FIXTURES = join(import.meta.dirname, 'data');
const ENDING = '.tar.gz';
const DAY_MS = 24 * 3_600_000;

/** The names of the fixtures, as `main.ts` made them. */
export const FIXTURE_NAMES = (await readdir(FIXTURES)).map((name) => name.replace(ENDING, ''));

/** What `main.ts` packed, in a folder of its own. */
export interface Fixture {
  data: string;
  expected: Survey;
}

/**
 * A copy of what a released version left when it was killed; it goes with it. Until the test ends, this process has a date
 * of the day after: fixtures grow older, and what they contain must not leave the dedup window or a retention meanwhile.
 */
export async function unpacked(name: string): Promise<Fixture & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'chasqui-upgrade-'));
  await promisify(execFile)('tar', ['-xzf', join(FIXTURES, `${name}${ENDING}`), '-C', folder]);
  const expected = JSON.parse(await readFile(join(folder, 'expected.json'), 'utf8')) as Survey;
  setDateAfter(expected);
  return {
    data: join(folder, 'data'),
    expected,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A day after the last message that bo sent to Chen, which is the last thing that `fill.ts` does. The date goes on at its usual pace. */
function setDateAfter({ bo }: Survey): void {
  const [newest] = (bo['bo~chen'] as { messages: { sentAt: number }[] }).messages;
  if (newest === undefined) expect.fail('bo wrote to Chen');
  const machines = Date.now.bind(Date);
  const behind = machines() - (newest.sentAt + DAY_MS);
  const date = vi.spyOn(Date, 'now').mockImplementation(() => machines() - behind);
  onTestFinished(() => date.mockRestore());
}

interface Shown {
  messageId: string;
  clientMessageId: string;
  content: object;
}

async function messagesOf(call: Call, conversationId: string): Promise<Shown[]> {
  return ((await call('GET', `/api/conversations/${conversationId}/messages?limit=100`)) as { messages: Shown[] })
    .messages;
}

/** A device of somebody's, at the first node. */
async function connect({ running: { url, connect: nodes } }: TestCluster, user: Person, name: string): Promise<Device> {
  const login = await fetch(new URL('/api/auth/login', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userId: user, password: passwordOf(user) }),
  });
  const { accessToken } = (await login.json()) as { accessToken: string };
  return Device.connect(nodes[0]?.wsUrl ?? '', accessToken, name);
}

/** Settings under which a fixture is opened; what it needs first has been done. */
export type Opening = (fixture: Fixture) => Promise<{ [name: string]: string }>;

/** Tests that each of the named fixtures is brought over. */
export function bringsOver(names: readonly string[], opening: Opening): void {
  describe.each(names)('data that %s wrote', (name) => {
    test('C3, C7, C8, C10, C13: everybody sees after the upgrade what they saw before, also at the second start', async () => {
      await using fixture = await unpacked(name);
      const env = await opening(fixture);
      for (let start = 0; start < 2; start++) {
        await using cluster = await startTestCluster({ kept: fixture.data, env });
        const calls = await logInAll(cluster.running.url);
        // Search may be rebuilding its index.
        await expect.poll(() => survey(calls), { timeout: 10_000, interval: 250 }).toMatchObject(fixture.expected);
      }
    }, 150_000);

    test('C3, C4, C7: conversations go on where they were', async () => {
      await using fixture = await unpacked(name);
      const env = await opening(fixture);
      await using cluster = await startTestCluster({
        kept: fixture.data,
        env: { CHASQUI_BLOCKED_SENDERS: 'silence', ...env },
      });
      const calls = await logInAll(cluster.running.url);
      using ana = await connect(cluster, 'ana', 'ana-phone');
      using bo = await connect(cluster, 'bo', 'bo-laptop');
      const history = (of: Person, conversationId: string) => messagesOf(calls[of], conversationId);
      const before = await history('bo', 'ana~bo');
      // A resend of what the released version stored is the same message.
      const first = await ana.chat('bo', 'a2', CONTENTS[2] ?? {});
      expect(first).toBe(before.find(({ clientMessageId }) => clientMessageId === 'a2')?.messageId);
      const fresh = await ana.chat('bo', 'after-the-upgrade', { text: 'hello again' });
      const ids = (await history('bo', 'ana~bo')).map(({ messageId }) => messageId);
      expect(ids).toEqual([fresh, ...before.map(({ messageId }) => messageId)]);
      // Also to somebody who blocks its sender: who could see it still can, and who could not does not now.
      const seen = await history('chen', 'bo~chen');
      const [newest] = await history('bo', 'bo~chen');
      if (newest === undefined) expect.fail('bo wrote to Chen');
      expect(await bo.chat('chen', newest.clientMessageId, newest.content)).toBe(newest.messageId);
      expect(await history('chen', 'bo~chen')).toEqual(seen);
    }, 150_000);
  });
}
