import { createClient, type FullClient } from '../index.ts';
import { fromBob, ScriptedServer } from './scripted-server.ts';
import { TestDatabase } from './test-database.ts';

/** The `n`-th message of bob's, as a sync brings it. */
export const update = (n: number, more = {}) => fromBob(n, { position: n, ...more });

/** A program of amy's with a database, whose writes take 20 ms. */
export class Run {
  readonly server = new ScriptedServer();
  readonly database = new TestDatabase(this.server.clock, () => 20);
  store = this.database.open('amy');
  client: FullClient = this.#start();

  /** The program crashes, and is started again. */
  again(): void {
    this.client.close();
    this.database.crash();
    this.store = this.database.open('amy');
    this.client = this.#start();
  }

  texts(): (string | undefined)[] {
    return this.client.conversation('bob').messages.map(({ content }) => content.text);
  }

  #start(): FullClient {
    const client = createClient(this.server.options({ store: this.store }));
    void client.connect().catch(() => undefined);
    return client;
  }
}

/** Lets the clock run until the promise has what it waits for. */
export async function asked<T>({ server }: Run, ask: () => Promise<T>): Promise<T> {
  const answer = ask();
  await Promise.resolve();
  server.clock.run(100);
  return answer;
}
