import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { expect, test } from 'vitest';

const logger = new URL('./logger.ts', import.meta.url).href;
const lastResort = new URL('./last-resort.ts', import.meta.url).href;

/** A process that logs more than may wait, and then prints its faults and whether its memory has grown by all of that. */
const PROGRAM = `
  const { createLogger } = await import(${JSON.stringify(logger)});
  const { outliveFaults, uncaughtFaults } = await import(${JSON.stringify(lastResort)});
  const log = createLogger({ name: 'test', level: 'info' });
  using outliving = outliveFaults(log);
  const text = 'x'.repeat(1000);
  for (let n = 0; n < 40_000; n++) {
    log.info({ n }, text);
    if (n % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await new Promise((resolve) => setTimeout(resolve, 200));
  console.log(uncaughtFaults(), process.memoryUsage().heapUsed < 30e6);
`;

test('C14, C16: a full disk of the log is no fault, what waits for it is bounded, and the process ends in order', async () => {
  const full = openSync('/dev/full', 'w');
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], { stdio: ['ignore', 'pipe', full] });
  let output = '';
  for await (const chunk of child.stdout ?? []) output += chunk;
  if (child.exitCode === null) await once(child, 'exit');
  expect(output.trim()).toBe('0 true');
  expect(child.exitCode).toBe(0);
});
