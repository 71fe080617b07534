import { ImError } from '@chasqui/domain';
import { type ErrorBody, kindOfStatus, textOf, unavailable } from './faults.ts';
import type { Link } from './link.ts';
import { linesOf, type Operation, partsOf } from './operations.ts';
import type { Patience } from './patience.ts';

/** The indices that a bulk is written to. */
export interface Destination {
  /** Every operation goes to each of these. */
  names(patience: Patience): Promise<readonly string[]>;
  /** The index to write to instead of a missing one. Errors: if there is no other. */
  instead(patience: Patience): Promise<string>;
  /** The names are aliases: a write to an index or data stream of that name must fail. */
  areAliases: boolean;
}

interface Entry {
  /** Index of the operation's entry in the result. */
  at: number;
  operation: Operation;
  index: string;
}

type Item = Partial<Record<'index' | 'delete', { status: number; error?: ErrorBody }>>;

/** How long a request may wait for a missing shard. */
const SHARD_WAIT = '2s';

/**
 * Writes in requests of bounded size, one after another. Items that a busy engine rejects are retried alone, until the
 * deadline of their request. The result holds null for an item that is written or stored in a later version, else why
 * the engine will never accept it. Errors: `search_unavailable` if some items could not be written in time.
 */
export async function writeBulk(
  link: Link,
  operations: readonly Operation[],
  to: Destination,
): Promise<(Error | null)[]> {
  const results: (Error | null)[] = operations.map(() => null);
  for (const part of partsOf(operations.map((operation, at) => ({ at, operation })))) {
    // No user waits for a write as for a search.
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

/** Written; or older than the stored version (409); or a removal of a missing document (404 without an error). */
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
