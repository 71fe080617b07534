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

/** The names of the fixtures that `main.ts` made. */
export const FIXTURE_NAMES = (await readdir(FIXTURES)).map((name) => name.replace(ENDING, ''));

/** The unpacked content of a fixture that `main.ts` made, in a separate folder. */
export interface Fixture {
  data: string;
  expected: Survey;
}

/**
 * A copy of the data that a released version left when it was killed; disposal removes it. Until the test ends, this
 * process's date is the day after the fixture was made: otherwise an ageing fixture's data would leave the dedup window
 * or a retention.
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

/**
 * Sets the date to a day after bo's last message to Chen, the last action of `fill.ts`. Time runs at its usual pace.
 */
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

/** A user's device, at the first node. */
async function connect({ running: { url, connect: nodes } }: TestCluster, user: Person, name: string): Promise<Device> {
  const login = await fetch(new URL('/api/auth/login', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userId: user, password: passwordOf(user) }),
  });
  const { accessToken } = (await login.json()) as { accessToken: string };
  return Device.connect(nodes[0]?.wsUrl ?? '', accessToken, name);
}

/** The settings with which a fixture is opened; prepares what they need first. */
export type Opening = (fixture: Fixture) => Promise<{ [name: string]: string }>;

/** Tests that each of the named fixtures is upgraded. */
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
      // A resend of a message that the released version stored is the same message.
      const first = await ana.chat('bo', 'a2', CONTENTS[2] ?? {});
      expect(first).toBe(before.find(({ clientMessageId }) => clientMessageId === 'a2')?.messageId);
      const fresh = await ana.chat('bo', 'after-the-upgrade', { text: 'hello again' });
      const ids = (await history('bo', 'ana~bo')).map(({ messageId }) => messageId);
      expect(ids).toEqual([fresh, ...before.map(({ messageId }) => messageId)]);
      // This holds for a user who blocks the sender too: visibility is the same as before.
      const seen = await history('chen', 'bo~chen');
      const [newest] = await history('bo', 'bo~chen');
      if (newest === undefined) expect.fail('bo wrote to Chen');
      expect(await bo.chat('chen', newest.clientMessageId, newest.content)).toBe(newest.messageId);
      expect(await history('chen', 'bo~chen')).toEqual(seen);
    }, 150_000);
  });
}
