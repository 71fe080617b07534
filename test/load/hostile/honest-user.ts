import { once } from 'node:events';
import { Histogram } from '@chasqui/app-cli/load';
import type { ServerFrame } from '@chasqui/protocol';
import { type RawData, WebSocket } from 'ws';

/** Measurements of two honest users: µs from the time at which each frame was due. */
export class Seen {
  readonly ping = new Histogram();
  readonly received = new Histogram();
  readonly stored = new Histogram();
  /** How late the users' own process was: not the server's fault. */
  readonly late = new Histogram();
  sent = 0;
  /** Error frames by code, and connections that were closed. */
  readonly refused = new Map<string, number>();

  refuse(code: string): void {
    this.refused.set(code, (this.refused.get(code) ?? 0) + 1);
  }
}

const PING_EVERY_MS = 10;
const SEND_EVERY_MS = 50;

/** Sends pings and messages to a peer at a steady rate, acks incoming ones, and records when answers arrive. */
export class HonestUser implements Disposable {
  readonly userId: string;
  /** The target of measured times; null: discard them. */
  seen: Seen | null = null;
  readonly #socket: WebSocket;
  readonly #peer: string;
  readonly #due = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #count = 0;

  private constructor(socket: WebSocket, userId: string, peer: string) {
    this.#socket = socket;
    this.userId = userId;
    this.#peer = peer;
    socket.on('message', (data: RawData) => this.#frame(JSON.parse(data.toString()) as ServerFrame));
    socket.on('close', (code) => this.seen?.refuse(`closed_${code}`));
  }

  static async open(url: string, token: string, userId: string, peer: string): Promise<HonestUser> {
    const socket = new WebSocket(url, [], { headers: { 'x-forwarded-for': '198.51.100.7' } });
    await once(socket, 'open');
    const user = new HonestUser(socket, userId, peer);
    socket.send(JSON.stringify({ type: 'login', token, deviceId: 'phone' }));
    await once(socket, 'message');
    user.#timer = setInterval(() => user.#tick(), 1);
    return user;
  }

  /** Messages that are not stored or not received yet. */
  get waiting(): number {
    return this.#due.size;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.seen = null;
    this.#socket.terminate();
  }

  #startedAt = performance.now();
  #pings = 0;
  #messages = 0;

  /** Sends everything that is due, including what this process is late for. */
  #tick(): void {
    const elapsed = performance.now() - this.#startedAt;
    for (; this.#pings * PING_EVERY_MS < elapsed; this.#pings++) {
      this.seen?.late.record((elapsed - this.#pings * PING_EVERY_MS) * 1_000);
      this.#send({ type: 'ping', ref: `p${this.#startedAt + this.#pings * PING_EVERY_MS}` });
    }
    for (; this.#messages * SEND_EVERY_MS < elapsed; this.#messages++) {
      const due = this.#startedAt + this.#messages * SEND_EVERY_MS;
      const clientMessageId = `m${++this.#count}`;
      if (this.seen !== null) {
        this.#due.set(clientMessageId, due);
        this.seen.sent++;
      }
      // Both users are in this process: the text carries the due time.
      this.#send({ type: 'chat', clientMessageId, to: this.#peer, content: { text: `${due}` } });
    }
  }

  #send(frame: object): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  #frame(frame: ServerFrame): void {
    const now = performance.now();
    if (frame.type === 'pong') this.seen?.ping.record((now - Number(frame.ref?.slice(1))) * 1_000);
    else if (frame.type === 'chat') this.#chat(frame.messageId, frame.conversationId, frame.content?.text, now);
    else if (frame.type === 'server_ack') {
      const due = this.#due.get(frame.clientMessageId);
      this.#due.delete(frame.clientMessageId);
      if (due !== undefined) this.seen?.stored.record((now - due) * 1_000);
    } else if (frame.type === 'error') this.seen?.refuse(frame.code);
  }

  #chat(messageId: string, conversationId: string, due: string | undefined, now: number): void {
    this.seen?.received.record((now - Number(due)) * 1_000);
    this.#send({ type: 'ack', state: 'delivered', conversationId, messageIds: [messageId] });
  }
}
