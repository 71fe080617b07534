import type { Indexed } from './history-table.ts';
import type { MessageRow, Seq } from './message-row.ts';

/** A message's id, row id, sender and audience; null as in the row. */
export type Filed = Pick<MessageRow, 'id' | 'seq' | 'sender' | 'audience'>;

/**
 * Messages by conversation, in the order of their ids. Most conversations have one or two, so each has an array: a map
 * would take ten times its memory. Ids mostly rise, so adding one appends it.
 */
export class UnindexedMessages {
  readonly #conversations = new Map<number, Filed[]>();
  size = 0;

  get(conversation: number, id: string): Filed | undefined {
    const filed = this.#conversations.get(conversation);
    const found = filed?.[placeOf(filed, id)];
    return found?.id === id ? found : undefined;
  }

  /** The highest id of a conversation; empty: it has none. */
  newest(conversation: number): string {
    return this.#conversations.get(conversation)?.at(-1)?.id ?? '';
  }

  /** Those with ids between two others. */
  between(conversation: number, { after, before }: { after: string; before: string }): readonly Filed[] {
    const filed = this.#conversations.get(conversation) ?? [];
    const first = placeOf(filed, after);
    return filed.slice(filed[first]?.id === after ? first + 1 : first, placeOf(filed, before));
  }

  /** Takes the place of one with the same id. */
  add(conversation: number, one: Filed): void {
    const filed = this.#conversations.get(conversation);
    if (filed === undefined) {
      this.#conversations.set(conversation, [one]);
      this.size++;
      return;
    }
    const place = placeOf(filed, one.id);
    const isKnown = filed[place]?.id === one.id;
    if (place === filed.length) filed.push(one);
    else filed.splice(place, isKnown ? 1 : 0, one);
    if (!isKnown) this.size++;
  }

  delete(conversation: number, id: string): void {
    const filed = this.#conversations.get(conversation) ?? [];
    const place = placeOf(filed, id);
    if (filed[place]?.id !== id) return;
    this.size--;
    filed.splice(place, 1);
    if (filed.length === 0) this.#conversations.delete(conversation);
  }

  /** All, by conversation. */
  all(): Indexed[] {
    return [...this.#conversations].map(([conversation, filed]) => ({
      conversation,
      ids: filed.map(({ id, seq }): [string, Seq] => [id, seq]),
    }));
  }

  /** Removes those of them that are still in their places: another message may have taken that of a removed one. */
  forget({ conversation, ids }: Indexed): void {
    const filed = this.#conversations.get(conversation) ?? [];
    const seqs = new Set(ids.map(([, seq]) => seq));
    const left = filed.filter(({ seq }) => !seqs.has(seq));
    this.size -= filed.length - left.length;
    if (left.length > 0) this.#conversations.set(conversation, left);
    else this.#conversations.delete(conversation);
  }

  clear(): void {
    this.#conversations.clear();
    this.size = 0;
  }
}

/** The first place whose id is not below this one. */
function placeOf(filed: readonly Filed[], id: string): number {
  const last = filed.at(-1);
  if (last === undefined || last.id < id) return filed.length;
  let low = 0;
  let high = filed.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((filed[middle] as Filed).id < id) low = middle + 1;
    else high = middle;
  }
  return low;
}
