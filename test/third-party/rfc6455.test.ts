import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { startTestCluster } from '../cluster/cluster.ts';

interface Tried {
  group: string;
  case: string;
  outcome: string;
}

/** Where an engine deviates from the reference. Why each is safe: docs/websocket.md. */
type Differences = (reference: Tried) => string;

const OVERLONG_LENGTH = 'length in more bits than needed';
const JUST_ABOVE = /just above the limit$/;
const TOO_LARGE = 'close 4508, ended';
/** Codes that uWebSockets.js echoes; it answers all others without a code. */
const UWS_ECHOES = /^close (100[0-3]|100[7-9]|101[01]|4\d{3}), ended$/;

const DIFFERENCES: { readonly [engine: string]: Differences } = {
  uws({ group, case: name, outcome }) {
    if (name === OVERLONG_LENGTH) return 'text, open';
    if (JUST_ABOVE.test(name)) return TOO_LARGE;
    if (outcome.endsWith('open') || outcome === 'ended') return outcome;
    if (group !== 'close' || name === 'a reason of 124 bytes') return 'ended';
    const answersInKind = UWS_ECHOES.test(outcome) && /^(valid|text after|a reason of 123)/.test(name);
    return answersInKind ? outcome : 'close without a code, ended';
  },
  ws({ group, case: name, outcome }) {
    if (name === OVERLONG_LENGTH) return 'text, open';
    if (JUST_ABOVE.test(name)) return TOO_LARGE;
    return group === 'limits' || name.startsWith('length in 64 bits')
      ? outcome.replace(/close \d+/, 'close 1009')
      : outcome;
  },
};

async function tryAll(...args: string[]): Promise<Tried[]> {
  const script = join(import.meta.dirname, 'rfc6455.py');
  const { stdout } = await promisify(execFile)('python3', [script, ...args], { timeout: 110_000 });
  return JSON.parse(stdout) as Tried[];
}

describe('every kind of frame on raw sockets (RFC 6455), beside the same on a server of wsproto', () => {
  for (const [engine, expected] of Object.entries(DIFFERENCES)) {
    it(`C15: ${engine} keeps the standard, but for the differences that are documented`, async () => {
      const reference = await tryAll('--reference');
      await using cluster = await startTestCluster({ nodes: 1, env: { CHASQUI_GATEWAY: engine } });
      const setup = join(cluster.dataDir, 'first.txt');
      await writeFile(
        setup,
        JSON.stringify({ type: 'login', token: await cluster.token('ann'), deviceId: 'raw{random}' }),
      );
      const tried = await tryAll(cluster.running.connect[0]?.wsUrl ?? '', setup);
      expect(tried).toEqual(reference.map((one) => ({ ...one, outcome: expected(one) })));
      expect(tried.length).toBeGreaterThan(80);
    }, 120_000);
  }
});
