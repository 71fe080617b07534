import { nodeUrl, type Transport, webSocketTransport } from '@chasqui/client';
import type { NodeAddress } from '../api-bodies.ts';
import { Store } from '../store.ts';

/** Beside the page, which a proxy may show below a path. */
export const NODES_URL = new URL('api/nodes', document.baseURI).href;

export interface Nodes {
  /** In the order of their addresses: the page numbers nodes so, because their ids mean nothing to users. */
  all: readonly NodeAddress[];
  /** The address of the node that holds the connection; empty: none. */
  current: string;
}

/** The number of the current node, from 1; 0: not known. */
export function currentNumber({ all, current }: Nodes): number {
  return all.findIndex((node) => nodeUrl(node, NODES_URL) === current) + 1;
}

/**
 * The nodes to connect to, and the connected one. `pinned`: the page's `?node=`; while that node is down, any other.
 */
export class NodeChoice {
  readonly nodes = new Store<Nodes>({ all: [], current: '' });
  readonly #list: () => Promise<NodeAddress[]>;
  readonly #pinned: number;
  readonly #dial = webSocketTransport();

  constructor(list: () => Promise<NodeAddress[]>, pinned: number) {
    this.#list = list;
    this.#pinned = pinned;
  }

  /** The addresses to try. */
  readonly addresses = async (): Promise<string[]> => {
    const listed = await this.#list();
    const all = listed.toSorted((a, b) => own(a).localeCompare(own(b), 'en', { numeric: true }));
    this.nodes.set({ ...this.nodes.get(), all });
    const pinned = all[this.#pinned - 1];
    if (pinned !== undefined && !pinned.draining) return [nodeUrl(pinned, NODES_URL)];
    return all.filter(({ draining }) => !draining).map((node) => nodeUrl(node, NODES_URL));
  };

  /** The platform's sockets, observed to learn which node is connected. */
  readonly transport: Transport = (url, handlers) => {
    return this.#dial(url, {
      ...handlers,
      opened: () => {
        this.nodes.set({ ...this.nodes.get(), current: url });
        handlers.opened();
      },
      received: handlers.received,
      closed: (code, reason) => {
        this.nodes.set({ ...this.nodes.get(), current: '' });
        handlers.closed(code, reason);
      },
    });
  };
}

/** The address that only this node has: its port tells the order in which the nodes were started. */
function own({ directUrl, wsUrl }: NodeAddress): string {
  return directUrl ?? wsUrl;
}
