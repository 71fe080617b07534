import type { Clock, NodeInfo } from '@chasqui/domain';
import { sleep } from '@chasqui/kit';
import type { NodeRegistry } from '@chasqui/ports';

const FRESH_MS = 1_000;
/** Maximum age of a list that lacks the requested node: a device may log in on a node that started just now. */
const LACKING_MS = 100;

export interface NodeDirectoryOptions {
  registry: NodeRegistry;
  clock: Clock;
  /** Called with each list read from the registry. */
  onRead?: (nodes: readonly NodeInfo[]) => void;
}

/**
 * The live nodes as last read, so that a delivery needs no look-up and works while the registry is unavailable. A
 * missing node is looked up again at most ten times per second.
 */
export class NodeDirectory {
  readonly #registry: NodeRegistry;
  readonly #clock: Clock;
  readonly #onRead: NodeDirectoryOptions['onRead'];
  #nodes = new Map<string, NodeInfo>();
  #readAt = Number.NEGATIVE_INFINITY;
  #isRead = false;
  #reading: Promise<void> | null = null;

  constructor({ registry, clock, onRead }: NodeDirectoryOptions) {
    this.#registry = registry;
    this.#clock = clock;
    this.#onRead = onRead;
  }

  /** False: the registry was never read, so that there may be nodes that are not known. */
  get isRead(): boolean {
    return this.#isRead;
  }

  /** All nodes known to be live. */
  async all(): Promise<NodeInfo[]> {
    await this.#refresh();
    return [...this.#nodes.values()];
  }

  /**
   * A node as last read, without a look-up. A stale list is sufficient for deliveries (a failed one is healed by the
   * inbox) and is refreshed in the background.
   */
  peek(nodeId: string): NodeInfo | undefined {
    void this.#refresh();
    return this.#nodes.get(nodeId);
  }

  async find(nodeId: string): Promise<NodeInfo | undefined> {
    await this.#refresh(this.#nodes.has(nodeId) ? FRESH_MS : LACKING_MS);
    return this.#nodes.get(nodeId);
  }

  /** A node that `find` did not find: by a list that is read after this call, as soon as one may be. */
  async findLater(nodeId: string): Promise<NodeInfo | undefined> {
    await sleep(this.#clock, Math.max(0, this.#readAt + LACKING_MS - this.#clock.monotonic()));
    return this.find(nodeId);
  }

  #refresh(freshMs = FRESH_MS): Promise<void> {
    if (this.#reading !== null) return this.#reading;
    if (this.#clock.monotonic() - this.#readAt < freshMs) return Promise.resolve();
    this.#readAt = this.#clock.monotonic();
    this.#reading = this.#registry
      .live()
      .then(
        (nodes) => {
          this.#isRead = true;
          this.#nodes = new Map(nodes.map((node) => [node.nodeId, node]));
          this.#onRead?.(nodes);
        },
        // The registry is unavailable: the last list is used.
        () => {},
      )
      .finally(() => {
        this.#reading = null;
      });
    return this.#reading;
  }
}
