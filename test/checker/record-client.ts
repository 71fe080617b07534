import type { ChatMessage, Client, ConversationName } from '@chasqui/client';
import { defined, directConversation, type ForwardRequest, ImError, type Mentions } from '@chasqui/domain';
import type { History } from './history.ts';
import { type DeviceName, type Identity, identityOf, type ViewItem } from './records.ts';

export interface RecordedClient {
  user: string;
  device: DeviceName;
  /** The number of the run of the device's program. */
  run: number;
}

/** The content of a conversation's screen. */
export function viewOf(client: Client, conversation: ConversationName): ViewItem[] {
  return client.conversation(conversation).messages.map(itemOf);
}

/** Interns equal items, which views share: there are many views, and each holds a whole screen. */
class SharedItems {
  readonly #items = new Map<string, ViewItem>();

  share(item: ViewItem): ViewItem {
    const key = `${item.identity} ${item.messageId} ${item.state} ${item.provisional}`;
    const known = this.#items.get(key);
    if (known !== undefined) return known;
    this.#items.set(key, item);
    return item;
  }
}

function itemOf({ from, clientMessageId, messageId, state, mine, provisional }: ChatMessage): ViewItem {
  return { identity: identityOf(from, clientMessageId), messageId, state, mine, provisional };
}

/** Records what a client shows from now on. */
export function recordClient(client: Client, history: History, { user, device, run }: RecordedClient): void {
  /** For `retract`, which may name a message that is no longer in memory. */
  const identities = new Map<string, Identity>();
  const shared = new SharedItems();
  /** An earlier run of the program may have shown the retracted message. */
  const shownEarlier = (messageId: string) =>
    history.of('shown').findLast((shown) => shown.device === device && shown.messageId === messageId)?.identity;
  const viewed = ({ peer, conversationId }: { peer: string; conversationId: string }) => {
    const name = peer === '' ? conversationId : directConversation(user, peer);
    // Before the first login a direct conversation is named by its peer alone.
    const items = viewOf(client, peer === '' ? { conversationId: name, peer } : peer).map((item) => shared.share(item));
    for (const { identity, messageId } of items) identities.set(messageId, identity);
    history.add({ type: 'viewed', device, run, conversationId: name, items });
  };
  client.on('message', ({ message }) => {
    const { messageId, provisional } = message;
    const { identity } = itemOf(message);
    history.add({ type: 'shown', device, run, identity, messageId, provisional });
    viewed(message);
  });
  client.on('update', ({ message }) => viewed(message));
  client.on('retract', ({ peer, conversationId, messageId, message }) => {
    const identity =
      message === undefined ? (identities.get(messageId) ?? shownEarlier(messageId)) : itemOf(message).identity;
    if (identity !== undefined) history.add({ type: 'retracted', device, run, identity });
    viewed({ peer, conversationId });
  });
  client.on('receipt', ({ peer, state, messageIds, upTo }) => {
    const conversationId = directConversation(user, peer);
    history.add({
      type: 'receipt',
      device,
      conversationId,
      state,
      messageIds,
      ...defined({ upTo }),
    });
  });
}

/** `to`: the receiver, or the group if `isGroup`. */
export interface Draft {
  to: string;
  isGroup?: boolean;
  text: string;
  mentions?: Mentions;
  /** Forwards this message, of which the device shows `text`. */
  forwardOf?: ForwardRequest;
}

/** Sends a message as the user of a recorded client, and records its outcome. */
export function submit(
  client: Client,
  history: History,
  { user, device }: RecordedClient,
  { to, isGroup = false, text, mentions, forwardOf }: Draft,
): string {
  const name = isGroup ? { conversationId: to } : to;
  const question = client.conversation(name).messages.findLast(({ mine }) => !mine);
  const address = isGroup ? { conversationId: to } : { to };
  const more = defined({ mentions, forwardOf });
  const { clientMessageId, queued } = client.send({ ...address, content: { text }, ...more });
  const identity = identityOf(user, clientMessageId);
  history.add({
    type: 'submitted',
    device,
    identity,
    to,
    text,
    ...more,
    ...(question === undefined || question.messageId === ''
      ? {}
      : {
          answers: {
            identity: itemOf(question).identity,
            messageId: question.messageId,
            provisional: question.provisional,
          },
        }),
  });
  queued.catch((error: unknown) => {
    if (error instanceof ImError && error.retry === 'never') {
      history.add({ type: 'refused', device, identity, text, code: error.code });
    }
  });
  return clientMessageId;
}
