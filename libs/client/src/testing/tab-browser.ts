import type { Clock, Random } from '@chasqui/domain';
import type { Socket, Transport } from '../index.ts';
import type { OpenChannel } from '../tabs/channel.ts';
import type { TabLocks } from '../tabs/leadership.ts';
import type { ManualClock } from './manual-clock.ts';

type Source = 'timer' | 'channel' | 'socket' | 'lock';

interface Waiting {
  page: Page;
  name: string;
  grant(): void;
  refuse(): void;
}

/** One browser whose pages have locks and a channel between them, and may be suspended or crash. */
export class TabBrowser {
  readonly clock: ManualClock;
  readonly pages = new Set<Page>();
  /** Whether the next message of a leader is lost, of those that it numbers. */
  loses: () => boolean = () => false;
  #opened = 0;
  #holder: Waiting | undefined;
  #queue: Waiting[] = [];

  constructor(clock: ManualClock) {
    this.clock = clock;
  }

  open(): Page {
    const page = new Page(this, `page ${++this.#opened}`);
    this.pages.add(page);
    return page;
  }

  get holder(): Waiting | undefined {
    return this.#holder;
  }

  /** The page that has the lock. */
  get leader(): Page | undefined {
    return this.#holder?.page;
  }

  request(waiting: Waiting, steal: boolean): void {
    if (steal) {
      this.#holder?.refuse();
      this.#holder = undefined;
      this.#queue.unshift(waiting);
    } else this.#queue.push(waiting);
    this.#next();
  }

  release(waiting: Waiting): void {
    this.#queue = this.#queue.filter((each) => each !== waiting);
    if (this.#holder === waiting) this.#holder = undefined;
    this.#next();
  }

  gone(page: Page): void {
    this.pages.delete(page);
    this.#queue = this.#queue.filter((each) => each.page !== page);
    if (this.#holder?.page === page) this.#holder = undefined;
    this.#next();
  }

  #next(): void {
    if (this.#holder !== undefined) return;
    this.#holder = this.#queue.shift();
    this.#holder?.grant();
  }
}

/** One page. What happens in it happens in tasks: later if it is suspended, never if it has crashed. */
export class Page {
  readonly id: string;
  readonly #browser: TabBrowser;
  /** What waits for the page, by its source: what comes from one source keeps its order. */
  readonly #suspended: { [source in Source]: (() => void)[] } = { timer: [], channel: [], socket: [], lock: [] };
  readonly #channels = new Set<(message: unknown) => void>();
  readonly #sockets = new Set<Socket>();
  isAlive = true;
  isFrozen = false;

  constructor(browser: TabBrowser, id: string) {
    this.#browser = browser;
    this.id = id;
  }

  task(source: Source, run: () => void): void {
    if (!this.isAlive) return;
    if (this.isFrozen) this.#suspended[source].push(run);
    else run();
  }

  crash(): void {
    this.isAlive = false;
    for (const socket of this.#sockets) socket.close(1006, '');
    this.#browser.gone(this);
  }

  /** The sources come in any order. */
  thaw(random: Random): void {
    this.isFrozen = false;
    for (;;) {
      const waiting = Object.values(this.#suspended).filter(({ length }) => length > 0);
      const run = waiting[Math.floor(random() * waiting.length)]?.shift();
      if (run === undefined) break;
      this.#browser.clock.after(0, () => this.task('timer', run));
    }
  }

  readonly clock: Clock = {
    now: () => this.#browser.clock.now(),
    monotonic: () => this.#browser.clock.monotonic(),
    after: (delayMs, callback) => {
      let isCancelled = false;
      const timer = this.#browser.clock.after(delayMs, () => this.task('timer', () => isCancelled || callback()));
      return {
        cancel() {
          isCancelled = true;
          timer.cancel();
        },
      };
    },
  };

  readonly channel: OpenChannel = (_name, received) => {
    this.#channels.add(received);
    return {
      post: (message) => {
        if (!this.isAlive) return;
        const copy: object = structuredClone(message) as object;
        for (const page of this.#browser.pages) {
          const isNumbered = Object.hasOwn(copy, 'sequence');
          if (page === this || (isNumbered && this.#browser.loses())) continue;
          // What a page posts just before it crashes may be lost.
          const arrive = () => (this.isAlive || !this.#browser.loses()) && page.#hear(structuredClone(copy));
          this.#browser.clock.after(1, () => page.task('channel', arrive));
        }
      },
      close: () => void this.#channels.delete(received),
    };
  };

  readonly locks: TabLocks = {
    request: (name, { signal, steal = false }, held) =>
      new Promise<void>((resolve, reject) => {
        const abort = () => reject(new DOMException('the wait was given up, or the lock was taken', 'AbortError'));
        const waiting: Waiting = {
          page: this,
          name,
          grant: () =>
            this.#later(() =>
              held()
                .then(() => this.#browser.release(waiting))
                .then(resolve, reject),
            ),
          refuse: () => this.#later(abort),
        };
        signal?.addEventListener('abort', () => {
          // Once it is granted, that is of no effect.
          if (this.#browser.leader === this) return;
          this.#browser.release(waiting);
          abort();
        });
        this.#browser.request(waiting, steal);
      }),
    query: () =>
      new Promise((resolve) => {
        const { holder } = this.#browser;
        const held = holder === undefined ? [] : [{ name: holder.name, clientId: holder.page.id }];
        this.#later(() => resolve({ held }));
      }),
  };

  /** A transport whose sockets end with the page. */
  transport(open: Transport): Transport {
    return (url, handlers) => {
      const socket = open(url, {
        opened: () => this.task('socket', handlers.opened),
        received: (text) => this.task('socket', () => handlers.received(text)),
        closed: (code, reason) => this.task('socket', () => handlers.closed(code, reason)),
      });
      this.#sockets.add(socket);
      return socket;
    };
  }

  #hear(message: unknown): void {
    for (const received of this.#channels) received(message);
  }

  #later(run: () => void): void {
    this.#browser.clock.after(1, () => this.task('lock', run));
  }
}
