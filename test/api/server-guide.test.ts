import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { API_SCOPES } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { startTestCluster } from '../cluster/cluster.ts';
import { makeKey, withKey } from './access/api-keys.ts';

const page = await readFile(join(import.meta.dirname, '../../docs/server-api.md'), 'utf8');

test('the commands of docs/server-api.md work, one after the other', { timeout: 180_000 }, async () => {
  await using cluster = await startTestCluster({ nodes: 1 });
  const { url, engines } = cluster.running;
  const blocks = [...page.matchAll(/^```bash\n(.*?)^```/gms)].map((match) => match[1]);
  const key = await makeKey({ deps: engines });
  const script = blocks
    .join('')
    .replace('http://127.0.0.1:4400', url)
    .replace(/\$\(npx chasqui keys create [^)]*\)/, key);
  const { stdout } = await promisify(execFile)('bash', ['-e', '-c', script], { cwd: cluster.dataDir });
  expect(stdout).toContain('"scopes":');
  expect(stdout).toContain('"displayName":"Ana"');
  expect(stdout).toContain('"outcomes":[{"userId":"ben","result":"created"}');
  expect(stdout).toMatch(/"userId":"ben","role":"admin"/);
  expect(stdout).toContain('"steps":');
  expect(stdout).toMatch(/"disabled":\{.*"secret":"whsec_.*"deadLetters":\[\].*"count":0/s);
  const found = async () =>
    (await (await fetch(`${url}/api/server/messages/search?q=happy+year`, withKey(key))).json()).hits?.length;
  await expect.poll(found, { timeout: 20_000 }).toBe(1);
  expect(stdout).toMatch(/"state":"stored".*"outcomes":\[\{[^}]*"state":"stored"/s);
});

test('docs/server-api.md says what each scope allows', () => {
  const rows = [...page.matchAll(/^\| `(\w+:\w+)` \| (.+) \|$/gm)].map(([, scope, what]) => [scope, what]);
  expect(rows).toEqual(Object.entries(API_SCOPES));
});
