import type { Clock } from '@chasqui/domain';
import type { DatabaseBounds } from '../database/bounds.ts';
import { changedMessage } from '../database/changed-message.ts';
import { database } from '../database/database.ts';
import type { DatabaseChanges, DatabaseEngine } from '../database/engine.ts';
import { RECENT_CONVERSATIONS, RECENT_MESSAGES } from '../database/recent-messages.ts';
import type { ChatMessage, ClientDatabase } from '../index.ts';
import type { KeptMessage } from '../storing/durable-store.ts';

class Content {
  readonly texts = new Map<string, string>();
  readonly messages = new Map<string, Map<string, ChatMessage>>();

  apply({ forgotten, messages, changes, trimmed, texts }: DatabaseChanges): void {
    for (const conversation of forgotten) this.messages.delete(conversation);
    for (const { conversation, message } of messages) this.#of(conversation).set(message.messageId, message);
    for (const { conversation, messageId, change } of changes) {
      const old = this.#of(conversation).get(messageId);
      if (change === null) this.#of(conversation).delete(messageId);
      else if (old !== undefined) this.#of(conversation).set(messageId, changedMessage(old, change));
    }
    for (const [conversation, newest] of trimmed) {
      for (const { messageId } of this.newest(conversation).slice(0, -newest)) this.#of(conversation).delete(messageId);
    }
    for (const [key, value] of texts) value === null ? this.texts.delete(key) : this.texts.set(key, value);
  }

  copy(): Content {
    const copy = new Content();
    for (const [key, value] of this.texts) copy.texts.set(key, value);
    for (const [conversation, messages] of this.messages) copy.messages.set(conversation, new Map(messages));
    return copy;
  }

  clear(): void {
    this.texts.clear();
    this.messages.clear();
  }

  newest(conversation: string): ChatMessage[] {
    return [...this.#of(conversation).values()].sort((a, b) => (a.messageId < b.messageId ? -1 : 1));
  }

  recent(): KeptMessage[] {
    const last = (conversation: string) => this.newest(conversation).at(-1)?.messageId ?? '';
    const used = [...this.messages.keys()].sort((a, b) => (last(a) < last(b) ? 1 : -1));
    return used.flatMap((conversation, i) => {
      const messages = this.newest(conversation).slice(i < RECENT_CONVERSATIONS ? -RECENT_MESSAGES : -1);
      return messages.map((message) => ({ conversation, message }));
    });
  }

  #of(conversation: string): Map<string, ChatMessage> {
    const messages = this.messages.get(conversation) ?? new Map<string, ChatMessage>();
    this.messages.set(conversation, messages);
    return messages;
  }
}

/** A promise that calls back at once, as no other does: all of a simulation happens within its clock. */
class Written {
  #isDone = false;
  readonly #callbacks: (() => void)[] = [];

  resolve(): void {
    this.#isDone = true;
    for (const callback of this.#callbacks.splice(0)) callback();
  }

  // biome-ignore lint/suspicious/noThenProperty: it is a promise.
  then(callback: () => void = () => undefined): Written {
    const next = new Written();
    this.#callbacks.push(() => {
      callback();
      next.resolve();
    });
    if (this.#isDone) this.resolve();
    return next;
  }
}

interface Write {
  apply: () => void;
  done: () => void;
}

/** The clock of a database whose writes take no time. */
export const atOnce: Clock = {
  ...{ now: () => 0, monotonic: () => 0 },
  after(_, callback) {
    callback();
    return { cancel: () => undefined };
  },
};

/** A database whose writes take time, as those of browsers do, and whose program may crash during each of them. */
export class TestDatabase {
  readonly kept = new Content();
  readonly #clock: Clock;
  readonly #delay: () => number;
  #writing: Write[] = [];

  constructor(clock: Clock, delay: () => number) {
    this.#clock = clock;
    this.#delay = delay;
  }

  /** What is being written is lost. */
  crash(): void {
    this.#writing = [];
  }

  /** The program ends: what is being written is still written. */
  end(): void {
    while (this.#writing.length > 0) this.#finish(this.#writing[0]);
  }

  open(userId: string, bounds?: DatabaseBounds): ClientDatabase {
    return database(this.engine(), userId, bounds);
  }

  engine(): DatabaseEngine {
    const seen = this.kept.copy();
    return {
      get: (key) => seen.texts.get(key) ?? null,
      keys: () => [...seen.texts.keys()],
      write: (changes) => {
        if (changes.messages.some(({ message }) => typeof message.messageId !== 'string')) throw new TypeError('no id');
        seen.apply(changes);
        return this.#write(() => this.kept.apply(changes));
      },
      recent: () => seen.recent(),
      page: async (conversation, limit, before = '~') =>
        this.kept
          .newest(conversation)
          .filter(({ messageId }) => messageId < before)
          .slice(-limit),
      clear: () => {
        seen.clear();
        return this.#write(() => this.kept.clear());
      },
      close: () => undefined,
    };
  }

  #write(apply: () => void): PromiseLike<void> {
    const written = new Written();
    const write = { apply, done: () => written.resolve() };
    this.#writing.push(write);
    this.#clock.after(this.#delay(), () => this.#finish(write));
    return written as unknown as PromiseLike<void>;
  }

  /** With those before it, as writes are made in order. */
  #finish(write: Write | undefined): void {
    const place = write === undefined ? -1 : this.#writing.indexOf(write);
    for (const { apply, done } of this.#writing.splice(0, place + 1)) {
      apply();
      done();
    }
  }
}
