import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { systemClock } from '@chasqui/kit';
import { createTokenIssuer } from '@chasqui/tokens';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeKey } from '../api/access/api-keys.ts';
import { JWT_SECRET, startTestCluster, type TestCluster } from '../cluster/cluster.ts';

const SEED = 20_260_101;
const SERVER_API = '^/api/server/';
/**
 * Lines of JSON and bytes for tus, types of bodies that Schemathesis cannot make; test/api/server-imports.test.ts and
 * test/api/attachments.test.ts send wrong ones.
 */
const UNMADE = '^/api/server/imports$|/upload$';
const FOLDER = import.meta.dirname;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster({ nodes: 1, env: { CHASQUI_ADMINS: 'root', CHASQUI_AUTH_PER_MINUTE: '1000000' } });
});
afterAll(() => cluster[Symbol.asyncDispose]());

/** One of the calls logs out everywhere: a token of a future generation stays valid. */
async function lastingToken(userId: string): Promise<string> {
  const issuer = createTokenIssuer({ secret: JWT_SECRET, clock: systemClock, accessTtlS: 3600, refreshTtlS: 3600 });
  return (await issuer.issue(userId, { generation: 1_000_000 })).accessToken;
}

/** Runs Schemathesis on the whole API; resolves to its exit code and output. */
async function fuzz(...args: string[]): Promise<{ code: number | null; said: string }> {
  const document = `${cluster.running.url}/api/docs/json`;
  const config = ['--config-file', join(FOLDER, 'schemathesis.toml')];
  const run = ['run', document, '--checks', 'all', '--seed', `${SEED}`, '--generation-database', 'none', ...args];
  // Making data is slow on a busy machine.
  run.push('--suppress-health-check', 'too_slow');
  const child = spawn('python3', ['-m', 'schemathesis.cli', ...config, ...run], {
    cwd: cluster.dataDir,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ]);
  return { code, said: `${out}\n${err}` };
}

describe('C15: a property-based fuzzer that this project did not write finds no 5xx, no undocumented answer, no schema violation', () => {
  it('as an administrator, in every phase and with every check', async () => {
    const token = await lastingToken('root');
    const { code, said } = await fuzz(
      ...[
        '--header',
        `Authorization: Bearer ${token}`,
        '--max-examples',
        '12',
        '--exclude-path-regex',
        `${SERVER_API}|${UNMADE}`,
      ],
    );
    expect(code, said).toBe(0);
    // Real requests were made, and not all refused for lack of authentication.
    expect(Number(/(\d+) generated/.exec(said)?.[1]), said).toBeGreaterThan(1_000);
    const refused = /Authentication failed: (\d+) operation/.exec(said)?.[1] ?? 0;
    // Operations that require a password, that name users whom the run has blocked before, or that need another member of a
    // group: its links and members, role, mute, transfer, readers, messages to read or to hide, files and their links.
    expect(Number(refused), said).toBeLessThanOrEqual(16);
  }, 600_000);

  it('with a key, on the server API', async () => {
    const key = await makeKey({ deps: cluster.running.engines });
    const { code, said } = await fuzz(
      ...['--header', `Authorization: Bearer ${key}`, '--max-examples', '10'],
      ...['--phases', 'examples,coverage,fuzzing'],
      ...['--include-path-regex', SERVER_API, '--exclude-path-regex', UNMADE],
    );
    expect(code, said).toBe(0);
    expect(Number(/(\d+) generated/.exec(said)?.[1]), said).toBeGreaterThan(500);
    // The key is admitted everywhere; 403 is of groups in which the one who acts is not.
    expect(/401 Unauthorized/.test(said), said).toBe(false);
  }, 600_000);

  it('without a token', async () => {
    const { code, said } = await fuzz(
      ...['--max-examples', '5', '--phases', 'examples,coverage,fuzzing', '--exclude-path-regex', UNMADE],
    );
    expect(code, said).toBe(0);
    expect(Number(/(\d+) generated/.exec(said)?.[1]), said).toBeGreaterThan(500);
  }, 600_000);
});
