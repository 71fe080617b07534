import { ImError } from '@chasqui/domain';
import { Link, type LinkOptions } from './link.ts';

/** Calls that may wait for a connection. */
const MAX_WAITING = 10_000;

interface Waiter {
  resolve(link: Link): void;
  reject(error: unknown): void;
}

/**
 * At most `size` connections, opened when they are needed; the server ends those that are idle for long. The one used last
 * is used next, so that few stay busy and the others can go. Whoever came first is served first.
 */
export class LinkPool {
  readonly #options: LinkOptions;
  readonly #size: number;
  #idle: Link[] = [];
  readonly #waiting = new Set<Waiter>();
  readonly #links = new Set<Link>();
  #making = 0;
  #closed = false;
  /** Connections that are there or being made. */
  #count = 0;

  constructor(options: LinkOptions, size: number) {
    this.#options = options;
    this.#size = size;
  }

  /**
   * A connection of one's own, to be given back. `abandon` ends the waiting. Errors: the driver's when one had to be made
   * and could not; `store_unavailable` when too many wait.
   */
  take(): { link: Promise<Link>; abandon(): void } {
    const { promise, resolve, reject } = Promise.withResolvers<Link>();
    const waiter = { resolve, reject };
    if (this.#waiting.size >= MAX_WAITING) {
      reject(new ImError('store_unavailable', `too many calls wait for MySQL (${MAX_WAITING})`));
    } else {
      this.#waiting.add(waiter);
      this.#serve();
    }
    return { link: promise, abandon: () => this.#waiting.delete(waiter) };
  }

  /** Takes a connection back. One that was hung up makes room for another. */
  give(link: Link): void {
    if (link.isOpen && !this.#closed) this.#idle.push(link);
    else this.#drop(link);
    this.#serve();
  }

  /** When nobody waits for a connection and nobody has one. One that is still being made is hung up when it is there. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#links].map((link) => link.close()));
  }

  #drop(link: Link): void {
    link.end();
    if (this.#links.delete(link)) this.#count--;
  }

  #serve(): void {
    for (const link of this.#idle.filter(({ isOpen }) => !isOpen)) this.#drop(link);
    this.#idle = this.#idle.filter(({ isOpen }) => isOpen);
    while (this.#waiting.size > 0 && this.#idle.length > 0) this.#next()?.resolve(this.#idle.pop() as Link);
    while (this.#making < this.#waiting.size && this.#count < this.#size) void this.#make();
  }

  #next(): Waiter | undefined {
    const [waiter] = this.#waiting;
    if (waiter !== undefined) this.#waiting.delete(waiter);
    return waiter;
  }

  async #make(): Promise<void> {
    this.#count++;
    this.#making++;
    try {
      const link = await Link.connect(this.#options).finally(() => this.#making--);
      this.#links.add(link);
      this.give(link);
    } catch (error) {
      this.#count--;
      this.#next()?.reject(error);
      this.#serve();
    }
  }
}
