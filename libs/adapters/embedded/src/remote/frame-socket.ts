import type { Socket } from 'node:net';
import { Packr } from 'msgpackr';
import { TurnQueue } from '../worker-link/turn-queue.ts';

/** The header of each frame: its length in bytes, big-endian. */
const HEADER = 4;
/** A larger frame is treated as garbage. */
const MAX_FRAME = 256 * 1024 ** 2;
/** The maximum backlog in bytes (C16); beyond, the other side counts as gone. */
const MAX_BACKLOG = 128 * 1024 ** 2;

export interface FrameSocketHandlers<Out, In> {
  item(item: In): void;
  /**
   * An item that cannot be encoded (nested too deeply, for example): the other items of its turn are sent without it.
   */
  unsendable(item: Out, error: unknown): void;
  /** Called once, whichever side closed and for any reason. */
  closed(): void;
}

/** A socket that carries msgpack items in order; all items of one turn are in one frame. */
export class FrameSocket<Out, In> {
  readonly #socket: Socket;
  /** Content has keys of its sender's choice: one named `toJSON` must not be called. */
  readonly #packr = new Packr({ useRecords: false, moreTypes: false, encodeUndefinedAsNil: false, useToJSON: false });
  readonly #queue: TurnQueue<Out>;
  #received: Buffer[] = [];
  #receivedBytes = 0;
  #needed = HEADER;
  /** Whether data arrived since the last check. */
  #heard = true;

  readonly #unsendable: (item: Out, error: unknown) => void;

  constructor(socket: Socket, { item, unsendable, closed }: FrameSocketHandlers<Out, In>) {
    this.#socket = socket;
    this.#unsendable = unsendable;
    this.#queue = new TurnQueue(
      (items) => this.#write(items),
      () => false,
    );
    socket.on('data', (chunk) => {
      this.#heard = true;
      this.#receivedBytes += chunk.length;
      this.#received.push(chunk);
      try {
        for (let frame = this.#nextFrame(); frame !== undefined; frame = this.#nextFrame()) {
          for (const received of this.#packr.unpack(frame) as In[]) item(received);
        }
      } catch {
        // The data is invalid, or an operation is unknown: this connection is unusable.
        socket.destroy();
      }
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', closed);
  }

  send(item: Out): void {
    this.#queue.push(item);
  }

  /** Whether data arrived since the last call. */
  heard(): boolean {
    const heard = this.#heard;
    this.#heard = false;
    return heard;
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #write(items: Out[]): void {
    if (this.#socket.destroyed) return;
    const body = this.#packed(items);
    if (body === undefined) return;
    const header = Buffer.allocUnsafe(HEADER);
    header.writeUInt32BE(body.length);
    this.#socket.cork();
    this.#socket.write(header);
    this.#socket.write(body);
    this.#socket.uncork();
    if (this.#socket.writableLength > MAX_BACKLOG) this.#socket.destroy();
  }

  /** Undefined: the items could not be packed together; each was tried alone. */
  #packed(items: Out[]): Buffer | undefined {
    try {
      return this.#packr.pack(items);
    } catch (error) {
      const [only] = items as [Out];
      if (items.length === 1) this.#unsendable(only, error);
      else for (const item of items) this.#write([item]);
      return undefined;
    }
  }

  /** The next complete frame that was received. */
  #nextFrame(): Buffer | undefined {
    if (this.#receivedBytes < this.#needed || this.#socket.destroyed) return undefined;
    const all = this.#received.length === 1 ? (this.#received[0] as Buffer) : Buffer.concat(this.#received);
    const length = all.readUInt32BE(0);
    if (length > MAX_FRAME) {
      this.#socket.destroy();
      return undefined;
    }
    if (all.length < HEADER + length) {
      this.#received = [all];
      this.#needed = HEADER + length;
      return undefined;
    }
    const rest = all.subarray(HEADER + length);
    this.#received = rest.length > 0 ? [rest] : [];
    this.#receivedBytes = rest.length;
    this.#needed = HEADER;
    return all.subarray(HEADER, HEADER + length);
  }
}
