import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { startTestCluster } from '../cluster/cluster.ts';
import { Device } from './device.ts';
import { CONTENTS } from './fill.ts';
import { logInAll, passwordOf } from './people.ts';
import { survey } from './survey.ts';

const FIXTURES = join(import.meta.dirname, 'data');
const ENDING = '.tar.gz';

/** The names of the fixtures, as `main.ts` made them. */
export const FIXTURE_NAMES = (await readdir(FIXTURES)).map((name) => name.replace(ENDING, ''));

/** What `main.ts` packed, in a folder of its own. */
export interface Fixture {
  data: string;
  expected: object;
}

/** A copy of what a released version left when it was killed; it goes with it. */
async function unpacked(name: string): Promise<Fixture & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'chasqui-upgrade-'));
  await promisify(execFile)('tar', ['-xzf', join(FIXTURES, `${name}${ENDING}`), '-C', folder]);
  return {
    data: join(folder, 'data'),
    expected: JSON.parse(await readFile(join(folder, 'expected.json'), 'utf8')) as object,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
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
      await using cluster = await startTestCluster({ kept: fixture.data, env });
      const [wsUrl = ''] = cluster.running.connect.map((node) => node.wsUrl);
      const login = await fetch(new URL('/api/auth/login', cluster.running.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ userId: 'ana', password: passwordOf('ana') }),
      });
      const { accessToken } = (await login.json()) as { accessToken: string };
      using ana = await Device.connect(wsUrl, accessToken, 'ana-phone');
      const calls = await logInAll(cluster.running.url);
      const history = async () => {
        const page = (await calls.bo('GET', '/api/conversations/ana~bo/messages?limit=100')) as {
          messages: { messageId: string; clientMessageId: string }[];
        };
        return page.messages;
      };
      const before = await history();
      // A resend of what the released version stored is the same message.
      const first = await ana.chat('bo', 'a2', CONTENTS[2] ?? {});
      expect(first).toBe(before.find(({ clientMessageId }) => clientMessageId === 'a2')?.messageId);
      const fresh = await ana.chat('bo', 'after-the-upgrade', { text: 'hello again' });
      expect((await history()).map(({ messageId }) => messageId)).toEqual([fresh, ...before.map((m) => m.messageId)]);
    });
  });
}
