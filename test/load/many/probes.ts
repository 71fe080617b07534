import { Histogram, readInbox } from '@chasqui/app-cli/load';
import { directConversation } from '@chasqui/domain';
import { mulberry32 } from '../../simulation/random.ts';
import type { InstalledProcess } from '../servers.ts';
import type { KeptStore } from './kept-store.ts';
import { AWAY, BUSY, COMMON_WORD, longConversation, rareWord, TWO_WORDS } from './stored-plan.ts';

/** What was asked of a server, one call after the other. */
export interface Probe {
  what: string;
  /** µs of each call. */
  took: Histogram;
  /** CPU µs of the server for a call. */
  cpuUs: number;
  /** Things in the last answer. */
  found: number;
}

/** One call of the API. */
interface Call {
  userId: string;
  path: string;
}

const WARM_UPS = 20;
const SEED = 7;

/** `calls`: of each sort. */
export async function probeReads(
  server: InstalledProcess,
  { early }: Pick<KeptStore, 'early'>,
  stored: number,
  calls: number,
): Promise<Probe[]> {
  const random = mulberry32(SEED);
  const history = (before: string) => (number: number) => {
    const [one, other] = longConversation(number);
    return { userId: one, path: `conversations/${directConversation(one, other)}/messages?limit=50${before}` };
  };
  const search = (words: () => string) => () => ({
    userId: BUSY,
    path: `messages/search?limit=50&q=${encodeURIComponent(words())}`,
  });
  const sorts: [string, (number: number) => Call][] = [
    ['history, the end', history('')],
    ['history, near the start', history(`&before=${early}`)],
    ['search, a common word', search(() => COMMON_WORD)],
    ['search, a rare word', search(() => rareWord(stored, random()))],
    ['search, two words', search(() => TWO_WORDS)],
    ['unread counts', () => ({ userId: BUSY, path: 'messages/unread-count' })],
    ['conversations', () => ({ userId: BUSY, path: 'conversations?limit=50' })],
  ];
  const probes: Probe[] = [];
  for (const [what, call] of sorts) probes.push(await probe(server, what, call, calls));
  return probes;
}

async function probe(
  server: InstalledProcess,
  what: string,
  call: (number: number) => Call,
  calls: number,
): Promise<Probe> {
  const took = new Histogram();
  let found = 0;
  for (let number = 0; number < WARM_UPS; number++) await answerOf(server, call(number));
  const before = server.process.use().cpuUs;
  for (let number = 0; number < calls; number++) {
    const asked = call(number);
    const startedAt = performance.now();
    const answer = await answerOf(server, asked);
    took.record((performance.now() - startedAt) * 1_000);
    found = sizeOf(answer);
  }
  return { what, took, cpuUs: (server.process.use().cpuUs - before) / calls, found };
}

async function answerOf({ api, target }: InstalledProcess, { userId, path }: Call): Promise<object> {
  const authorization = `Bearer ${await target.token(userId)}`;
  const answer = await fetch(`${api}/api/${path}`, { headers: { authorization } });
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  return (await answer.json()) as object;
}

/** The size of the first list or record of an answer. */
function sizeOf(answer: object): number {
  const first = Object.values(answer).find((value) => typeof value === 'object');
  return Object.keys(first ?? {}).length;
}

/** A device that has nothing yet syncs all that waits for the user who was away. */
export async function probeSync({ target, process: server }: InstalledProcess): Promise<Probe> {
  const took = new Histogram();
  let found = 0;
  const before = server.use().cpuUs;
  const startedAt = performance.now();
  await readInbox(target.nodes[0] ?? '', { token: await target.token(AWAY), userId: AWAY }, ({ updates }) => {
    found += updates.length;
  });
  took.record((performance.now() - startedAt) * 1_000);
  return { what: 'sync of all that waits', took, cpuUs: server.use().cpuUs - before, found };
}
