import { BoundedMap } from '@chasqui/domain';

/** The bytes of a file, and their address in this page. */
export interface HeldFile {
  blob: Blob;
  address: string;
}

export interface FileUse {
  held: Promise<HeldFile>;
  /** The component that showed it is gone. */
  release(): void;
}

/** Bytes of files that nobody looks at. Beyond: those that were not used for longest are let go. */
const MAX_UNUSED_BYTES = 64 * 1024 * 1024;
/** What a file weighs at least: its address and the browser's own record. */
const MIN_WEIGHT = 16 * 1024;

/**
 * The files that this page has loaded, by their key: each once, however often it is shown. What is shown stays, whatever
 * its size; for the rest there is a bound.
 */
export class FileCache {
  readonly #used = new Map<string, { held: Promise<HeldFile>; users: number }>();
  readonly #unused = new BoundedMap<string, HeldFile>(MAX_UNUSED_BYTES, {
    weigh: ({ blob }) => Math.max(blob.size, MIN_WEIGHT),
    evicted: (_, held) => letGo(held),
  });
  #isClosed = false;

  /** Whether the file is here, or on its way. */
  has(key: string): boolean {
    return this.#used.has(key) || this.#unused.get(key) !== undefined;
  }

  /** A failed load is tried again at the next use. */
  use(key: string, load: () => Promise<Blob>): FileUse {
    const entry = this.#used.get(key) ?? this.#taken(key, load);
    entry.users++;
    let isReleased = false;
    return {
      held: entry.held,
      release: () => {
        if (isReleased) return;
        isReleased = true;
        entry.users--;
        if (entry.users > 0 || this.#used.get(key) !== entry) return;
        this.#used.delete(key);
        void entry.held.then(
          (held) => this.#rest(key, held),
          () => undefined,
        );
      },
    };
  }

  /** A file of this device, which need not be loaded. */
  put(key: string, blob: Blob): void {
    if (!this.has(key)) this.#rest(key, heldOf(blob));
  }

  /** Lets go of all files; those that are shown go with their components. */
  close(): void {
    this.#isClosed = true;
    for (const held of this.#unused.values()) letGo(held);
    this.#unused.clear();
  }

  #taken(key: string, load: () => Promise<Blob>) {
    const resting = this.#unused.get(key);
    this.#unused.delete(key);
    const held = resting === undefined ? load().then(heldOf) : Promise.resolve(resting);
    const entry = { held, users: 0 };
    this.#used.set(key, entry);
    held.catch(() => {
      if (this.#used.get(key) === entry) this.#used.delete(key);
    });
    return entry;
  }

  #rest(key: string, held: HeldFile): void {
    // It may have been used and loaded again meanwhile.
    if (this.#isClosed || this.has(key)) letGo(held);
    else this.#unused.set(key, held);
  }
}

function heldOf(blob: Blob): HeldFile {
  return { blob, address: URL.createObjectURL(blob) };
}

function letGo({ address }: HeldFile): void {
  URL.revokeObjectURL(address);
}
