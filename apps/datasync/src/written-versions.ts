import type { MessageId } from '@chasqui/domain';

/** Messages of the younger and of the older half. */
const HALF = 25_000;

/**
 * Which versions of recent messages this process brought into the index. A message is stored and delivered within moments, and
 * as the store is asked what it says *now*, the second of two events has mostly nothing left to do: it costs neither a
 * read nor a write then.
 */
export class WrittenVersions {
  readonly #half: number;
  #young = new Map<MessageId, number>();
  #old = new Map<MessageId, number>();

  constructor(half = HALF) {
    this.#half = half;
  }

  add(messageId: MessageId, version: number): void {
    if (this.#young.size >= this.#half) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(messageId, version);
  }

  /** 0: not known. */
  of(messageId: MessageId): number {
    return this.#young.get(messageId) ?? this.#old.get(messageId) ?? 0;
  }
}
