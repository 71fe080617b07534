import { setTimeout as pause } from 'node:timers/promises';
import { markdownTable } from '@chasqui/app-cli/load';
import { whole } from '../groups/table.ts';
import { costsOf } from '../measured.ts';
import { pinSelf } from '../pinned.ts';
import { machineLine } from '../report.ts';
import { type OwnProcess, startWithLimits } from '../servers.ts';
import { usedBetween } from '../watched.ts';
import { ActionLoad } from './action-load.ts';

export interface ActionsBenchOptions {
  command: string;
  pairs: number;
  /** Messages of each pair in a turn. */
  messages: number;
  turns: number;
  /** Edits of one message in a turn. */
  flood: number;
  say(text: string): void;
}

/** Whatever follows a step, as indexing, ends within this time. */
const SETTLE_MS = 1_500;
/** Costs are measured without their bounds. */
const UNBOUNDED = {
  ...{ workPerSecond: 1e9, workBurst: 1e9, messagesPerSecond: 1e6, messageBurst: 1e6 },
  ...{ maxQueueDelayMs: 60_000, maxTurnDelayMs: 60_000 },
};

/** What edits and reactions cost beside receipts, in turns. */
export async function benchActions(options: ActionsBenchOptions): Promise<string> {
  const { command, pairs, messages, turns, flood, say } = options;
  pinSelf(1);
  await using server = await startWithLimits(UNBOUNDED);
  const load = await ActionLoad.open(server.target, pairs);
  const steps: [name: string, count: number, work: () => Promise<void>][] = [
    ['messages', pairs * messages, () => load.write(messages)],
    ['receipts, *delivered*', pairs * messages, () => load.ack('delivered', messages)],
    ['receipts, *read*', pairs * messages, () => load.ack('read', messages)],
    ['edits of these messages', pairs * messages, () => load.edit(messages)],
    ['reactions to them', pairs * messages, () => load.react(messages)],
    ['edits of one message, at once', flood, () => load.flood(flood)],
  ];
  // Warms up the server.
  for (const [, , work] of steps) await work();
  const rows: string[][] = [];
  for (let turn = 1; turn <= turns; turn++) {
    for (const [name, count, work] of steps) {
      const row = [String(turn), name, whole(count), ...(await measure(server, count, work))];
      say(row.join(' | '));
      rows.push(row);
    }
  }
  load.close();
  const text = [
    machineLine(command, 'server on core 0, clients on core 1'),
    `${pairs} pairs on two nodes, direct chats, ${messages} messages of each in a turn, eight under way in each pair; sender and reader wait for what they are told. CPU µs of the server for each, all threads.`,
    markdownTable([['turn', 'what', 'number', 'a second', 'CPU µs each', 'by thread'], ...rows]),
  ];
  return `${text.join('\n\n')}\n`;
}

async function measure(server: OwnProcess, count: number, work: () => Promise<void>): Promise<string[]> {
  await pause(SETTLE_MS);
  const before = server.process.parts();
  const startedAt = performance.now();
  await work();
  const seconds = (performance.now() - startedAt) / 1_000;
  await pause(SETTLE_MS);
  const { cpuOfParts, cpuPerMillion } = costsOf(usedBetween(before, server.process.parts()), count);
  const parts = [...cpuOfParts].filter(([, cpuUs]) => cpuUs >= 5).map(([name, cpuUs]) => `${name} ${whole(cpuUs)}`);
  return [whole(count / seconds), whole(cpuPerMillion), parts.join(', ')];
}
