import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import type { TestCluster } from '../cluster/cluster.ts';

const FORTUNES = '/usr/share/games/fortunes';
const EACH = 150;

/** Fortunes from a Debian package, each sent as one message. */
async function fortunes(file: string): Promise<string[]> {
  const text = await readFile(join(FORTUNES, file), 'utf8');
  const all = text.split(/^%$/m).map((fortune) => stripColours(fortune).trim());
  return all.filter((fortune) => fortune.length > 0 && fortune.length < 4_000).slice(0, EACH);
}

function stripColours(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours begin with the escape character
  return text.replaceAll(/\u001b\[[0-9;]*m/g, '');
}

interface Seen {
  received: string[];
  byId: string[];
  history: string[];
  found: { [word: string]: string[] };
  stranger: number;
  unreadStates: number;
  backward: number;
  errors: unknown[];
  unread: number;
}

/**
 * Sends poems and prose with a third-party client, between two nodes and with the receiver offline for a part, and
 * compares the received texts with those sent.
 */
export async function holdConversation(cluster: TestCluster): Promise<void> {
  const chinese = await fortunes('tang300');
  const english = await fortunes('literature');
  // Duplicate texts would make "once" ambiguous.
  const texts = [...new Set(chinese.flatMap((poem, index) => [poem, english[index] ?? poem]))];
  const words = ['明月', '春风', 'Shakespeare', 'Twain'];
  const setup = join(cluster.dataDir, 'setup.json');
  await writeFile(
    setup,
    JSON.stringify({
      nodes: cluster.running.connect.map(({ wsUrl }) => wsUrl),
      api: cluster.running.url,
      tokens: {
        alice: await cluster.token('alice'),
        bob: await cluster.token('bob'),
        eve: await cluster.token('eve'),
      },
      texts,
      words,
    }),
  );
  const script = join(import.meta.dirname, 'conversation.py');
  const { stdout } = await promisify(execFile)('python3', [script, setup], { maxBuffer: 2 ** 26, timeout: 110_000 });
  const seen = JSON.parse(stdout) as Seen;
  expect(seen.errors).toEqual([]);
  expect(seen.received).toEqual(texts);
  expect(seen.byId).toEqual(texts);
  expect(seen.history).toEqual(texts);
  expect(seen.backward).toBe(0);
  expect(seen.unreadStates).toBeGreaterThan(0);
  expect(seen.unread).toBe(texts.length);
  expect(seen.stranger).toBe(0);
  for (const word of words) {
    const expected = texts.filter((text) => text.includes(word));
    expect(new Set(seen.found[word])).toEqual(new Set(expected.slice(-100)));
  }
}
