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
export interface NodeList {
  /** Replaces the list; an empty one is ignored. */
  replace(urls: readonly string[]): void;
  /** Undefined when no node is known. */
  next(): string | undefined;
}

export function nodeList(random: Random): NodeList {
  let known: string[] = [];
  let last: string | undefined;
  let next = 0;
  return {
    replace(urls) {
      if (urls.length === 0) return;
      const places = new Map(urls.map((url) => [url, random()]));
      known = [...places.keys()].sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
      next = known[0] === last ? 1 : 0;
    },
    next() {
      last = known[next++ % known.length];
      return last;
    },
  };
}
