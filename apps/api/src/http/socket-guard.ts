/** What the guard needs of a socket. */
export interface GuardedSocket {
  destroy(): void;
}

export interface SocketBounds {
  maxSockets: number;
  maxSocketsPerAddress: number;
}

/** What one network has. */
interface Share<S> {
  open: number;
  quiet: Set<S>;
}

/** An open socket's network, and its requests that are not answered yet: several where a client does not wait. */
interface Place<S> {
  network: string;
  share: Share<S>;
  asked: number;
}

/**
 * Bounds open sockets, in all and for each network. A socket is *quiet* while no request of it is being answered, also before
 * its first: at a bound the one that has been quiet longest goes, since nobody loses an answer by that; a busy one never does.
 */
export class SocketGuard<S extends GuardedSocket> {
  readonly #bounds: SocketBounds;
  /** Every open socket. */
  readonly #open = new Map<S, Place<S>>();
  /** As many as there are open sockets at most. */
  readonly #shares = new Map<string, Share<S>>();
  /** The longest quiet one first. */
  readonly #quiet = new Set<S>();

  constructor(bounds: SocketBounds) {
    this.#bounds = bounds;
  }

  /** A client has connected. False: there is no place, and the socket does not count. */
  opened(socket: S, network: string): boolean {
    const { maxSockets, maxSocketsPerAddress } = this.#bounds;
    const share = this.#shares.get(network) ?? { open: 0, quiet: new Set<S>() };
    if (share.open >= maxSocketsPerAddress && !this.#sendAway(share.quiet)) return false;
    if (this.#open.size >= maxSockets && !this.#sendAway(this.#quiet)) return false;
    share.open++;
    share.quiet.add(socket);
    this.#quiet.add(socket);
    this.#shares.set(network, share);
    this.#open.set(socket, { network, share, asked: 0 });
    return true;
  }

  /** A request of the socket is to be answered. */
  asked(socket: S): void {
    const place = this.#open.get(socket);
    if (place === undefined) return;
    place.asked++;
    place.share.quiet.delete(socket);
    this.#quiet.delete(socket);
  }

  /** One of its requests was, or never will be. */
  answered(socket: S): void {
    const place = this.#open.get(socket);
    if (place === undefined || --place.asked > 0) return;
    place.share.quiet.add(socket);
    this.#quiet.add(socket);
  }

  closed(socket: S): void {
    const place = this.#open.get(socket);
    if (place === undefined) return;
    const { network, share } = place;
    share.quiet.delete(socket);
    this.#quiet.delete(socket);
    this.#open.delete(socket);
    if (--share.open === 0) this.#shares.delete(network);
  }

  /** False: all of them are busy. */
  #sendAway([longest]: ReadonlySet<S>): boolean {
    if (longest === undefined) return false;
    this.closed(longest);
    longest.destroy();
    return true;
  }
}
