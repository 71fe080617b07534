import { ImError } from '@chasqui/domain';
import { type ErrorBody, kindOfStatus, textOf, unavailable } from './faults.ts';
import type { Link } from './link.ts';
import { linesOf, type Operation, partsOf } from './operations.ts';
import type { Patience } from './patience.ts';

/** Where a bulk goes. */
export interface Destination {
  /** Every operation goes to each of these. */
  names(patience: Patience): Promise<readonly string[]>;
  /** Where to write instead of what turned out to be missing. Errors: when there is no other place. */
  instead(patience: Patience): Promise<string>;
  /** They are aliases, and a write to something else of that name must fail. */
  areAliases: boolean;
}

interface Entry {
  /** Whose result it is. */
  at: number;
  operation: Operation;
  index: string;
}

type Item = Partial<Record<'index' | 'delete', { status: number; error?: ErrorBody }>>;

/** How long a shard that is not there may keep a request waiting. */
const SHARD_WAIT = '2s';

/**
 * Writes in requests of bounded size, one after the other. What the engine is too busy for is tried again alone, until the
 * deadline of its request. The result has null for what was written or is there in a later version, or why the engine
 * will never take it. Errors: `search_unavailable` when some could not be written in time.
 */
export async function writeBulk(
  link: Link,
  operations: readonly Operation[],
  to: Destination,
): Promise<(Error | null)[]> {
  const results: (Error | null)[] = operations.map(() => null);
  for (const part of partsOf(operations.map((operation, at) => ({ at, operation })))) {
    // Nobody waits for a write as one does for a search.
    const patience = link.patience(2);
    const names = await to.names(patience);
    let entries: Entry[] = names.flatMap((index) => part.map((entry) => ({ ...entry, index })));
    for (;;) {
      const answers = await send(link, entries, to.areAliases, patience);
      const again: Entry[] = [];
      let instead: string | undefined;
      let why = '';
      for (const [position, entry] of entries.entries()) {
        const { status, error } = answers[position] ?? { status: 500 };
        if (isDone(status, error)) continue;
        const kind = kindOfStatus(status, error?.type);
        const text = textOf(error?.type, error?.reason);
        if (kind === 'missing') instead ??= await to.instead(patience);
        if (kind === 'refused') results[entry.at] = new ImError('invalid_request', `Elasticsearch refuses it: ${text}`);
        else again.push(kind === 'missing' ? { ...entry, index: instead ?? entry.index } : entry);
        why = text;
      }
      if (again.length === 0) break;
      if (!(await patience.pause())) throw unavailable('away', `${again.length} writes failed: ${why}`);
      entries = again;
    }
  }
  return results;
}

/** Written; or an older version than what is there (409); or a removal of what is not there (404 without an error). */
function isDone(status: number, error: ErrorBody | undefined): boolean {
  return status === 409 || (error === undefined && (status < 300 || status === 404));
}

async function send(link: Link, entries: readonly Entry[], areAliases: boolean, patience: Patience) {
  const answer = await link.request<{ items: Item[] }>(
    {
      method: 'POST',
      path: '/_bulk',
      query: {
        ...(areAliases ? { require_alias: true } : {}),
        timeout: SHARD_WAIT,
        filter_path: 'items.*.status,items.*.error.type,items.*.error.reason',
      },
      lines: entries.map(({ operation, index }) => linesOf(operation, index)).join(''),
    },
    patience,
  );
  return answer.items.map((item) => item.index ?? item.delete);
}
