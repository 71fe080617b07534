import type { Socket } from 'node:net';
import { type Clock, engineError, ImError, type Random, type Timer } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import { backoffMs } from '@chasqui/kit/base';
import type { Caller, Operations } from '../worker-link/caller.ts';
import { PendingCalls } from '../worker-link/pending-calls.ts';
import { fromWireError } from '../worker-link/wire-error.ts';
import { FrameSocket } from './frame-socket.ts';
import { dial, type EnginePlace, placeOf } from './network-address.ts';
import { type ClientItem, type HostItem, PING_MS, SILENT_PINGS, TARGETS, type Target, WIRE_VERSION } from './wire.ts';

export interface EngineLinkOptions extends EnginePlace {
  clock: Clock;
  random: Random;
  logger: Logger;
  /** The timeout of a call, in ms. */
  deadlineMs: number;
  /** The maximum of calls in flight, per engine (C16). */
  maxCalls: number;
  connected(shards: { [topic: string]: number }): void;
  work(item: Extract<HostItem, ['work', ...unknown[]]>): void;
}

const RECONNECT = { initialMs: 50, maxMs: 2_000 };

/**
 * The link from this process to the engine host: one socket, which reconnects. While the host is down, every call
 * fails.
 */
export class EngineLink {
  readonly #options: EngineLinkOptions;
  readonly #pending: { [T in Target]: PendingCalls };
  #dialled: Socket | undefined;
  #socket: FrameSocket<ClientItem, HostItem> | undefined;
  #connected = false;
  #failures = 0;
  #silent = 0;
  #timer: Timer | undefined;
  #closed = false;
  #mismatch: ImError | undefined;
  #trouble = '';
  readonly #place: string;

  constructor(options: EngineLinkOptions) {
    const { clock, deadlineMs, maxCalls } = options;
    this.#place = placeOf(options);
    const pending = (target: Target) => new PendingCalls({ clock, deadlineMs, maxCalls, unavailable: TARGETS[target] });
    this.#options = options;
    this.#pending = {
      bus: pending('bus'),
      stores: pending('stores'),
      search: pending('search'),
      soft: pending('soft'),
    };
    this.#connect();
  }

  callerOf<Ops extends Operations>(target: Target): Caller<Ops> {
    return { call: (op, args) => this.call(target, op, args) as Promise<never> };
  }

  call(target: Target, op: string, args: unknown): Promise<unknown> {
    if (!this.#connected) {
      return Promise.reject(new ImError(TARGETS[target], `the engine host does not answer on ${this.#place}`));
    }
    return this.#pending[target].add((id) => this.#socket?.send(['call', target, id, op, args]));
  }

  /** Dropped while the host is down. */
  send(item: ClientItem): void {
    if (this.#connected) this.#socket?.send(item);
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.#dialled?.destroy();
  }

  #connect(): void {
    const { socket, open } = dial(this.#options, this.#options.clock);
    this.#dialled = socket.on('error', ({ message }) => {
      this.#trouble = message;
      socket.destroy();
    });
    open.then(
      () => (socket.destroyed ? this.#lost() : this.#speak(socket)),
      (error: ImError) => {
        if (error.code === 'config_invalid') this.#unfit(error);
        this.#trouble ||= error.message;
        socket.destroy();
        this.#lost();
      },
    );
  }

  #speak(dialled: Socket): void {
    this.#silent = 0;
    const socket: FrameSocket<ClientItem, HostItem> = new FrameSocket(dialled, {
      item: (item) => this.#receive(item),
      unsendable: (item, error) => {
        if (item[0] === 'call') this.#pending[item[1]].reject(item[2], engineError(error, TARGETS[item[1]]));
      },
      closed: () => {
        if (this.#socket === socket) this.#lost();
      },
    });
    this.#socket = socket;
    this.#watch();
  }

  /** Pings, and disconnects from a silent host. Counts ticks, not time: this process may itself have been frozen. */
  #watch(): void {
    this.#timer = this.#options.clock.after(PING_MS, () => {
      this.#silent = this.#socket?.heard() ? 0 : this.#silent + 1;
      if (this.#silent >= SILENT_PINGS) this.#socket?.destroy();
      else {
        this.#socket?.send(['ping']);
        this.#watch();
      }
    });
  }

  #lost(): void {
    const { clock, random, logger } = this.#options;
    this.#timer?.cancel();
    if (this.#connected && !this.#closed)
      logger.warn({ place: this.#place }, 'the engine host is unavailable: reconnecting');
    this.#connected = false;
    for (const pending of Object.values(this.#pending)) pending.rejectAll('the engine host went away');
    if (this.#closed) return;
    this.#timer = clock.after(backoffMs(this.#failures++, RECONNECT, random), () => this.#connect());
  }

  #receive(item: HostItem): void {
    switch (item[0]) {
      case 'hello':
        this.#hello(item[1], item[2]);
        return;
      case 'result':
        this.#pending[item[1]].resolve(item[2], item[3]);
        return;
      case 'error':
        this.#pending[item[1]].reject(item[2], fromWireError(item[3]));
        return;
      case 'work':
        this.#options.work(item);
        return;
      case 'pong':
    }
  }

  /** The reason why the host cannot be used: its release or its secret differs, as it said last. */
  get mismatch(): ImError | undefined {
    return this.#mismatch;
  }

  /** Why the last attempt to connect failed; empty if it is not known. */
  get trouble(): string {
    return this.#trouble;
  }

  #unfit(reason: ImError): void {
    if (this.#mismatch === undefined) this.#options.logger.error({ place: this.#place }, reason.message);
    this.#mismatch = reason;
  }

  #hello(version: number, shards: { [topic: string]: number }): void {
    if (version !== WIRE_VERSION) {
      const text =
        `the server that answers on ${this.#place} is of another version (engine protocol ${version}, here ${WIRE_VERSION}; ` +
        'start both from the same release): use the commands of its version, also for a backup';
      this.#unfit(new ImError('config_invalid', text));
      this.#socket?.destroy();
      return;
    }
    this.#mismatch = undefined;
    this.#failures = 0;
    this.#connected = true;
    this.#options.connected(shards);
  }
}
