import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from '../../apps/cli/src/testing/run-command.ts';
import { makeKey } from '../api/access/api-keys.ts';
import { createTestApi, type TestApi } from '../api/fixture.ts';
import { OLD, oldestFirst } from '../api/import-calls.ts';
import { GIF, PNG } from '../api/pictures.ts';

const root = mkdtempSync(join(tmpdir(), 'chasqui-import-files-'));
const files = join(root, 'files');
const idOf = (n: number) => n.toString(16).padStart(32, '0');
/** More than one request of an upload takes. */
const large = Buffer.alloc(9 * 1024 * 1024, 'sea');

let api: TestApi;
let server: string;
let key: string;
beforeAll(async () => {
  mkdirSync(join(files, 'photos'), { recursive: true });
  writeFileSync(join(files, 'photos', 'sea.png'), PNG);
  writeFileSync(join(files, idOf(2)), large);
  writeFileSync(join(root, 'secret'), 'nobody is to have this');
  symlinkSync(join(root, 'secret'), join(files, 'link'));
  api = await createTestApi();
  server = await api.app.listen({ host: '127.0.0.1', port: 0 });
  key = await makeKey(api);
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  rmSync(root, { recursive: true, force: true });
});

const chasqui = (...args: string[]) => runCommand([...args, '--server', server, '--key', key], { cwd: root, env: {} });
function write(lines: readonly object[]): string {
  const path = join(root, 'old.jsonl');
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return path;
}
const message = (n: number, id: string) => ({
  ...{ type: 'message', from: 'ana', to: 'ben', clientMessageId: `old-${n}`, sentAt: OLD + n },
  content: { attachments: [{ id }] },
});
const file = (n: number, fields: object = {}) => ({ type: 'file', id: idOf(n), owner: 'ana', ...fields });

test('files that lie beside an import are uploaded, once, and exported as they were', { timeout: 60_000 }, async () => {
  const path = write([
    file(1, { path: 'photos/sea.png' }),
    message(1, idOf(1)),
    file(2, { name: 'all.bin' }),
    message(2, idOf(2)),
  ]);
  const first = await chasqui('import', path, '--files', files);
  expect([first.code, first.out]).toEqual([0, '2 lines imported, 2 were there, 0 are wrong\n']);
  const again = await chasqui('import', path, '--files', files);
  expect(again.out).toBe('0 lines imported, 4 were there, 0 are wrong\n');
  const stored = await oldestFirst(api, 'ana~ben');
  expect(stored.map(({ content }) => content.attachments?.map(({ name, size }) => [name, size]))).toEqual([
    [['sea.png', PNG.length]],
    [['all.bin', large.length]],
  ]);
  const saved = join(root, 'saved');
  const exported = await chasqui('export', '--user', 'ana', '--files', saved);
  expect(exported.out.split('\n').filter((line) => line.includes('"type":"file"'))).toHaveLength(2);
  expect(readFileSync(join(saved, idOf(1))).equals(PNG)).toBe(true);
  expect(readFileSync(join(saved, idOf(2))).equals(large)).toBe(true);
});

test('C15: no file from outside the folder is uploaded, and what is not there is told by its line', {
  timeout: 60_000,
}, async () => {
  const hostile = ['../secret', join(root, 'secret'), 'link', 'photos/../../secret', 'absent'];
  const lines = hostile.map((path, n) => file(100 + n, { path }));
  const { code, out, err } = await chasqui('import', write(lines), '--files', files);
  expect([code, out]).toEqual([1, `0 lines imported, 0 were there, ${hostile.length} are wrong\n`]);
  for (const n of [1, 2, 4])
    expect(err).toContain(`line ${n}: path must be below the folder of --files (invalid_request)`);
  expect(err).toContain(`line 3: ${join(files, 'link')} leads out of the folder (invalid_request)`);
  expect(err).toContain(`line 5: there is no file ${join(files, 'absent')} (invalid_request)`);
  for (const n of [3, 5]) expect(err).toContain(`line ${n}: there is no such file of this user`);
  expect(await api.deps.attachments.get(hostile.map((_, n) => idOf(100 + n)))).toEqual(hostile.map(() => null));
});

test('what the server refuses is told by its line, and all else is imported', { timeout: 60_000 }, async () => {
  // A picture whose metadata cannot be taken out.
  writeFileSync(join(files, 'broken.gif'), GIF.subarray(0, 12));
  const lines = [
    file(200, { path: 'broken.gif' }),
    message(200, idOf(200)),
    file(201, { path: 'photos/sea.png' }),
    message(201, idOf(201)),
  ];
  const { code, out, err } = await chasqui('import', write(lines), '--files', files);
  expect([code, out]).toEqual([1, '1 lines imported, 1 were there, 2 are wrong\n']);
  expect(err).toMatch(/^line 1: the server refused the file: metadata_unremovable/m);
  expect(err).toMatch(/^line 2: the file is refused/m);
});

test('a folder, a file of lines and a server that are not there are named', { timeout: 60_000 }, async () => {
  const path = write([file(300, { path: 'photos' })]);
  const nowhere = join(root, 'nowhere');
  expect((await chasqui('import', path, '--files', nowhere)).err).toContain(`there is no folder ${nowhere} (config_`);
  expect((await chasqui('import', nowhere)).err).toContain(`there is no file ${nowhere} (config_invalid)`);
  expect((await chasqui('import', files)).err).toContain(`the file ${files} cannot be read (EISDIR) (config_invalid)`);
  const folder = await chasqui('import', path, '--files', files);
  expect(folder.err).toContain(`line 1: the file ${join(files, 'photos')} cannot be read (EISDIR) (invalid_request)`);
  const away = await runCommand(['import', path, '--key', key, '--server', 'http://127.0.0.1:1'], {
    cwd: root,
    env: {},
  });
  expect(away.err).toMatch(
    /^chasqui: no server answers at http:\/\/127\.0\.0\.1:1\. .*npm start\. Go on with --from 1 \(/,
  );
});
