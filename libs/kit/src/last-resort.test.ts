import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { seldom } from './logger.ts';

const lifecycle = new URL('./lifecycle.ts', import.meta.url).href;
const lastResort = new URL('./last-resort.ts', import.meta.url).href;

/** A process that hits every kind of fault once it runs, and then prints how many there were. */
const PROGRAM = `
  const { runUntilSignal } = await import(${JSON.stringify(lifecycle)});
  const { uncaughtFaults } = await import(${JSON.stringify(lastResort)});
  const logger = { error: ({ err }) => console.log('logged', String(err)), info() {}, debug() {}, warn() {} };
  await runUntilSignal({
    logger,
    async start() {
      const busy = setInterval(() => {}, 1000);
      setTimeout(() => { throw new RangeError('timer'); }, 1);
      setTimeout(() => { Promise.reject(new TypeError('rejection')); }, 2);
      setTimeout(() => queueMicrotask(() => { throw 'a text'; }), 3);
      setTimeout(() => console.log('faults', uncaughtFaults()), 50);
      return { [Symbol.asyncDispose]: async () => clearInterval(busy) };
    },
  });
`;

test('C16: what nobody caught is logged and counted, and the process goes on until its signal', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  for await (const chunk of child.stdout) {
    output += chunk;
    if (output.includes('faults')) child.kill('SIGTERM');
  }
  const [code] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode];
  expect(code).toBe(0);
  expect(output.trim().split('\n')).toEqual([
    'logged RangeError: timer',
    'logged TypeError: rejection',
    'logged a text',
    'faults 3',
  ]);
});

test('what happens often is told seldom, with how often it was', () => {
  let now = 0;
  const told: [number, string][] = [];
  const tell = seldom({ monotonic: () => now }, 1_000, (times, what: string) => told.push([times, what]));
  for (now = 0; now < 3_000; now += 100) tell(`at ${now}`);
  expect(told).toEqual([
    [1, 'at 0'],
    [10, 'at 1000'],
    [10, 'at 2000'],
  ]);
});
