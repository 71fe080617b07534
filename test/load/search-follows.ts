import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { LoadCrowd, LoadTarget } from '@chasqui/app-cli/load';

/** Pairs that send a marked message: enough to reach every shard. */
const MARKED = 8;
const POLL_MS = 50;
const PATIENCE_MS = 120_000;

/**
 * Ms until a message sent now, behind a whole load, is found by search (C13). Errors: a plain one after two minutes.
 * `api`: the address of the API.
 */
export async function searchFollows(api: string, { token }: LoadTarget, { pairs }: LoadCrowd): Promise<number> {
  const startedAt = performance.now();
  const word = `m${randomBytes(8).toString('hex')}`;
  const marked = pairs.slice(0, MARKED).map(async ({ sender }, index) => {
    sender.send(`${word}.${index}`, JSON.stringify({ text: word }));
    sender.flush();
    const authorization = `Bearer ${await token(sender.userId)}`;
    while (performance.now() - startedAt < PATIENCE_MS) {
      const answer = await fetch(`${api}/api/messages/search?q=${word}`, { headers: { authorization } });
      if (answer.ok && ((await answer.json()) as { hits: unknown[] }).hits.length > 0) return;
      await pause(POLL_MS);
    }
    throw new Error(`search does not find what was sent ${PATIENCE_MS / 1_000} s ago`);
  });
  await Promise.all(marked);
  return performance.now() - startedAt;
}
