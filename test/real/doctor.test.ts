import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Finding } from '@chasqui/kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from '../../apps/cli/src/testing/run-command.ts';
import { createInstallation, type Installation } from './installation.ts';

let installation: Installation;
let cwd: string;
beforeAll(async () => {
  installation = await createInstallation('classic');
  cwd = await mkdtemp(join(tmpdir(), 'chasqui-doctor-'));
});
afterAll(async () => {
  await installation[Symbol.asyncDispose]();
  await rm(cwd, { recursive: true });
});

const chasqui = (args: string[], more: { [name: string]: string } = {}) =>
  runCommand(args, { cwd, env: { ...installation.env, ...more } });

/** What the doctor says of the engines. */
async function examined(more?: { [name: string]: string }): Promise<Finding[]> {
  const { out } = await chasqui(['doctor', '--json'], more);
  const findings = out
    .trimEnd()
    .split('\n')
    .map((line): Finding => JSON.parse(line));
  return findings.filter(({ what }) => /RabbitMQ|Redis|MySQL/.test(what));
}

test('before setup the doctor says what is missing; setup makes it, and examines the engines', {
  timeout: 300_000,
}, async () => {
  const before = (await examined()).filter(({ ok }) => !ok);
  expect(before.map(({ what, hint }) => `${what}: ${hint}`)).toEqual([
    expect.stringMatching(/^RabbitMQ: queues: RabbitMQ lacks .*npx chasqui setup$/),
    expect.stringMatching(/^MySQL: the database \S+ is not set up: .*npx chasqui setup$/),
  ]);
  const mode = { CHASQUI_REDIS_MODE: 'cluster' };
  const setup = await chasqui(['setup'], mode);
  expect([setup.code, setup.out]).toEqual([
    0,
    expect.stringMatching(
      /\n✗ Redis at \S+\n {4}.*CHASQUI_REDIS_MODE=standalone\nEverything is set up, but .*\(above\)\. Next/,
    ),
  ]);
  expect((await chasqui(['setup'])).out).toMatch(/\nEverything is set up\. Next/);
  const after = await examined();
  expect(after.filter(({ ok }) => !ok)).toEqual([]);
  expect(after.length).toBeGreaterThanOrEqual(11);
});
