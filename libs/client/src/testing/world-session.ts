import { defined, ERROR_CODES, type ErrorCode } from '@chasqui/domain';
import { type ClientFrame, type ClientFrameOf, closeReasonOf, type ServerFrame } from '@chasqui/protocol';
import type { SocketHandlers, Transport } from '../index.ts';
import type { World } from './world.ts';
import type { WorldPeer } from './world-peer.ts';

const PAGE = 4;

/** One connection to one node of the world. */
class WorldSession implements WorldPeer {
  user = '';
  device = '';
  readonly node: number;
  readonly accepted = new Set<string>();
  readonly #world: World;
  readonly #handlers: SocketHandlers;
  #open = true;

  constructor(world: World, node: number, handlers: SocketHandlers) {
    this.#world = world;
    this.node = node;
    this.#handlers = handlers;
  }

  push(frame: ServerFrame): void {
    if (!this.#open) return;
    const text = JSON.stringify(frame);
    this.#world.clock.after(1, () => {
      if (this.#open) this.#handlers.received(text);
    });
  }

  error(code: ErrorCode, ref: string): void {
    this.push({ type: 'error', code, message: code, retry: ERROR_CODES[code], ref });
  }

  /** The connection is lost, with everything in flight on it. */
  end(code: number): void {
    if (!this.#open) return;
    this.leave();
    this.#handlers.closed(code, closeReasonOf(code));
  }

  leave(): void {
    this.#open = false;
    this.#world.sessions.delete(this);
  }

  got(text: string): void {
    const frame = JSON.parse(text) as ClientFrame;
    this.#world.clock.after(1, () => {
      if (this.#open) this.#handle(frame);
    });
  }

  #handle(frame: ClientFrame): void {
    const world = this.#world;
    if (frame.type === 'login') {
      this.user = frame.token;
      this.device = frame.deviceId;
      for (const former of [...world.sessions]) {
        if (former.user === this.user && former.device === this.device) former.end(4503);
      }
      world.sessions.add(this);
      this.push({
        type: 'login_ok',
        userId: this.user,
        deviceId: frame.deviceId,
        sessionId: 's',
        nodeId: `${this.node}`,
        serverTime: world.clock.now(),
        heartbeatMs: 30_000,
        limits: { maxFrameBytes: 65_536, maxContentBytes: 32_768, messagesPerSecond: 1_000, maxSyncPage: PAGE },
      });
      this.#page(frame.position ?? 0, frame.epoch, frame.ref);
      if (frame.groupsSince !== undefined) world.group.sendHead(this, frame.groupsSince, frame.ref ?? '');
    } else if (frame.type === 'chat' && frame.to === undefined) world.group.accept(this, frame);
    else if (frame.type === 'chat') world.accept(this, frame);
    else if (frame.type === 'groups') this.#unlessFailed(frame.ref, () => this.#heads(frame));
    else if (frame.type === 'sync') this.#unlessFailed(frame.ref, () => world.group.page(this, frame, this.#size()));
    else if (frame.type === 'sync_offline_messages') this.#page(frame.position, frame.epoch, frame.ref);
    else if (frame.type === 'ack' && frame.conversationId === world.group.id) {
      world.group.read(this.user, frame.messageIds.at(-1) ?? '');
    } else if (frame.type === 'ack' && frame.state === 'read') {
      world.read(this.user, frame.conversationId, frame.messageIds.at(-1) ?? '');
    } else if (frame.type === 'ack') world.delivered(this.user, frame.conversationId, frame.messageIds);
    else if (frame.type === 'confirm_messages_synced') {
      if (frame.epoch === world.inbox(this.user).epoch) world.confirm(this.user, this.device, frame.position);
      this.push({
        type: 'confirm_ok',
        position: frame.position,
        ...defined({ ref: frame.ref }),
      });
    } else if (frame.type === 'ping') this.push({ type: 'pong', serverTime: world.clock.now() });
  }

  #heads({ since = 0, ref = '' }: ClientFrameOf<'groups'>): void {
    this.#world.group.sendHead(this, since, ref);
  }

  #unlessFailed(ref = '', what: () => void): void {
    if (this.#world.chance(this.#world.faults.sync)) this.error('store_unavailable', ref);
    else what();
  }

  #size(): number {
    return this.#world.chance(this.#world.faults.sync) ? 0 : PAGE;
  }

  #page(asked: number, askedEpoch: string | undefined, ref = ''): void {
    const world = this.#world;
    const { epoch, updates } = world.inbox(this.user);
    if (world.chance(world.faults.sync)) {
      this.error('store_unavailable', ref);
      return;
    }
    const reset = asked > updates.length || (asked > 0 && askedEpoch !== undefined && askedEpoch !== epoch);
    const from = reset ? 0 : asked;
    const page = updates.slice(from, from + this.#size());
    const position = from + page.length;
    const caughtUp = position === updates.length;
    world.later(20, () =>
      this.push({
        type: 'offline_messages',
        updates: page,
        position,
        epoch,
        caughtUp,
        ref,
        ...(reset ? { reset } : {}),
      }),
    );
  }
}

/** Sockets to the world's nodes: `ws://0` to `ws://2`. */
export function worldTransport(world: World): Transport {
  return (url, handlers) => {
    const session = new WorldSession(world, Number(url.slice(-1)), handlers);
    world.clock.after(1, () => handlers.opened());
    return { send: (text) => session.got(text), close: () => session.leave() };
  };
}
