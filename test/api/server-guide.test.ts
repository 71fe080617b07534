import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { API_SCOPES } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { makeKey } from './access/api-keys.ts';
import { createTestApi } from './fixture.ts';

const page = await readFile(join(import.meta.dirname, '../../docs/server-api.md'), 'utf8');

test('the commands of docs/server-api.md work, one after the other', async () => {
  await using api = await createTestApi();
  await api.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = api.app.server.address() as AddressInfo;
  const blocks = [...page.matchAll(/^```bash\n(.*?)^```/gms)].map((match) => match[1]);
  const key = await makeKey(api);
  const script = blocks
    .join('')
    .replace('127.0.0.1:4400', `127.0.0.1:${port}`)
    .replace(/\$\(npx chasqui keys create [^)]*\)/, key);
  const { stdout } = await api.during(promisify(execFile)('bash', ['-e', '-c', script]));
  expect(stdout).toContain('"scopes":');
  expect(stdout).toContain('"displayName":"Ana"');
}, 60_000);

test('docs/server-api.md says what each scope allows', () => {
  const rows = [...page.matchAll(/^\| `(\w+:\w+)` \| (.+) \|$/gm)].map(([, scope, what]) => [scope, what]);
  expect(rows).toEqual(Object.entries(API_SCOPES));
});
