import { constants, existsSync } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { ImError } from '@chasqui/domain';
import type { Environment, Finding } from '@chasqui/kit';
import type { Command } from 'commander';
import { examineEngines } from '../app.ts';
import { allDeadLetters } from '../support/dead-letters.ts';
import { commandEngines } from '../support/installation.ts';
import { findingLines, print, run } from '../support/run.ts';
import { commonConfig } from '../support/target.ts';
import { addJson, wholeNumber } from './options.ts';

interface DoctorOptions {
  port: number;
  server?: string;
  data?: string;
  json: boolean;
}

const MIN_FREE_BYTES = 1024 ** 3;
/** Dead letters of a consumer group that are counted. */
const MAX_COUNTED = 1_000;

export function addDoctor(program: Command, env: Environment): void {
  const command = program
    .command('doctor')
    .description('check this machine and, if one runs, the server')
    .option('--port <p>', 'the port of API and page', wholeNumber(1, 65_000), 4400)
    .option('--server <url>', 'the API of a running server, instead of a port of this machine')
    .option('--data <dir>', "the server's data folder (default: ./.data)");
  addJson(command).action(
    run(async ({ port, server: url, data, json }: DoctorOptions) => {
      const { dataDir } = commonConfig(env, data);
      const findings = [
        nodeVersion(),
        await dataFolder(dataDir),
        await freeSpace(dataDir),
        ...((await server(url ?? `http://127.0.0.1:${port}`)) ?? [await noServer(url, port)]),
        ...(await engines(env)),
        ...(await deadLetters(env, data)),
      ];
      for (const finding of findings) print(json ? JSON.stringify(finding) : findingLines(finding));
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

/** Creates nothing: a folder that is not there yet is checked by the folder that it would be made in. */
async function dataFolder(dataDir: string): Promise<Finding> {
  const place = existing(dataDir);
  const made = place === dataDir ? '' : ' (it will be made)';
  try {
    await access(place, constants.R_OK | constants.W_OK);
    return { ok: true, what: `the data folder ${dataDir} is writable${made}` };
  } catch (error) {
    const hint = `${(error as Error).message}. Name another with --data.`;
    return { ok: false, what: `the data folder ${dataDir} is not writable`, hint };
  }
}

async function freeSpace(dataDir: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(existing(dataDir));
  const free = bavail * bsize;
  const what = `${(free / 1024 ** 3).toFixed(1)} GiB free for data`;
  return free >= MIN_FREE_BYTES
    ? { ok: true, what }
    : { ok: false, what, hint: 'The bus and the stores need disk space.' };
}

/** The path, or the nearest folder above it that is there. */
function existing(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : existing(dirname(path));
}

/** What the cluster engines say of themselves, or what is wrong with their configuration. */
async function engines(env: Environment): Promise<Finding[]> {
  try {
    return await examineEngines(env);
  } catch (error) {
    return [{ ok: false, what: 'the engines cannot be examined', hint: ImError.from(error).message }];
  }
}

/** Dead letters of the last 30 days. Without data there are none. */
async function deadLetters(env: Environment, data: string | undefined): Promise<Finding[]> {
  if (!existsSync(commonConfig(env, data).dataDir)) return [];
  try {
    await using engines = await commandEngines(env, data);
    const letters = await allDeadLetters(engines.bus, MAX_COUNTED);
    if (letters.length === 0) return [{ ok: true, what: 'no dead letters' }];
    const [newest] = letters;
    const hint = `The newest, of ${newest?.group}: ${newest?.error}. npx chasqui dead-letters lists them.`;
    return [{ ok: false, what: `${letters.length} dead letters`, hint }];
  } catch (error) {
    const { code, message } = ImError.from(error);
    // A new folder has no data.
    return code === 'config_invalid' ? [] : [{ ok: false, what: 'dead letters cannot be read', hint: message }];
  }
}

/** A running server's readiness; null: none answers. */
async function server(url: string): Promise<Finding[] | null> {
  try {
    const ready = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(3_000) });
    const body = await ready.text();
    const nodes = await fetch(`${url}/api/nodes`, { signal: AbortSignal.timeout(3_000) });
    return [
      { ok: ready.ok, what: `the server at ${url}: ${body}` },
      ...degradedIn(body).map((what) => ({
        ok: false,
        what,
        hint: 'docs/operations.md, "What to watch", says what to do.',
      })),
      { ok: nodes.ok, what: `its nodes: ${await nodes.text()}` },
    ];
  } catch {
    return null;
  }
}

/** What the server says of itself although its engines answer: a scanner that is away, a shard that stands still. */
function degradedIn(body: string): string[] {
  try {
    const { degraded = [] } = JSON.parse(body) as { degraded?: string[] };
    return degraded;
  } catch {
    return [];
  }
}

/** One that was named should be there; else, whether one could start. */
async function noServer(url: string | undefined, port: number): Promise<Finding> {
  return url === undefined ? portFree(port) : { ok: false, what: `no server answers at ${url}` };
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
