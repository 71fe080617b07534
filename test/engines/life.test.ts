import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalEngine } from '../../deploy/engines/engine.ts';
import { EngineLife } from '../../deploy/engines/life.ts';
import { readPidFile, writePidFile } from '../../deploy/engines/pid-file.ts';
import { identify } from '../../deploy/engines/process-identity.ts';
import { statusOf } from '../../deploy/engines/status.ts';
import { fakeEngine, program } from './fake-engine.ts';

const PATIENT = { timeout: 15_000 };

let folder: string;
let said: string[];
const lives: EngineLife[] = [];

/** Writes down when it starts and when it gets SIGTERM; the second of two starts comes after the first. */
const noting = (name: string) =>
  program(
    name,
    `const { appendFileSync } = require('node:fs');
     const note = (what) => appendFileSync(${JSON.stringify(join(folder, 'notes'))}, what + ' ${name}\\n');
     process.on('SIGTERM', () => { note('ends'); process.exit(0); });
     note('starts');
     setInterval(() => {}, 1000);`,
  );
const notes = () => (existsSync(join(folder, 'notes')) ? readFileSync(join(folder, 'notes'), 'utf8').split('\n') : []);

function life(engine: LocalEngine): EngineLife {
  const made = new EngineLife(engine, folder, (text) => said.push(text));
  lives.push(made);
  return made;
}

const pair = () =>
  fakeEngine(
    () => [noting('first'), noting('second')],
    () => notes().includes('starts first') && notes().includes('starts second'),
  );

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chasqui-life-'));
  said = [];
});
afterEach(async () => {
  for (const one of lives.splice(0)) await one.kill();
  rmSync(folder, { recursive: true });
});

describe('life of an engine', () => {
  it('starts once, however often it is asked, also by two at once', async () => {
    const engine = life(pair());
    await Promise.all([engine.start(), life(pair()).start()]);
    const pids = engine.living().map((one) => one?.pid);
    await engine.start();
    expect(engine.living().map((one) => one?.pid)).toEqual(pids);
    expect(notes().filter((note) => note.startsWith('starts'))).toHaveLength(2);
    expect(await statusOf(engine)).toMatchObject({ state: 'up', pids: pids.join(' ') });
  });

  it('stops its processes in the reverse order of their start, also a frozen one', async () => {
    const engine = life(pair());
    await engine.start();
    engine.freeze();
    await expect.poll(() => statusOf(engine), PATIENT).toMatchObject({ state: 'frozen' });
    await engine.stop();
    expect(notes().filter((note) => note.startsWith('ends'))).toEqual(['ends second', 'ends first']);
    expect(await statusOf(engine)).toMatchObject({ state: 'down', pids: '-', since: '-' });
  });

  it('goes on after a freeze, and starts only what a kill took', async () => {
    const engine = life(pair());
    await engine.start();
    engine.freeze();
    engine.thaw();
    await expect.poll(() => engine.isUp(), PATIENT).toBe(true);
    const first = engine.living()[0]?.pid ?? 0;
    process.kill(first, 'SIGKILL');
    await expect.poll(() => statusOf(engine), PATIENT).toMatchObject({ state: 'partly down' });
    const second = engine.living()[1]?.pid;
    await engine.start();
    expect(engine.living()[1]?.pid).toBe(second);
    expect(engine.living()[0]?.pid).not.toBe(first);
    await engine.kill();
    expect(engine.living()).toEqual([null, null]);
  });

  it('says why a process exited at its start, from its log', async () => {
    const engine = life(
      fakeEngine(
        () => [program('broken', 'console.error("port is taken"); process.exit(3)')],
        () => false,
      ),
    );
    await expect(engine.start()).rejects.toThrow(/Fake 1.0: broken exited at its start.*port is taken/s);
  });

  it('is not up when something else answers in its place', async () => {
    const engine = life(
      fakeEngine(
        () => [program('shadowed', 'process.exit(1)')],
        () => engine.living()[0] === null,
      ),
    );
    await expect(engine.start()).rejects.toThrow('shadowed exited at its start');
    expect(await engine.isUp()).toBe(false);
  });

  it('needs no process whose work another one does, and starts it once nobody does', async () => {
    let isProvided = true;
    const engine = life(
      fakeEngine(
        () => [{ ...noting('first'), isProvided: () => isProvided }, noting('second')],
        () => notes().includes('starts second'),
      ),
    );
    await engine.start();
    expect(notes()).not.toContain('starts first');
    const [second] = engine.living();
    expect(await statusOf(engine)).toMatchObject({ state: 'up', pids: `${second?.pid}` });
    isProvided = false;
    expect(await statusOf(engine)).toMatchObject({ state: 'partly down' });
    await engine.start();
    expect(engine.living()[1]?.pid).toBe(second?.pid);
    await expect.poll(notes, PATIENT).toContain('starts first');
    await engine.stop();
    expect(notes().filter((note) => note.startsWith('ends'))).toEqual(['ends second', 'ends first']);
  });

  it('leaves a process alone that got the pid of an old one', async () => {
    const engine = life(pair());
    const own = identify(process.pid);
    if (own === null) throw new Error('this process is not found');
    const path = join(folder, 'run/first.json');
    writePidFile(path, { ...own, started: '1', since: new Date().toISOString() });
    await engine.stop();
    await engine.kill();
    expect(engine.living()[0]).toBeNull();
    await engine.start();
    expect(readPidFile(path)?.pid).not.toBe(process.pid);
  });

  it('keeps the log of the run before', async () => {
    const engine = life(pair());
    await engine.start();
    await engine.stop();
    writeFileSync(join(folder, 'logs/first.log'), 'of the first run');
    await engine.start();
    expect(readFileSync(join(folder, 'logs/first.previous.log'), 'utf8')).toBe('of the first run');
  });
});
