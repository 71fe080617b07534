/** The part of a socket that the guard uses. */
export interface GuardedSocket {
  destroy(): void;
}

export interface SocketBounds {
  maxSockets: number;
  maxSocketsPerAddress: number;
}

/** The sockets of one network. */
interface Share<S> {
  open: number;
  quiet: Set<S>;
}

/** An open socket's network, and its number of unanswered requests: several if the client pipelines. */
interface Place<S> {
  network: string;
  share: Share<S>;
  asked: number;
}

/**
 * Bounds open sockets, in total and per network. A socket is *quiet* while it has no unanswered request, and before its
 * first. At a bound the longest quiet socket is closed, as no answer is lost; a busy socket is never closed.
 */
export class SocketGuard<S extends GuardedSocket> {
  readonly #bounds: SocketBounds;
  /** Every open socket. */
  readonly #open = new Map<S, Place<S>>();
  /** At most as many as there are open sockets. */
  readonly #shares = new Map<string, Share<S>>();
  /** The longest quiet socket first. */
  readonly #quiet = new Set<S>();

  constructor(bounds: SocketBounds) {
    this.#bounds = bounds;
  }

  /** A client has connected. Returns false if there is no room; the socket is then not counted. */
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

  /** A request of the socket awaits its answer. */
  asked(socket: S): void {
    const place = this.#open.get(socket);
    if (place === undefined) return;
    place.asked++;
    place.share.quiet.delete(socket);
    this.#quiet.delete(socket);
  }

  /** A request of the socket was answered, or never will be. */
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

  /** Returns false if all sockets are busy. */
  #sendAway([longest]: ReadonlySet<S>): boolean {
    if (longest === undefined) return false;
    this.closed(longest);
    longest.destroy();
    return true;
  }
}
