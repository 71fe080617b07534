import { cpus, release, totalmem } from 'node:os';
import { markdownTable, RESULT_COLUMNS, resultRow } from '@chasqui/app-cli/load';
import type { ProfileSummary } from './cpu-profile.ts';
import type { Measured } from './measured.ts';
import type { Overload } from './phases.ts';
import { canPin } from './pinned.ts';

export interface ContenderReport {
  name: string;
  results: readonly Measured[];
  idleKb?: number;
  overload?: Overload;
}

const TOP = 25;

/** The record of a bench as Markdown. */
export function reportOf(command: string, contenders: readonly ContenderReport[], profile?: ProfileSummary): string {
  const cores = canPin ? 'server on core 0, load client on core 1' : 'not pinned to cores';
  const parts = ['# Benchmarks', heading(command, cores)];
  for (const contender of contenders) parts.push(section(contender), threadsLine(contender));
  if (profile !== undefined) parts.push(profileSection(profile));
  return `${parts.join('\n\n')}\n`;
}

/** The load and the machine. */
export function machineLine(command: string, cores: string): string {
  const [cpu] = cpus();
  const gib = Math.round(totalmem() / 2 ** 30);
  return (
    `\`${command}\`, ${new Date().toISOString().slice(0, 10)}; ${cpus().length} × ${cpu?.model.trim()}, ${gib} GiB, Linux ${release()}, ` +
    `Node ${process.versions.node}; ${cores}.`
  );
}

/** The same, and an explanation of the figures. */
export function heading(command: string, cores: string): string {
  return [
    machineLine(command, cores),
    '',
    'The users form pairs, whose partners are on different nodes, and send messages of 300 bytes. A message is *done* when its sender has the acks',
    '*queued* and *stored* and the receipt *delivered*, and its receiver has the message (relays: ack and message).',
    'Latencies are p50 / p99 / p99.9 / max in ms, measured from the time at which a message was due. *Core share* is the fraction of a',
    'core that the server got; at a limit, a value well below 1 means that other processes used the rest.',
  ].join('\n');
}

export function section({ name, results, idleKb, overload }: ContenderReport): string {
  const rows = overload === undefined ? results : [...results, overload.during, overload.after];
  const table = markdownTable([
    [...RESULT_COLUMNS, 'search follows after', 'CPU s per million', 'core share', 'memory MB'],
    ...rows.map((row) => [
      ...resultRow(row),
      row.searchMs === undefined ? '–' : `${(row.searchMs / 1_000).toFixed(1)} s`,
      row.cpuPerMillion.toFixed(1),
      row.coreShare.toFixed(2),
      `${Math.round(row.residentMb.before)} → ${Math.round(row.residentMb.after)}`,
    ]),
  ]);
  const lines = [`## ${name}`, '', table];
  if (idleKb !== undefined)
    lines.push('', `Memory per further idle logged-in connection, with thousands there: ${idleKb.toFixed(1)} kB.`);
  if (overload !== undefined) lines.push('', overloadLine(overload));
  return lines.join('\n');
}

/** For a server in one process. */
function threadsLine({ results: [limit] }: ContenderReport): string {
  const named = [...(limit?.cpuOfParts ?? [])].filter(([, us]) => us >= 1).sort(([, a], [, b]) => b - a);
  const list = named.map(([name, us]) => `${name} ${us.toFixed(0)}`);
  return `CPU µs a message at the limit (the first row), by thread: ${list.join(', ')}.`;
}

function overloadLine({ inboxes: { found, missing, twice }, troubles }: Overload): string {
  const codes = [...troubles].map(([code, count]) => `${count} ${code}`).join(', ') || 'none';
  return (
    `The last two rows are an overload of twice the limit, and the load after it. Of the overload's messages the receivers' inboxes ` +
    `hold ${found}; acked but missing: ${missing}; duplicated: ${twice}. Errors other than refusals: ${codes}.`
  );
}

function profileSection({ totalMs, byPlace, byFunction }: ProfileSummary): string {
  const share = (ms: number) => `${((ms / totalMs) * 100).toFixed(1)} %`;
  return [
    '## Where the time goes',
    '',
    'Self time of all threads, waiting left out (a thread in a disk sync counts as busy).',
    '',
    markdownTable([['package', 'share'], ...byPlace.slice(0, TOP).map(({ name, ms }) => [name, share(ms)])]),
    '',
    markdownTable([
      ['function', 'package', 'share'],
      ...byFunction.slice(0, TOP).map(({ name, place, ms }) => [name, place, share(ms)]),
    ]),
  ].join('\n');
}
