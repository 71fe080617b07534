// node test/upgrade/main.ts <checkout> <version> [mysql://…]: makes the fixture of a released version: a data folder as
// that version's `npm start` left it when it was killed, and what its users saw in it. Once for each release, from its
// own checkout. With the address of an empty database, conversations and people are stored there, and the fixture
// includes its dump.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { fill } from './fill.ts';
import { logInAll } from './people.ts';
import { survey } from './survey.ts';

const [checkout, version, mysqlUrl] = process.argv.slice(2);
if (checkout === undefined || version === undefined) throw new Error('usage: main.ts <checkout> <version> [mysql://…]');

const folder = await mkdtemp(join(tmpdir(), 'chasqui-fixture-'));
const data = join(folder, 'data');
const server = spawn(
  process.execPath,
  [join(resolve(checkout), 'apps/cli/src/main.ts'), 'up', '--port', '0', '--data', data],
  {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      CHASQUI_BLOCKED_SENDERS: 'silence',
      ...(mysqlUrl === undefined ? {} : { CHASQUI_STORE: 'mysql', CHASQUI_MYSQL_URL: mysqlUrl }),
    },
  },
);
process.once('exit', () => server.kill('SIGKILL'));
let said = '';
for await (const chunk of server.stdout) {
  said += chunk;
  if (said.includes('Stop with')) break;
}
const api = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
const nodes = said.match(/ws:\/\/127\.0\.0\.1:\d+\S*/g);
if (api === undefined || nodes === null) throw new Error(`it did not start: ${said}`);
console.log(`filling ${api}`);
await fill(api, nodes);
const calls = await logInAll(api);

// Receipts and the index lag behind: wait until the survey no longer changes.
let before = '';
let seen = JSON.stringify(await survey(calls));
while (seen !== before) {
  await new Promise((done) => setTimeout(done, 5_000));
  before = seen;
  seen = JSON.stringify(await survey(calls));
}
server.kill('SIGKILL');
await once(server, 'exit');
await writeFile(join(folder, 'expected.json'), `${JSON.stringify(JSON.parse(seen), null, 1)}\n`);
if (mysqlUrl !== undefined) {
  const { hostname, port, username, password, pathname } = new URL(mysqlUrl);
  const where = [`--host=${hostname}`, `--port=${port}`, `--user=${username}`, `--password=${password}`];
  const options = ['--no-defaults', ...where, '--hex-blob', '--skip-comments', pathname.slice(1)];
  const { stdout } = await promisify(execFile)('mariadb-dump', options, { maxBuffer: 2 ** 26 });
  await writeFile(join(data, 'store.sql'), stdout);
}
const file = join(import.meta.dirname, 'data', `${version}${mysqlUrl === undefined ? '' : '-mysql'}.tar.gz`);
// Neither files that every start writes again nor secrets.
const left = ['cache', 'owner.json', 'owner.lock', 'engine.sock', 'secrets.json'].map(
  (name) => `--exclude=data/${name}`,
);
await promisify(execFile)('tar', ['-czf', file, ...left, '-C', folder, 'data', 'expected.json']);
console.log(`wrote ${file}: ${(await readdir(data)).join(', ')}`);
await rm(folder, { recursive: true });
