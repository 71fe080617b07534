import type { EngineLife } from './life.ts';
import { listeningPorts } from './listening-ports.ts';

/** A row of the table: an engine, or one of its processes if it has several. */
export interface StatusRow {
  engine: string;
  state: 'up' | 'starting' | 'frozen' | 'partly down' | 'down';
  pids: string;
  ports: string;
  since: string;
}

export async function statusOf(life: EngineLife): Promise<StatusRow> {
  const all = life.living();
  const running = all.filter((one) => one !== null);
  const state = stateOfEngine(
    all.map((one) => one?.state ?? null),
    running.length > 0 && (await life.isUp()),
  );
  return {
    engine: life.engine.name,
    state,
    pids: running.map(({ pid }) => pid).join(' ') || '-',
    ports: running.flatMap(({ pid }) => listeningPorts(pid)).join(' ') || '-',
    since: running[0]?.since ?? '-',
  };
}

/** Combines the states of an engine's processes and its readiness. */
export function stateOfEngine(processes: readonly ('running' | 'frozen' | null)[], isUp: boolean): StatusRow['state'] {
  if (processes.every((state) => state === null)) return 'down';
  if (processes.includes(null)) return 'partly down';
  if (processes.includes('frozen')) return 'frozen';
  return isUp ? 'up' : 'starting';
}

/** The rows as a table with a heading; each column is as wide as its widest cell. */
export function statusTable(rows: readonly StatusRow[]): string {
  const columns = ['engine', 'state', 'pids', 'ports', 'since'] as const;
  const heading = Object.fromEntries(columns.map((column) => [column, column])) as Record<
    (typeof columns)[number],
    string
  >;
  const width = (column: (typeof columns)[number]) => Math.max(...[heading, ...rows].map((row) => row[column].length));
  return [heading, ...rows]
    .map((row) =>
      columns
        .map((column) => row[column].padEnd(width(column)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
