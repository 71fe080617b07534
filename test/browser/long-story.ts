import { makeKey } from '../api/access/api-keys.ts';
import type { TestCluster } from '../cluster/cluster.ts';

/** Lines of one request. */
const PIECE = 20_000;
const WORDS = 'the quick brown fox jumps over a lazy dog 我们明天去图书馆 and then some more'.split(' ');

/** A text that begins with its number; most are short, some fill several lines. */
export function numbered(n: number): string {
  const length = n % 17 === 0 ? 90 : n % 5 === 0 ? 30 : 4 + (n % 9);
  return [`#${n}`, ...Array.from({ length }, (_, i) => WORDS[(n * 7 + i * 3) % WORDS.length])].join(' ');
}

/**
 * Imports a group of two users and its messages, numbered from 0: a hundred a day, the last is from yesterday. A group, because
 * devices do not sync the whole log of one.
 */
export async function importStory(
  cluster: TestCluster,
  { group, members: [one, other], count }: { group: string; members: [string, string]; count: number },
): Promise<void> {
  const key = await makeKey({ deps: cluster.running.engines });
  const end = Date.now() - 86_400_000;
  const timeOf = (n: number) => end - (count - n) * 864_000;
  const line = (n: number) => ({
    ...{ type: 'message', conversationId: group, clientMessageId: `old-${n}`, content: { text: numbered(n) } },
    from: n % 3 === 0 ? one : other,
    sentAt: timeOf(n),
  });
  const first = { type: 'group', conversationId: group, owner: one, name: 'Story', members: [other] };
  await post([JSON.stringify({ ...first, createdAt: timeOf(-1) })]);
  for (let start = 0; start < count; start += PIECE) {
    const lines = Array.from({ length: Math.min(PIECE, count - start) }, (_, i) => JSON.stringify(line(start + i)));
    await post(lines);
  }

  async function post(lines: readonly string[]): Promise<void> {
    const response = await fetch(`${cluster.running.url}/api/server/imports`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' },
      body: `${lines.join('\n')}\n`,
    });
    const { next, errors } = (await response.json()) as { next: number; errors: object[] };
    if (next !== lines.length + 1) throw new Error(`an import ended at line ${next}: ${JSON.stringify(errors)}`);
  }
}
