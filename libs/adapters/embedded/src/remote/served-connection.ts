import type { Socket } from 'node:net';
import { type Clock, ImError, type Timer } from '@chasqui/domain';
import type { BusPublication } from '@chasqui/ports';
import type { HostMembership } from '../bus/consumer-group.ts';
import type { Work } from '../bus/hub.ts';
import { type EngineInternals, INTERNALS } from '../engine-internals.ts';
import type { EmbeddedEngines } from '../open-engines.ts';
import { toWireError } from '../worker-link/wire-error.ts';
import { FrameSocket } from './frame-socket.ts';
import { softMethods } from './soft-ports.ts';
import { type ClientItem, type HostItem, PING_MS, SILENT_PINGS, TARGETS, type Target, WIRE_VERSION } from './wire.ts';

/** Work and calls that one client may have in flight (C16); beyond, calls are refused. */
const MAX_OPEN_CALLS = 50_000;

/**
 * One client of the engine host. Its calls go straight to the engines. Its bus members are members here, and leave with
 * the connection: their work in flight is then given to others.
 */
export class ServedConnection implements Disposable {
  readonly #internals: EngineInternals;
  readonly #soft: ReturnType<typeof softMethods>;
  readonly #socket: FrameSocket<HostItem, ClientItem>;
  readonly #members = new Map<number, HostMembership>();
  readonly #work = new Map<number, Work>();
  readonly #clock: Clock;
  #nextWork = 1;
  #openCalls = 0;
  #silent = 0;
  #tick: Timer;

  constructor(socket: Socket, engines: EmbeddedEngines, clock: Clock, closed: (connection: ServedConnection) => void) {
    this.#internals = engines[INTERNALS];
    this.#soft = softMethods(engines);
    this.#clock = clock;
    this.#socket = new FrameSocket(socket, {
      item: (item) => this.#receive(item),
      unsendable: (item, error) => {
        if (item[0] !== 'result') return this.#socket.destroy();
        this.#socket.send(['error', item[1], item[2], toWireError(error, TARGETS[item[1]])]);
      },
      closed: () => {
        this.#tick.cancel();
        for (const member of this.#members.values()) member.drop();
        this.#work.clear();
        closed(this);
      },
    });
    this.#tick = this.#watch();
    this.#socket.send(['hello', WIRE_VERSION, this.#internals.hub.topicShards()]);
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  /** Counts ticks, not time: a host that was itself frozen must not treat its clients as silent. */
  #watch(): Timer {
    return this.#clock.after(PING_MS, () => {
      this.#silent = this.#socket.heard() ? 0 : this.#silent + 1;
      if (this.#silent >= SILENT_PINGS) this.#socket.destroy();
      else this.#tick = this.#watch();
    });
  }

  #receive(item: ClientItem): void {
    switch (item[0]) {
      case 'call':
        void this.#call(item);
        return;
      case 'attach':
        this.#attach(item[1], item[2]);
        return;
      case 'retire':
        this.#members.get(item[1])?.retire();
        return;
      case 'settle': {
        const work = this.#work.get(item[1]);
        this.#work.delete(item[1]);
        work?.settle(item[2]);
        return;
      }
      case 'ping':
        this.#socket.send(['pong']);
    }
  }

  #attach(member: number, spec: Parameters<EngineInternals['hub']['attach']>[0]): void {
    const membership = this.#internals.hub.attach(spec, (work) => {
      const id = this.#nextWork++;
      this.#work.set(id, work);
      this.#socket.send(['work', member, id, work.shard, work.batch]);
    });
    this.#members.set(member, membership);
  }

  async #call([, target, id, op, args]: Extract<ClientItem, ['call', ...unknown[]]>): Promise<void> {
    this.#openCalls++;
    try {
      if (this.#openCalls > MAX_OPEN_CALLS) throw new ImError(TARGETS[target], 'too many calls are open');
      this.#socket.send(['result', target, id, await this.#run(target, op, args)]);
    } catch (error) {
      this.#socket.send(['error', target, id, toWireError(error, TARGETS[target])]);
    } finally {
      this.#openCalls--;
    }
  }

  #run(target: Target, op: string, args: unknown): Promise<unknown> {
    const { stores, search, hub, log } = this.#internals;
    if (target === 'stores') return stores.call(op as 'ping', args as null);
    if (target === 'search') return search.call(op as 'ping', args as null);
    if (target === 'bus' && op.startsWith('snapshot.')) return log.call(op as 'snapshot.keep', args as string);
    if (target === 'soft') {
      const method = this.#soft.get(op);
      if (method === undefined) throw new ImError('internal', `no such operation: ${op}`);
      return method(...(args as unknown[]));
    }
    const bus = {
      publish: () => hub.publish(args as BusPublication),
      deadLetters: () => hub.deadLetters(...(args as Parameters<typeof hub.deadLetters>)),
      lag: () => hub.lag(...(args as Parameters<typeof hub.lag>)),
      ping: () => hub.ping(),
    };
    const method = bus[op as keyof typeof bus];
    if (method === undefined) throw new ImError('internal', `no such operation: ${op}`);
    return method();
  }
}
