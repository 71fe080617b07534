import type { Random } from '@chasqui/domain';

/** What `GET /api/nodes` says of one node. */
export interface NodeAddress {
  wsUrl: string;
  relativeUrl?: string;
  draining: boolean;
}

/**
 * The WebSocket address of a node for a client that read of it at the URL `listedAt`. A relative address goes the way
 * that the list came, whatever proxy is in between.
 */
export function nodeUrl({ wsUrl, relativeUrl }: NodeAddress, listedAt: string): string {
  if (relativeUrl === undefined) return wsUrl;
  const url = new URL(relativeUrl, listedAt);
  url.protocol = url.protocol.replace('http', 'ws');
  return url.href;
}

/** Asks `GET /api/nodes` for the WebSocket addresses of the nodes that take connections. May reject. */
export type FetchNodes = (nodesUrl: string) => Promise<string[]>;

/** Uses the platform's `fetch`; times out after 5 s. Draining nodes are left out, unless all are draining. */
export const fetchNodes: FetchNodes = async (nodesUrl) => {
  const response = await fetch(nodesUrl, { signal: AbortSignal.timeout(5_000) });
  if (!response.ok) throw new Error(`${nodesUrl} answered ${response.status}`);
  const nodes = (await response.json()) as NodeAddress[];
  const staying = nodes.filter(({ draining }) => !draining);
  return (staying.length > 0 ? staying : nodes).map((node) => nodeUrl(node, response.url));
};

/** The address to connect to next: the known nodes in a random order, a different one each time. */
export class NodeList {
  readonly #random: Random;
  #urls: string[];
  #next = 0;

  constructor(urls: readonly string[], random: Random) {
    this.#random = random;
    this.#urls = [];
    this.replace(urls);
  }

  /** Replaces the list; an empty one is ignored. */
  replace(urls: readonly string[]): void {
    if (urls.length === 0) return;
    const last = this.#urls[(this.#next + this.#urls.length - 1) % this.#urls.length];
    this.#urls = shuffled(urls, this.#random);
    this.#next = this.#urls[0] === last ? 1 : 0;
  }

  /** Undefined when no node is known. */
  next(): string | undefined {
    return this.#urls[this.#next++ % Math.max(1, this.#urls.length)];
  }
}

function shuffled(urls: readonly string[], random: Random): string[] {
  const list = [...urls];
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [list[i], list[j]] = [list[j] as string, list[i] as string];
  }
  return list;
}
