import type { Environment } from '@chasqui/kit';
import type { Command } from 'commander';
import {
  fetchNodes,
  LOAD_STAGES,
  LoadCrowd,
  markdownTable,
  RESULT_COLUMNS,
  resultRow,
  runLoad,
} from '../load/index.ts';
import { print, run } from '../support/run.ts';
import { makeToken } from '../support/target.ts';
import { addJson, wholeNumber } from './options.ts';

interface BenchOptions {
  server: string;
  data?: string;
  pairs: number;
  rate: number;
  seconds: number;
  json: boolean;
}

export function addBench(program: Command, env: Environment): void {
  const command = program
    .command('bench')
    .description('put load on a running server with test users, and print message latencies')
    .option('--server <url>', 'the API of a running server', 'http://127.0.0.1:4400')
    .option('--data <dir>', "the server's data folder, to make tokens with its secret (default: ./.data)")
    .option('--pairs <n>', 'pairs of users, whose partners are on different nodes', wholeNumber(1, 5_000), 10)
    .option('--rate <n>', 'total messages a second', wholeNumber(1, 100_000), 500)
    .option('--seconds <n>', 'duration in seconds', wholeNumber(1, 3_600), 10);
  addJson(command).action(run((options: BenchOptions) => bench(options, env)));
}

async function bench({ server, data, pairs, rate, seconds, json }: BenchOptions, env: Environment): Promise<void> {
  const target = {
    nodes: await fetchNodes(server),
    token: (userId: string) => makeToken(env, { data, userId }),
  };
  // Users of this bench only, so that their inboxes are empty.
  using crowd = await LoadCrowd.open(target, { name: `bench-${Date.now().toString(36)}`, pairs });
  const result = await runLoad(crowd, { mode: { kind: 'open', rate }, seconds, stages: LOAD_STAGES });
  const row = resultRow(result);
  if (json) print(JSON.stringify(Object.fromEntries(RESULT_COLUMNS.map((name, at) => [name, row[at]]))));
  else {
    print('Latencies are p50 / p99 / p99.9 / max in ms, measured from the time at which a message was due.\n');
    print(markdownTable([RESULT_COLUMNS, row]));
  }
  for (const [code, count] of crowd.troubles.counts) process.stderr.write(`${count} × ${code}\n`);
  if (result.unfinished > 0 || result.tally.refused > 0) process.exitCode = 1;
}
