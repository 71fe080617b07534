import {
  MAX_WEBHOOK_ENDPOINTS,
  newWebhookProgress,
  type WebhookDeadLetter,
  type WebhookEndpoint,
  type WebhookProgress,
} from '@chasqui/domain';
import type { SavedProgress, WebhookLease, WebhookStore } from '@chasqui/ports';

interface Row {
  endpoint: WebhookEndpoint;
  lease: WebhookLease;
  progress: WebhookProgress;
  deadLetters: Map<number, { letter: WebhookDeadLetter; isReplayed: boolean }>;
}

/** The endpoints of webhooks in memory. */
export class WebhookTable {
  readonly #rows = new Map<string, Row>();

  put(endpoint: WebhookEndpoint, head: number): boolean {
    const row = this.#rows.get(endpoint.endpointId);
    if (endpoint.version !== (row?.endpoint.version ?? 0) + 1) {
      return JSON.stringify(row?.endpoint) === JSON.stringify(endpoint);
    }
    if (row !== undefined) row.endpoint = structuredClone(endpoint);
    else if (this.#rows.size >= MAX_WEBHOOK_ENDPOINTS) return false;
    else {
      const lease = { owner: '', beat: 0 };
      const progress = newWebhookProgress(head);
      this.#rows.set(endpoint.endpointId, {
        endpoint: structuredClone(endpoint),
        lease,
        progress,
        deadLetters: new Map(),
      });
    }
    return true;
  }

  list(): Awaited<ReturnType<WebhookStore['list']>> {
    const rows = [...this.#rows.values()].sort(({ endpoint: a }, { endpoint: b }) => a.createdAt - b.createdAt);
    return structuredClone(rows.map(({ endpoint, lease }) => ({ endpoint, lease })));
  }

  remove(endpointId: string): boolean {
    return this.#rows.delete(endpointId);
  }

  progress(endpointId: string): WebhookProgress | null {
    return structuredClone(this.#rows.get(endpointId)?.progress ?? null);
  }

  save(endpointId: string, save: SavedProgress): WebhookLease | null {
    const { from, owner, progress, deadLetters = [], delivered = [], maxDeadLetters } = save;
    const row = this.#rows.get(endpointId);
    if (row === undefined || row.lease.owner !== from.owner || row.lease.beat !== from.beat) return null;
    row.lease = { owner, beat: from.beat + 1 };
    if (progress !== undefined) row.progress = structuredClone(progress);
    for (const position of delivered) row.deadLetters.delete(position);
    for (const letter of deadLetters) {
      row.deadLetters.set(letter.position, { letter: structuredClone(letter), isReplayed: false });
    }
    const positions = [...row.deadLetters.keys()].sort((a, b) => a - b);
    for (const position of positions.slice(0, Math.max(0, positions.length - maxDeadLetters))) {
      row.deadLetters.delete(position);
    }
    return { ...row.lease };
  }

  deadLetters(endpointId: string, { after, limit, replayed = false }: Parameters<WebhookStore['deadLetters']>[1]) {
    const kept = [...(this.#rows.get(endpointId)?.deadLetters.values() ?? [])];
    const found = kept.filter(({ letter, isReplayed }) => letter.position > after && (!replayed || isReplayed));
    const letters = found.map(({ letter }) => letter).sort((a, b) => a.position - b.position);
    return structuredClone(letters.slice(0, limit));
  }

  replay(endpointId: string, positions: readonly number[] | 'all'): number {
    let count = 0;
    for (const [position, one] of this.#rows.get(endpointId)?.deadLetters ?? []) {
      if (one.isReplayed || !(positions === 'all' || positions.includes(position))) continue;
      one.isReplayed = true;
      count++;
    }
    return count;
  }

  trimDeadLetters(olderThan: number, limit: number): number {
    let count = 0;
    for (const { deadLetters } of this.#rows.values()) {
      for (const [position, { letter }] of deadLetters) {
        if (letter.at >= olderThan || count === limit) continue;
        deadLetters.delete(position);
        count++;
      }
    }
    return count;
  }
}
