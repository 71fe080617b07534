import type { Clock, Random } from '@chasqui/domain';
import type { Connection, GatewayHandlers } from '@chasqui/ports';
import type { Mortal } from './mortal.ts';
import { Wire } from './wire.ts';

/** A listening node. */
export interface Listener {
  process: Mortal;
  handlers: GatewayHandlers;
  maxBacklogBytes: number;
  slowConsumerCode: number;
}

/** The callbacks of one end of a socket. */
export interface Ears {
  opened(): void;
  received(text: string): void;
  closed(code: number, reason: string): void;
}

/** The client's end of a socket. */
export interface NearEnd {
  send(text: string): void;
  close(code: number, reason: string): void;
}

/** One socket of the network, as the fault injection sees it. */
export interface Cable {
  readonly owner: string;
  readonly url: string;
  /** Nothing arrives any more, at either end, and neither end gets an event. */
  cut(): void;
  /** From now on each byte from the node takes this long, in ms. */
  slow(msPerByte: number): void;
}

/** The timeout of a connection attempt, in ms. */
const CONNECT_TIMEOUT_MS = 20_000;

/** The sockets between devices and Connect nodes: ordered, delayed, and lost as real sockets are. */
export class Network {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #listeners = new Map<string, Listener>();
  readonly #cables = new Set<Cable>();
  /** Devices without a network. */
  readonly #unplugged = new Set<string>();
  /** Called for every text that a node sends to a device on a socket, at the time of sending. */
  onSent: (owner: string, socket: string, text: string) => void = () => {};
  #issued = 0;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  listen(url: string, listener: Listener): void {
    this.#listeners.set(url, listener);
  }

  stopListening(url: string): void {
    this.#listeners.delete(url);
  }

  cables(): Cable[] {
    return [...this.#cables];
  }

  /** The device loses its network: its sockets become silent, and it can open none. */
  unplug(owner: string): void {
    this.#unplugged.add(owner);
    for (const cable of this.#cables) if (cable.owner === owner) cable.cut();
  }

  plug(owner: string): void {
    this.#unplugged.delete(owner);
  }

  /** Opens a socket for a device's process. */
  dial(process: Mortal, owner: string, url: string, ears: Ears): NearEnd {
    const listener = this.#listeners.get(url);
    if (this.#unplugged.has(owner) || listener?.process.frozen) return this.#nobody(process, ears, CONNECT_TIMEOUT_MS);
    if (listener === undefined || !listener.process.alive) return this.#nobody(process, ears, this.#delayMs());
    return this.#join(process, owner, url, ears, listener);
  }

  #nobody(process: Mortal, ears: Ears, afterMs: number): NearEnd {
    let given = true;
    this.#clock.after(afterMs, () => process.enter(() => given && ears.closed(1006, '')));
    return {
      send() {},
      close() {
        given = false;
      },
    };
  }

  #join(process: Mortal, owner: string, url: string, ears: Ears, listener: Listener): NearEnd {
    const { handlers, maxBacklogBytes, slowConsumerCode } = listener;
    const id = `socket-${++this.#issued}`;
    const delay = () => this.#delayMs();
    const up = new Wire(this.#clock, listener.process, delay);
    const down = new Wire(this.#clock, process, delay);
    let nodeTold = false;
    let deviceTold = false;
    let nodeEnded = false;
    const tellNode = (code: number) => {
      if (nodeTold) return;
      nodeTold = true;
      handlers.close(connection, code);
    };
    const tellDevice = (code: number, reason: string) => {
      if (deviceTold) return;
      deviceTold = true;
      this.#cables.delete(cable);
      forgetDeaths();
      ears.closed(code, reason);
    };
    const connection: Connection = {
      id,
      remoteAddress: '192.0.2.1',
      subprotocol: '',
      send: (data) => {
        if (nodeTold || nodeEnded || typeof data !== 'string') return 'dropped';
        if (down.backlog + data.length > maxBacklogBytes) {
          connection.end(slowConsumerCode, 'slow_consumer');
          return 'dropped';
        }
        this.onSent(owner, id, data);
        const waits = down.backlog > 0;
        down.carry(data.length, () => deviceTold || ears.received(data));
        return waits ? 'buffered' : 'sent';
      },
      flush() {},
      backlog: () => down.backlog,
      end: (code, reason) => {
        if (nodeTold || nodeEnded) return;
        nodeEnded = true;
        down.carry(0, () => tellDevice(code, reason));
        // The gateway closes its end when the client does, or after a timeout.
        this.#clock.after(delay() + 5, () => listener.process.enter(() => tellNode(code)));
      },
    };
    const cable: Cable = {
      owner,
      url,
      cut: () => {
        up.cut();
        down.cut();
      },
      slow: (msPerByte) => {
        down.msPerByte = msPerByte;
      },
    };
    this.#cables.add(cable);
    const deaths = [
      process.atDeath(() => {
        this.#cables.delete(cable);
        up.carry(0, () => tellNode(1006));
      }),
      listener.process.atDeath(() => down.carry(0, () => tellDevice(1006, ''))),
    ];
    const forgetDeaths = () => {
      for (const forget of deaths) forget();
    };
    up.carry(0, () => {
      handlers.open(connection);
      down.carry(0, () => deviceTold || ears.opened());
    });
    return {
      send: (text) => {
        if (!deviceTold) up.carry(text.length, () => nodeTold || nodeEnded || handlers.message(connection, text));
      },
      close: (code) => {
        if (deviceTold) return;
        deviceTold = true;
        this.#cables.delete(cable);
        forgetDeaths();
        up.carry(0, () => tellNode(code));
      },
    };
  }

  /** Some milliseconds, and occasionally a retransmission. */
  #delayMs(): number {
    const roll = this.#random();
    return roll < 0.97 ? 0.5 + roll * 8 : 200 + (roll - 0.97) * 20_000;
  }
}
