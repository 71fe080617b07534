import { newMessageId } from '../sending/new-message-id.ts';
import { Fence, fenced } from './fence.ts';
import { Host } from './host.ts';
import { TAB_LIMITS } from './limits.ts';
import type { TabParts } from './tab-parts.ts';
import type { FromLeader } from './wire.ts';

export interface Term {
  /** Another tab has taken the lead. */
  lost: AbortSignal;
  /** The tab closes. */
  closing: AbortSignal;
  /** Whether the tab still leads. */
  mayWrite(): Promise<boolean>;
  tell(message: FromLeader): void;
  began(host: Host): void;
  ended(host: Host): void;
}

/** Opens the database and runs the client for all tabs, until the tab closes or another one has taken the lead. */
export async function lead(parts: TabParts, { lost, closing, mayWrite, tell, began, ended }: Term): Promise<void> {
  const { clock, random, open, create } = parts;
  const fence = new Fence(clock, TAB_LIMITS.certainMs, mayWrite);
  const host = new Host(newMessageId(random), clock, fence, tell);
  began(host);
  try {
    const database = await open();
    try {
      if (lost.aborted || closing.aborted) return;
      const client = create(fenced(database, fence));
      host.start(client);
      await Promise.race([aborted(lost), aborted(closing)]);
      host.end();
      // Another one has the database: this one must not write any more, not even what it notes when it closes.
      if (lost.aborted) database.close();
      client.close();
    } finally {
      database.close();
    }
  } finally {
    ended(host);
  }
}

/** Removes what the database has, unless another tab has taken the lead. */
export async function forget({ open }: TabParts, mayWrite: () => Promise<boolean>): Promise<void> {
  const database = await open();
  if (await mayWrite()) await database.clear();
  database.close();
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
