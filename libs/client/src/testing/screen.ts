import type { ChatMessage, Client } from '../index.ts';

/** The screen of an application that follows the events, across restarts of the client. */
export class Screen {
  /** How often each message is on the screen, by identity. */
  readonly shown = new Map<string, number>();
  /** The identities in their order on the screen, per peer, by the sort keys of the events. */
  readonly #keys = new Map<string, string>();
  readonly #identities = new Map<string, string>();
  /** States of own messages that moved backward. */
  readonly regressions: string[] = [];

  follow(client: Client): void {
    client.on('message', ({ message }) => {
      this.#count(message, 1);
      this.#note(message);
    });
    client.on('update', ({ message }) => {
      if (this.shown.has(nameOf(message))) this.#note(message);
    });
    client.on('retract', ({ messageId, message }) => {
      const name = message === undefined ? this.#identities.get(messageId) : nameOf(message);
      if (name !== undefined) this.shown.set(name, (this.shown.get(name) ?? 0) - 1);
    });
  }

  /** Texts of the messages on the screen, in order. */
  texts(): string[] {
    return [...this.#keys]
      .filter(([name]) => (this.shown.get(name) ?? 0) > 0)
      .sort(([, a], [, b]) => (a < b ? -1 : 1))
      .map(([name]) => this.#texts.get(name) ?? '');
  }

  readonly #texts = new Map<string, string>();

  #count(message: ChatMessage, by: number): void {
    const name = nameOf(message);
    this.shown.set(name, (this.shown.get(name) ?? 0) + by);
  }

  #note(message: ChatMessage): void {
    const name = nameOf(message);
    this.#identities.set(message.messageId, name);
    this.#keys.set(name, message.sortKey);
    this.#texts.set(name, message.content.text ?? '');
  }
}

function nameOf({ from, clientMessageId }: ChatMessage): string {
  return `${from}/${clientMessageId}`;
}
