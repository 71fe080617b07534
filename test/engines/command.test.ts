import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { missingText, provideCommands } from '../../deploy/engines/debian-packages.ts';
import type { EngineName, LocalEngine } from '../../deploy/engines/engine.ts';
import { listeningPorts, parseListening } from '../../deploy/engines/listening-ports.ts';
import { chosenEngines } from '../../deploy/engines/local-engines.ts';
import { holdLock } from '../../deploy/engines/lock.ts';
import { lastLines, runProgram } from '../../deploy/engines/run-program.ts';
import { stateOfEngine, statusTable } from '../../deploy/engines/status.ts';
import { fakeEngine } from './fake-engine.ts';

const PATIENT = { timeout: 15_000 };

const named = (...names: EngineName[]): LocalEngine[] =>
  names.map((name) => ({
    ...fakeEngine(
      () => [],
      () => true,
    ),
    name,
    title: `The ${name}`,
  }));

describe('engines by name', () => {
  const known = named('redis', 'mysql', 'hbase');

  it('keep the order of the list, whatever the order they are named in', () => {
    expect(chosenEngines(['hbase', 'redis'], known).map(({ name }) => name)).toEqual(['redis', 'hbase']);
    expect(chosenEngines([], known)).toEqual(known);
  });

  it('are refused together when unknown', () => {
    expect(() => chosenEngines(['redos', 'mysql', 'hbose'], known)).toThrow(
      'unknown: redos, hbose; the engines are: redis, mysql, hbase',
    );
  });
});

describe('what the machine lacks', () => {
  it('is one message, with what to install for all of it', async () => {
    const [redis, hbase] = named('redis', 'hbase') as [LocalEngine, LocalEngine];
    const text = missingText([
      { engine: redis, command: 'redis-server', remedy: 'Redis 6.2 or later' },
      { engine: hbase, command: 'java', remedy: 'a JDK 17' },
    ]);
    expect(text).toContain('redis-server (for The redis): Redis 6.2 or later');
    expect(text).toContain('java (for The hbase): a JDK 17');
    expect(text).toContain('sudo apt-get install -y fake-server');
    const lacking = { ...redis, debianPackages: [], commands: { 'no-such-command': 'nothing helps' } };
    await expect(provideCommands([lacking], () => {})).rejects.toThrow(
      'no-such-command (for The redis): nothing helps',
    );
  });

  it('is nothing when every command is there: no package is asked for', async () => {
    const engine = {
      ...fakeEngine(
        () => [],
        () => true,
      ),
      commands: { sh: 'a shell' },
    };
    await expect(provideCommands([engine], () => {})).resolves.toBeUndefined();
  });
});

describe('status', () => {
  it.each([
    [['running', 'running'], true, 'up'],
    [['running', 'running'], false, 'starting'],
    [['running', 'frozen'], false, 'frozen'],
    [['running', null], false, 'partly down'],
    [[null, null], true, 'down'],
  ] as const)('of processes %j, ready %s, is %s', (processes, ready, state) => {
    expect(stateOfEngine(processes, ready)).toBe(state);
  });

  it('is a table with even columns', () => {
    const row = { engine: 'elasticsearch', state: 'up', pids: '12', ports: '19200 19300', since: 's' } as const;
    expect(statusTable([row, { ...row, engine: 'redis', ports: '16379' }]).split('\n')).toEqual([
      'engine         state  pids  ports        since',
      'elasticsearch  up     12    19200 19300  s',
      'redis          up     12    16379        s',
    ]);
  });

  it('finds the ports on which a process listens, not those it is connected to', async () => {
    const table = [
      '  sl  local_address rem_address   st',
      '   0: 0100007F:3FFB 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1',
      '   1: 0100007F:3FFB 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 4712 1',
    ].join('\n');
    expect(parseListening(table)).toEqual([{ port: 16379, inode: '4711' }]);
    // A launcher whose child listens, in a process group of their own.
    const child = `const server = require('node:net').createServer().listen(0, '127.0.0.1', () => console.log(server.address().port))`;
    const launcher = spawn('sh', ['-c', '"$0" -e "$1" & wait', process.execPath, child], { detached: true });
    const [port] = await once(launcher.stdout, 'data');
    expect(listeningPorts(launcher.pid ?? 0)).toEqual([Number(port)]);
    process.kill(-(launcher.pid ?? 0), 'SIGKILL');
  });
});

describe('a program that is run', () => {
  it('fails with its last lines', async () => {
    const run = runProgram('sh', ['-c', 'echo one; echo two >&2; exit 4'], { doing: 'trying', say: () => {} });
    await expect(run).rejects.toThrow(/trying failed \(exit code 4\):\n.*two/s);
    expect(lastLines('a\n\nb\nc\n', 2)).toBe('    b\n    c');
  });
});

describe('lock', () => {
  it('is held by one at a time, and says once that it waits', async () => {
    const said: string[] = [];
    const first = await holdLock(`test-${process.pid}`, () => {});
    let held = false;
    const second = holdLock(`test-${process.pid}`, (text) => said.push(text)).then((lock) => {
      held = true;
      return lock;
    });
    await expect.poll(() => said, PATIENT).toHaveLength(1);
    await turn();
    expect(held).toBe(false);
    await first[Symbol.asyncDispose]();
    await (await second)[Symbol.asyncDispose]();
    expect(held).toBe(true);
  });
});
