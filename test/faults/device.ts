import { type Client, createClient, memoryStore, webSocketTransport } from '@chasqui/client';
import {
  type DeviceEnd,
  type DeviceName,
  deviceName,
  type History,
  recordClient,
  recordTransport,
  submit,
  viewOf,
} from '../checker/index.ts';

/**
 * Messages of a conversation that a device shows: bounded, because the recorded history holds a screen for each change.
 */
const SCREEN = 100;

export interface DeviceOptions {
  user: string;
  deviceId: string;
  token: string;
  urls: readonly string[];
  history: History;
}

/** A user's device on real sockets: a persistent store, and a client that is started and stopped. */
export class Device implements Disposable {
  readonly user: string;
  readonly name: DeviceName;
  readonly #options: DeviceOptions;
  readonly #store = memoryStore();
  #client: Client | null = null;
  #run = 0;

  constructor(options: DeviceOptions) {
    this.#options = options;
    this.user = options.user;
    this.name = deviceName(options.user, options.deviceId);
  }

  get client(): Client | null {
    return this.#client;
  }

  open(): void {
    if (this.#client !== null) return;
    const { user, deviceId, token, urls, history } = this.#options;
    const owner = { user, device: this.name };
    const client = createClient({
      urls,
      token,
      deviceId,
      store: this.#store,
      limits: { maxMessages: SCREEN },
      transport: recordTransport(webSocketTransport(), history, owner, { acks: true }),
    });
    recordClient(client, history, { ...owner, run: ++this.#run });
    this.#client = client;
    client.connect().catch(() => undefined);
  }

  close(): void {
    this.#client?.close();
    this.#client = null;
  }

  send(to: string, text: string): void {
    if (this.#client === null) return;
    const { user, history } = this.#options;
    submit(this.#client, history, { user, device: this.name, run: this.#run }, { to, text });
  }

  /** Whether it is at the head of its inbox and has nothing left to send. */
  isSettled(head: number): boolean {
    if (this.#client?.state !== 'online' || this.#position() !== head) return false;
    return !this.#store.keys().some((key) => key.startsWith('out/'));
  }

  end(): DeviceEnd {
    const client = this.#client;
    const views =
      client
        ?.conversations()
        .map((view) => ({ conversationId: view.conversationId, items: viewOf(client, view.peer) })) ?? [];
    return { device: this.name, user: this.user, position: this.#position(), views };
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #position(): number {
    const head = this.#store.get('head');
    return head === null ? 0 : (JSON.parse(head) as { position: number }).position;
  }
}
