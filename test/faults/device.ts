import { type ClientOf, createClient, type GroupHead, memoryStore, webSocketTransport } from '@chasqui/client';
import { groups as groupSupport } from '@chasqui/client/groups';
import { recalls } from '@chasqui/client/recalls';
import { defined, type Mentions } from '@chasqui/domain';
import type { ServerFrame } from '@chasqui/protocol';
import {
  type DeviceEnd,
  type DeviceName,
  deviceName,
  type History,
  recordClient,
  recordTransport,
  type SentFrame,
  submit,
  viewOf,
} from '../checker/index.ts';

/**
 * Messages of a conversation that a device shows: bounded, because the recorded history holds a screen for each change.
 */
const SCREEN = 100;
/** A group is opened at its beginning, however long it is: the judge wants every message. */
const FROM_BEGINNING = 1_000_000;

export interface DeviceOptions {
  user: string;
  deviceId: string;
  token: string;
  urls: readonly string[];
  history: History;
  /** The groups that it keeps open, whenever its user is a member; every frame that comes is recorded. Absent: none. */
  groups?: { ids: readonly string[]; frames: SentFrame[] };
}

/** A user's device on real sockets: a persistent store, and a client that is started and stopped. */
export class Device implements Disposable {
  readonly user: string;
  readonly name: DeviceName;
  readonly #options: DeviceOptions;
  readonly #store = memoryStore();
  #client: ClientOf<'groups' | 'recalls'> | null = null;
  #run = 0;
  #connections = 0;

  constructor(options: DeviceOptions) {
    this.#options = options;
    this.user = options.user;
    this.name = deviceName(options.user, options.deviceId);
  }

  get client(): ClientOf<'groups' | 'recalls'> | null {
    return this.#client;
  }

  open(): void {
    if (this.#client !== null) return;
    const { user, deviceId, token, urls, history, groups } = this.#options;
    const owner = { user, device: this.name };
    const recorded = recordTransport(webSocketTransport(), history, owner, { acks: true });
    const client = createClient({
      groups: groupSupport(),
      recalls: recalls(),
      urls,
      token,
      deviceId,
      store: this.#store,
      limits: { maxMessages: SCREEN, groupStart: FROM_BEGINNING, maxGroupBehind: FROM_BEGINNING },
      transport: (url, ears) => {
        const session = `connection-${++this.#connections}`;
        return recorded(url, {
          ...ears,
          received: (text) => {
            const frame = JSON.parse(text) as ServerFrame;
            groups?.frames.push({ at: performance.now(), device: this.name, session, user, frame });
            ears.received(text);
          },
        });
      },
    });
    client.on('membership', ({ conversationId, role }) => {
      if (groups !== undefined && role !== undefined) client.openGroup(conversationId);
    });
    for (const group of groups?.ids ?? []) client.openGroup(group);
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

  post(group: string, text: string, mentions?: Mentions): void {
    if (this.#client === null) return;
    const { user, history } = this.#options;
    const draft = { to: group, isGroup: true, text, ...defined({ mentions }) };
    submit(this.#client, history, { user, device: this.name, run: this.#run }, draft);
  }

  /** Whether it is at the head of its inbox, has nothing left to send, and shows nothing that may be taken back. */
  isSettled(head: number): boolean {
    if (this.#client?.state !== 'online' || this.#position() !== head) return false;
    if (this.#store.keys().some((key) => key.startsWith('out/'))) return false;
    return !this.#client.groups().some(({ messages }) => messages.some(({ provisional }) => provisional));
  }

  /** Its position in a group's log. */
  positionIn(group: string): number {
    const kept = this.#store.get(`log/${group}`);
    return kept === null ? 0 : (JSON.parse(kept) as { position: number }).position;
  }

  headOf(group: string): GroupHead | undefined {
    return this.#client?.group(group).head;
  }

  end(): DeviceEnd {
    const client = this.#client;
    const views =
      client?.conversations().map((view) => ({ conversationId: view.conversationId, items: viewOf(client, view) })) ??
      [];
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
