import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ClusterProcesses } from './cluster-processes.ts';
import { lastLine } from './last-line.ts';

const folder = () => {
  const made = mkdtempSync(join(tmpdir(), 'chasqui-processes-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
};

/** A process whose status port answers as given. */
async function notReady(missing: string[]) {
  const status = createServer((_, response) => {
    response.writeHead(503).end(JSON.stringify({ status: 'not ready', missing }));
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void status.close());
  await new Promise((resolve) => status.once('listening', resolve));
  const readyUrl = `http://127.0.0.1:${(status.address() as AddressInfo).port}/readyz`;
  const dataDir = folder();
  // The process of the engines is one that stays.
  const processes = new ClusterProcesses({
    processes: [{ name: 'datasync', app: 'engine', readyUrl, env: { CHASQUI_LOG_LEVEL: 'silent' } }],
    env: { CHASQUI_DATA_DIR: dataDir },
    logDir: dataDir,
  });
  onTestFinished(() => processes[Symbol.asyncDispose]());
  return processes;
}

test('a process that is not ready in time is named, with what it lacks and what its log says', async () => {
  const processes = await notReady(['search', 'messages']);
  processes.run('datasync');
  const log = processes.logOf('datasync');
  appendFileSync(log, '{"level":40,"why":"connect ENOENT","msg":"waiting for the engine host"}\n');
  await expect(processes.ready(300)).rejects.toMatchObject({
    code: 'deadline_exceeded',
    message:
      'datasync is not ready after 0 s: it lacks search, messages; ' +
      `its log says: waiting for the engine host: connect ENOENT (see ${log})`,
  });
});

test('the last line of a log is told in its own words, whatever it is', () => {
  const log = join(folder(), 'a.log');
  expect(lastLine(log)).toBe('');
  for (const [line, told] of [
    ['chasqui: the port is taken (config_invalid)', 'chasqui: the port is taken (config_invalid)'],
    ['{"msg":"it failed","err":{"message":"no such table"}}', 'it failed: no such table'],
    ['{"level":30}', '{"level":30}'],
    ['7', '7'],
  ] as const) {
    appendFileSync(log, `${line}\n`);
    expect(lastLine(log)).toBe(told);
  }
});
