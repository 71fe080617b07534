import { actionEvent, actionFrame, type KnownMember, type RoutedDelivery } from '@chasqui/core';
import {
  type ActionEvent,
  actionUpdate,
  defined,
  type MessageAction,
  type Place,
  type Position,
  type StoredMessage,
  type UserId,
} from '@chasqui/domain';
import { RecentMap } from '@chasqui/kit';
import { encodeServerFrame, type ServerFrame } from '@chasqui/protocol';
import type { BatchFeed } from '../announce/batch-feed.ts';
import { namedBy, notifyNamed, whoSees } from '../announce/named-in-edits.ts';
import { toLog } from '../announce/to-log.ts';
import type { BusinessContext, Received } from '../business-context.ts';
import type { ActionRefusal } from './action-rules.ts';

/** How many actions are remembered as announced, twice. */
const MAX_TOLD = 1_000;

export interface RefusedAction {
  event: ActionEvent;
  refusal: ActionRefusal;
}

/** An action that may be done, and its message before and after it. */
export interface DecidedAction extends Received<ActionEvent> {
  action: MessageAction;
  before: StoredMessage;
  after: StoredMessage;
  standing: KnownMember;
}

/** `places`: of its updates in the logs; null: it was done before. */
type DoneAction = DecidedAction & { places: readonly Place[] | null };

/** Says who is told what of actions that the stores have. */
export class ActionNews {
  readonly #context: Pick<BusinessContext, 'router' | 'groups' | 'publisher' | 'clock'>;
  /** Actions that this process has announced: while a batch is retried, nobody is told of them again and again. */
  readonly #told = new RecentMap<string, true>(MAX_TOLD);

  constructor(context: Pick<BusinessContext, 'router' | 'groups' | 'publisher' | 'clock'>) {
    this.#context = context;
  }

  /** In the order of the actions. */
  async tell(round: readonly (DoneAction | RefusedAction)[], feed: BatchFeed): Promise<void> {
    const deliveries = await Promise.all(
      round.map((one) => ('refusal' in one ? [errorOf(one)] : this.#deliveriesOf(one, feed))),
    );
    await this.#context.router.route(deliveries.flat());
    for (const one of round) if (!('refusal' in one)) this.#told.set(nameOf(one), true);
  }

  async #deliveriesOf(one: DoneAction, feed: BatchFeed): Promise<RoutedDelivery[]> {
    const { event, redelivered, action, before, after, places } = one;
    const { conversationId, messageId, audience } = before;
    const isNews = places !== null || redelivered;
    if (isNews) feed.events.add('message.action', () => [actionEvent({ ...action, conversationId, messageId })]);
    const named = isNews ? namedBy(action, before) : [];
    await notifyNamed(this.#context, after, named);
    if (places !== null) return this.#newsOf({ ...one, places }, named);
    // A crash may have preceded the announcement. The positions are not known any more, so devices must sync.
    if (redelivered && this.#told.get(nameOf(one)) === undefined)
      return audience.map((log) => toLog(log, event.by, { type: 'sync_needed' }));
    // A repeat is answered to its session alone: it shows that the action was done.
    return event.action === 'recall' ? [] : [toSession(event, frameOf(action, after, { isShown: true }))];
  }

  /**
   * Not everybody in a group may see the message where newcomers do not see the history: they sync. Whoever is named
   * there is told alone, as their device may not have the group's log.
   */
  async #newsOf(
    { action, after, standing, places }: DecidedAction & { places: readonly Place[] },
    named: readonly UserId[],
  ): Promise<RoutedDelivery[]> {
    const isForAll = standing.group?.settings.history !== 'since_join';
    const frameAt = (position: Position) => frameOf(action, after, { position, isShown: isForAll });
    const deliveries = places.map(({ log, position }) => toLog(log, action.by, frameAt(position)));
    if (isForAll || named.length === 0) return deliveries;
    const frame = encodeServerFrame(frameOf(action, after, { ...places[0], isShown: true }));
    const seeing = await whoSees(this.#context.groups, after, named);
    return [...deliveries, ...seeing.map((userId) => ({ userId, frame }))];
  }
}

function errorOf({ event, refusal: { code, field, message } }: RefusedAction): RoutedDelivery {
  const { ref } = event;
  return toSession(event, { type: 'error', code, message, retry: 'never', field, ...defined({ ref }) });
}

function toSession({ by, nodeId, sessionId }: ActionEvent, frame: ServerFrame): RoutedDelivery {
  return { userId: by, nodeId, onlySession: sessionId, frame: encodeServerFrame(frame) };
}

/** `isShown`: the frame has the content of an edit. */
function frameOf(
  action: MessageAction,
  message: StoredMessage,
  { position, isShown }: { position?: Position; isShown: boolean },
): ServerFrame {
  const frame = actionFrame(actionUpdate(action, message), position, isShown ? message : null);
  return { ...frame, ...(action.action === 'edit' ? { actionId: action.actionId } : {}) };
}

function nameOf({ action: { revision }, before: { messageId } }: DecidedAction): string {
  return `${messageId} ${revision}`;
}
