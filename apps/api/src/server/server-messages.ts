import type { NodeDirectory } from '@chasqui/core';
import { hash32, ImError, type NodeInfo, SYSTEM_USER, type UserId } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { RevocationStore, SendFault, SendLink, SendOutcome, ServerMessage } from '@chasqui/ports';

export interface ServerMessagesOptions {
  revocations: Pick<RevocationStore, 'disabled'>;
  directory: Pick<NodeDirectory, 'all'>;
  sends: Pick<SendLink, 'send'>;
  logger: Logger;
}

/** Nodes that are tried for one message. */
const MAX_NODES = 3;

/**
 * Hands messages of the server API to Connect nodes. A sender's messages go to one node as long as it lives, so that
 * their ids rise from call to call (C5). If a node is away, the next one is tried: a resend is safe (C4).
 */
export class ServerMessages {
  readonly #options: ServerMessagesOptions;

  constructor(options: ServerMessagesOptions) {
    this.#options = options;
  }

  /** The outcomes, in order. Errors: `store_unavailable`. */
  async send(messages: readonly ServerMessage[]): Promise<SendOutcome[]> {
    const senders = Map.groupBy(messages, ({ from }) => from);
    const froms = [...senders.keys()];
    const disabled = await this.#options.revocations.disabled(froms);
    const outcomes = new Map<ServerMessage, SendOutcome>();
    await Promise.all(
      froms.map(async (from, index) => {
        const own = senders.get(from) ?? [];
        const isDisabled = from !== SYSTEM_USER && disabled[index] !== null;
        const made = isDisabled ? own.map(() => DISABLED) : await this.#sendAll(from, own);
        for (const [place, message] of own.entries()) outcomes.set(message, made[place] ?? NO_NODE);
      }),
    );
    return messages.map((message) => outcomes.get(message) ?? NO_NODE);
  }

  async #sendAll(from: UserId, messages: readonly ServerMessage[]): Promise<SendOutcome[]> {
    const { sends, logger } = this.#options;
    let outcomes: SendOutcome[] = messages.map(() => NO_NODE);
    for (const node of (await this.#nodesFor(from)).slice(0, MAX_NODES)) {
      try {
        outcomes = await sends.send(node, messages);
        if (!outcomes.every(isDraining)) return outcomes;
      } catch (error) {
        logger.warn({ err: error, node: node.nodeId }, 'a node could not send messages of the server API');
      }
    }
    return outcomes;
  }

  /** Live nodes, in an order of the sender's own that changes as little as possible when nodes come and go. */
  async #nodesFor(from: UserId): Promise<NodeInfo[]> {
    const live = (await this.#options.directory.all()).filter(({ draining }) => !draining);
    const rank = ({ nodeId }: NodeInfo) => hash32(`${from} ${nodeId}`);
    return live.sort((a, b) => rank(b) - rank(a));
  }
}

function isDraining(outcome: SendOutcome): boolean {
  return 'error' in outcome && outcome.error.code === 'node_draining';
}

/** The error of a call for one message. */
export function sendError({ code, message, field, retryAfterMs }: SendFault): ImError {
  return new ImError(code, message, {
    ...(field === undefined ? {} : { field }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

const NO_NODE: SendOutcome = {
  error: { code: 'peer_unavailable', message: 'no node is there to send it: send it again', retryAfterMs: 500 },
};

const DISABLED: SendOutcome = { error: { code: 'forbidden', message: 'this user is disabled', field: 'from' } };
