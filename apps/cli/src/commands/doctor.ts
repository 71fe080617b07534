import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { type Environment, makeFolder } from '@chasqui/kit';
import type { Command } from 'commander';
import { print, run } from '../support/run.ts';
import { commonConfig } from '../support/target.ts';
import { wholeNumber } from './options.ts';

interface Finding {
  ok: boolean;
  what: string;
  /** How to fix it. */
  hint?: string;
}

const MIN_FREE_BYTES = 1024 ** 3;

export function addDoctor(program: Command, env: Environment): void {
  program
    .command('doctor')
    .description('check this machine and, if one runs, the server')
    .option('--port <p>', 'the port of API and page', wholeNumber(1, 65_000), 4400)
    .option('--data <dir>', "the server's data folder (default: ./.data)")
    .action(
      run(async ({ port, data }: { port: number; data?: string }) => {
        const { dataDir } = commonConfig(env, data);
        const findings = [nodeVersion(), await dataFolder(dataDir), await freeSpace(dataDir), ...(await server(port))];
        for (const { ok, what, hint } of findings) {
          print(`${ok ? '✓' : '✗'} ${what}${hint === undefined ? '' : `\n    ${hint}`}`);
        }
        if (findings.some(({ ok }) => !ok)) process.exitCode = 1;
      }),
    );
}

function nodeVersion(): Finding {
  const ok = Number(process.versions.node.split('.')[0]) >= 24;
  return {
    ok,
    what: `Node ${process.versions.node}`,
    ...(ok ? {} : { hint: 'Node 24 is required: npm ci installs it.' }),
  };
}

async function dataFolder(dataDir: string): Promise<Finding> {
  try {
    await makeFolder(dataDir);
    await access(dataDir, constants.R_OK | constants.W_OK);
    return { ok: true, what: `the data folder ${dataDir} is writable` };
  } catch (error) {
    const hint = `${(error as Error).message}. Name another with --data.`;
    return { ok: false, what: `the data folder ${dataDir} is not writable`, hint };
  }
}

async function freeSpace(dataDir: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(dataDir);
  const free = bavail * bsize;
  const what = `${(free / 1024 ** 3).toFixed(1)} GiB free for data`;
  return free >= MIN_FREE_BYTES
    ? { ok: true, what }
    : { ok: false, what, hint: 'The bus and the stores need disk space.' };
}

/** Checks a running server's readiness, or whether one could start. */
async function server(port: number): Promise<Finding[]> {
  const url = `http://127.0.0.1:${port}`;
  try {
    const ready = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(3_000) });
    const body = await ready.text();
    const nodes = await fetch(`${url}/api/nodes`, { signal: AbortSignal.timeout(3_000) });
    return [
      { ok: ready.ok, what: `the server at ${url}: ${body}` },
      { ok: nodes.ok, what: `its nodes: ${await nodes.text()}` },
    ];
  } catch {
    return [await portFree(port)];
  }
}

function portFree(port: number): Promise<Finding> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => {
      const hint = 'Stop it, or start Chasqui with another --port.';
      resolve({ ok: false, what: `port ${port} is used by another program`, hint });
    });
    probe.listen(port, '127.0.0.1', () => {
      probe.close(() =>
        resolve({ ok: true, what: `no server runs; port ${port} is free`, hint: 'Start one: npm start' }),
      );
    });
  });
}
