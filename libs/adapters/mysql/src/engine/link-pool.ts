import { ImError } from '@chasqui/domain';
import { Link, type LinkOptions } from './link.ts';

/** Maximum calls that wait for a connection. */
const MAX_WAITING = 10_000;

interface Waiter {
  resolve(link: Link): void;
  reject(error: unknown): void;
}

/**
 * At most `size` connections, opened on demand; the server ends idle ones. The most recently used connection is used
 * next, so that few stay busy and the others can expire. Waiting calls are served in order of arrival.
 */
export class LinkPool {
  readonly #options: LinkOptions;
  readonly #size: number;
  #idle: Link[] = [];
  readonly #waiting = new Set<Waiter>();
  readonly #links = new Set<Link>();
  #making = 0;
  #closed = false;
  /** Connections that are open or being opened. */
  #count = 0;

  constructor(options: LinkOptions, size: number) {
    this.#options = options;
    this.#size = size;
  }

  /**
   * Takes a connection for exclusive use, to be returned with `give`. `abandon` stops waiting. Errors: the driver's if
   * a connection could not be opened; `store_unavailable` if too many calls wait.
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

  /** Returns a connection. A closed one makes room for another. */
  give(link: Link): void {
    if (link.isOpen && !this.#closed) this.#idle.push(link);
    else this.#drop(link);
    this.#serve();
  }

  /**
   * Only called when no call waits for or holds a connection. A connection that is still being opened is closed once it
   * is open.
   */
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
