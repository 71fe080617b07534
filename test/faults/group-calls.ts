import { setTimeout as pause } from 'node:timers/promises';
import type { GroupChange } from '@chasqui/domain';
import type { GroupStore } from '@chasqui/ports';
import type { AskedChange } from '../../apps/api/src/groups/group-changes.ts';
import type { History } from '../checker/index.ts';

export const GROUPS = ['team', 'club'] as const;

const RETRY_MS = 300;
const CALL_MS = 15_000;

/** Changes of groups over HTTP, each asked for until there is a final answer, and recorded. */
export class GroupCalls {
  readonly #apiUrl: string;
  readonly #tokens: ReadonlyMap<string, string>;
  readonly #history: History;
  readonly #applied = new Map<string, GroupChange>();
  #asked = 0;

  constructor(apiUrl: string, tokens: ReadonlyMap<string, string>, history: History) {
    this.#apiUrl = apiUrl;
    this.#tokens = tokens;
    this.#history = history;
  }

  async ask(by: string, asked: AskedChange): Promise<void> {
    const key = `change-${++this.#asked}`;
    const { conversationId: group, change, details } = asked;
    this.#history.add({ type: 'asked', key, by, group, change, details });
    let refusal = await this.#call(by, key, asked);
    while (refusal === undefined) {
      await pause(RETRY_MS);
      refusal = await this.#call(by, key, asked);
    }
    this.#history.add({ type: 'answered', key, refusal, users: [], version: 0 });
    if (refusal === null) this.#applied.set(key, { ...asked, by, changeId: key, at: 0 } as GroupChange);
  }

  /** Adds to the recorded answers what HTTP does not tell: the group's version since then, and whom it concerned. */
  async complete(groups: Pick<GroupStore, 'outcome'>): Promise<void> {
    for (const answer of this.#history.of('answered')) {
      const change = this.#applied.get(answer.key);
      if (change === undefined) continue;
      const outcome = await groups.outcome(change);
      if (outcome?.result !== 'applied') throw new Error(`${answer.key} was answered, and is ${outcome?.result}`);
      Object.assign(answer, { users: outcome.users, version: outcome.group.version });
    }
  }

  /** Null: applied; a code: refused for good; undefined: it is not known yet. */
  async #call(by: string, key: string, asked: AskedChange): Promise<string | null | undefined> {
    const { method, path, body } = requestOf(asked);
    const headers = { authorization: `Bearer ${this.#tokens.get(by)}`, 'idempotency-key': key };
    try {
      const response = await fetch(`${this.#apiUrl}/api/groups${path}`, {
        method,
        headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.timeout(CALL_MS),
      });
      const text = await response.text();
      if (response.ok) return null;
      const { error } = JSON.parse(text) as { error: { code: string; retry: string } };
      return error.retry === 'never' ? error.code : undefined;
    } catch {
      return undefined;
    }
  }
}

function requestOf({ change, conversationId, details }: AskedChange): { method: string; path: string; body?: unknown } {
  const group = `/${conversationId}`;
  if (change === 'create') return { method: 'POST', path: '', body: { conversationId, ...details } };
  if (change === 'add') return { method: 'POST', path: `${group}/members`, body: details };
  if (change === 'remove') return { method: 'DELETE', path: `${group}/members/${details.users[0]}` };
  if (change === 'leave') return { method: 'POST', path: `${group}/leave` };
  if (change !== 'mute') throw new RangeError(`nobody asks for ${change}`);
  return { method: 'PUT', path: `${group}/members/${details.userId}/mute`, body: { until: details.until } };
}
