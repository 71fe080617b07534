import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { LoadUser, markdownTable } from '@chasqui/app-cli/load';
import { pinSelf } from '../pinned.ts';
import { machineLine } from '../report.ts';
import { type OwnProcess, startChasqui } from '../servers.ts';
import type { AttackOrder } from './attacker.ts';
import { ATTACKING_USERS, ATTACKS, type AttackName } from './attacks.ts';
import type { FloodCounts, FloodTarget } from './flood.ts';
import { HonestUser, Seen } from './honest-user.ts';

/** Messages in the attacker's inbox, for attacks that read it. */
const INBOX = 5_000;
const REST_MS = 3_000;
const WARM_UP_MS = 5_000;

interface Watched {
  seen: Seen;
  /** Fraction of a core. */
  cpu: number;
}

interface Attacked extends Watched {
  name: AttackName;
  quiet: Watched;
  counts: FloodCounts;
}

export interface HostileOptions {
  command: string;
  /** For each attack, and for the quiet period before it. */
  seconds: number;
  /** Only these attacks. Absent: all. */
  only?: string;
  say(text: string): void;
}

/** Runs each attack in turn on one server, and measures its effect on two honest users. */
export async function benchHostile({ command, seconds, only = '', say }: HostileOptions): Promise<string> {
  pinSelf(1);
  await using contender = await startChasqui([], { CHASQUI_TRUST_PROXY: '1' });
  const target = await targetOf(contender);
  await fillInbox(contender);
  const [first = '', second = first] = contender.target.nodes;
  const tokens = await Promise.all(['ann', 'bob'].map((userId) => contender.target.token(userId)));
  using ann = await HonestUser.open(first, tokens[0] ?? '', 'ann', 'bob');
  using bob = await HonestUser.open(second, tokens[1] ?? '', 'bob', 'ann');
  const honest = [ann, bob];
  await pause(WARM_UP_MS);
  const rows: Attacked[] = [];
  for (const name of Object.keys(ATTACKS) as AttackName[]) {
    if (!name.includes(only)) continue;
    const quiet = await watch(contender, honest, () => pause(seconds * 1_000));
    let counts: FloodCounts = { offered: 0, refused: 0, closed: 0 };
    const attacked = await watch(contender, honest, async () => {
      counts = await attack({ name, target, seconds });
    });
    const row = { name, quiet, ...attacked, counts };
    say(`  ${rowOf(row).join(' | ')}`);
    rows.push(row);
    await pause(REST_MS);
  }
  return `${machineLine(command, 'server on core 0, everybody else on core 1')}\n\n${tableOf(rows)}\n`;
}

async function targetOf({ target, api = '' }: OwnProcess): Promise<FloodTarget> {
  const tokens: { [userId: string]: string } = {};
  for (const userId of ATTACKING_USERS) tokens[userId] = await target.token(userId);
  return { nodes: target.nodes, api, tokens };
}

async function fillInbox({ target }: OwnProcess): Promise<void> {
  const troubles = { counts: new Map<string, number>() };
  const url = target.nodes[0] ?? '';
  const friend = await LoadUser.open({ url, token: await target.token('friend'), userId: 'friend' }, troubles);
  friend.pairWith('eve');
  for (let n = 0; n < INBOX; n++) {
    friend.send(`fill-${n}`, JSON.stringify({ text: 'x'.repeat(300) }));
    if (n % 100 !== 99) continue;
    friend.flush();
    await pause(150);
  }
  friend.close();
}

async function watch(server: OwnProcess, users: readonly HonestUser[], during: () => Promise<void>): Promise<Watched> {
  const cpuSeconds = () => server.process.parts().reduce((sum, part) => sum + part.cpuSeconds, 0);
  const seen = new Seen();
  const before = cpuSeconds();
  const startedAt = performance.now();
  for (const user of users) user.seen = seen;
  await during();
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpu = (cpuSeconds() - before) / seconds;
  // Messages sent late in the attack are awaited: they count.
  for (let waited = 0; waited < 5_000 && seen.stored.count < seen.sent - users.length; waited += 100) await pause(100);
  for (const user of users) user.seen = null;
  return { seen, cpu };
}

async function attack(order: AttackOrder): Promise<FloodCounts> {
  const child = fork(join(import.meta.dirname, 'attacker.ts'));
  try {
    child.send(order);
    const [counts] = (await once(child, 'message')) as [FloodCounts];
    return counts;
  } finally {
    child.kill();
  }
}

/** Latencies in ms, as p50 / p99 where there are two. */
const COLUMNS = [
  ...['attack', 'ping quiet', 'ping attacked', 'received quiet', 'received attacked', 'stored p99 quiet'],
  ...[
    'stored p99 attacked',
    'refused to the honest',
    'offered',
    'refused',
    'closed',
    'server cores quiet',
    'attacked',
    'client late p99',
  ],
];

function tableOf(rows: readonly Attacked[]): string {
  return markdownTable([COLUMNS, ...rows.map(rowOf)]);
}

function rowOf({ name, quiet, seen, cpu, counts: { offered, refused, closed } }: Attacked): string[] {
  const whole = (count: number) => count.toLocaleString('en');
  return [
    name,
    ...[pair(quiet.seen.ping), pair(seen.ping), pair(quiet.seen.received), pair(seen.received)],
    ...[ms(quiet.seen.stored.quantile(0.99)), ms(seen.stored.quantile(0.99)), refusals(seen)],
    ...[offered, Math.min(refused, offered), closed].map(whole),
    ...[quiet.cpu.toFixed(2), cpu.toFixed(2), ms(seen.late.quantile(0.99))],
  ];
}

function refusals({ refused }: Seen): string {
  return [...refused].map(([code, count]) => `${count} ${code}`).join(', ') || '0';
}

const pair = (histogram: Seen['ping']) => `${ms(histogram.quantile(0.5))} / ${ms(histogram.quantile(0.99))}`;

function ms(us: number): string {
  const value = us / 1_000;
  return value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en');
}
