import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createTestApi } from './fixture.ts';
import { pictureDecoder } from './profile-pictures.ts';

const guide = join(import.meta.dirname, '../../docs/http.md');

test('the commands of docs/http.md work, one after the other', async () => {
  await using decoder = await pictureDecoder();
  await using api = await createTestApi({ mediaFiles: decoder.mediaFiles });
  await api.store('ana', 'bob', '明天 meeting at ten');
  await api.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = api.app.server.address() as AddressInfo;
  const blocks = [...(await readFile(guide, 'utf8')).matchAll(/^```bash\n(.*?)^```/gms)].map((match) => match[1]);
  const script = blocks.join('').replace('127.0.0.1:4400', `127.0.0.1:${port}`);
  const cwd = await mkdtemp(join(tmpdir(), 'chasqui-guide-'));
  try {
    const { stdout } = await api.during(promisify(execFile)('bash', ['-e', '-c', script], { cwd }));
    expect(stdout).toContain('"displayName":"Bob"');
    expect(stdout).toMatch(/"hits":\[\{.*meeting at ten/);
    expect(stdout).toContain('"total":1');
    expect(stdout).toContain('"caughtUp":true');
    expect(stdout).toContain('message_not_found');
    expect(stdout).toContain('"added":["cat"]');
    expect(stdout).toMatch(/"name":"Team","description":"All of us".*"memberCount":2/);
    expect(stdout).toContain('"status":"ready"');
  } finally {
    await rm(cwd, { recursive: true });
  }
});
