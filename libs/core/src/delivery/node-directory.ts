import type { Clock, NodeInfo } from '@chasqui/domain';
import type { NodeRegistry } from '@chasqui/ports';

const FRESH_MS = 1_000;
/** How old a list may be that lacks the node asked for: a device may log in on a node that came just now. */
const LACKING_MS = 100;

export interface NodeDirectoryOptions {
  registry: NodeRegistry;
  clock: Clock;
  /** Called with each list that was read. */
  onRead?: (nodes: readonly NodeInfo[]) => void;
}

/**
 * The live nodes as last read, so that a delivery costs no look-up and survives an absent registry. A node that is not
 * in the list is looked for again, at most ten times a second.
 */
export class NodeDirectory {
  readonly #registry: NodeRegistry;
  readonly #clock: Clock;
  readonly #onRead: NodeDirectoryOptions['onRead'];
  #nodes = new Map<string, NodeInfo>();
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | null = null;

  constructor({ registry, clock, onRead }: NodeDirectoryOptions) {
    this.#registry = registry;
    this.#clock = clock;
    this.#onRead = onRead;
  }

  /** Every node known to live. */
  async all(): Promise<NodeInfo[]> {
    await this.#refresh();
    return [...this.#nodes.values()];
  }

  /**
   * What is known of a node without asking. A stale list is good enough to deliver by (a failed delivery is healed by
   * the inbox) and is read anew in the background.
   */
  peek(nodeId: string): NodeInfo | undefined {
    void this.#refresh();
    return this.#nodes.get(nodeId);
  }

  async find(nodeId: string): Promise<NodeInfo | undefined> {
    await this.#refresh(this.#nodes.has(nodeId) ? FRESH_MS : LACKING_MS);
    return this.#nodes.get(nodeId);
  }

  #refresh(freshMs = FRESH_MS): Promise<void> {
    if (this.#reading !== null) return this.#reading;
    if (this.#clock.monotonic() - this.#readAt < freshMs) return Promise.resolve();
    this.#readAt = this.#clock.monotonic();
    this.#reading = this.#registry
      .live()
      .then(
        (nodes) => {
          this.#nodes = new Map(nodes.map((node) => [node.nodeId, node]));
          this.#onRead?.(nodes);
        },
        // Unreachable registry: the last list stands.
        () => {},
      )
      .finally(() => {
        this.#reading = null;
      });
    return this.#reading;
  }
}
