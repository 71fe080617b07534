import {
  type ConversationState,
  fullState,
  ImError,
  type Position,
  type SparseState,
  type StateChange,
} from '@chasqui/domain';
import type { ServerFrameOf } from '@chasqui/protocol';
import { withResolvers } from '../basics/open-promise.ts';
import { apiCall } from '../connection/api-call.ts';
import type { ConversationKey } from '../conversations/direct.ts';
import { type KeptConversation, withState } from '../conversations/kept-conversation.ts';
import type { Core } from '../core.ts';
import { PART_LIMITS } from '../part-limits.ts';
import type { LogTracker } from '../receiving/log-tracker.ts';
import { OwnState } from './own-state.ts';
import { type SendState, stateSender } from './send-state.ts';
import type { StateHost, StatePart } from './state-part.ts';

/** The user's states of the conversations in memory: changed at once, and back if the server refuses. */
export class ConversationStates implements StatePart {
  readonly calls: StatePart['calls'];
  readonly #core: Core;
  readonly #tracker: LogTracker;
  readonly #send: SendState;
  readonly #own = new WeakMap<KeptConversation, OwnState>();

  constructor({ core, options, tracker, keyOf }: StateHost) {
    this.#core = core;
    this.#tracker = tracker;
    this.#send = options.sendState ?? stateSender(apiCall(options.nodesUrl, options.token));
    this.calls = {
      conversation: (conversation) => withState(core.timeline.view(keyOf(conversation))),
      conversations: () => core.timeline.conversations().map(withState),
      setState: async (conversation, changes) => this.#set(keyOf(conversation), changes),
      giveState: (conversation, state) => this.#given(keyOf(conversation), state),
    };
  }

  #set(key: ConversationKey, changes: StateChange): Promise<ConversationState> {
    const view = this.#core.timeline.view(key);
    if (view.conversationId === '')
      throw new ImError('not_logged_in', 'the conversation has no id before the first login');
    const changed = this.#of(view).add(changes, this.#core.clock.now());
    this.#show(view);
    void this.#sendNext(view);
    return changed;
  }

  /** What the application learned by HTTP. */
  #given(key: ConversationKey, state: SparseState): void {
    const view = this.#core.timeline.view(key);
    this.#of(view).given(fullState(state));
    this.#told(view);
  }

  updated({ conversationId, state, position = 0 }: ServerFrameOf<'conversation_state'>): void {
    const view = this.#core.timeline.of(conversationId);
    this.#of(view).told(fullState(state), position, this.#tracker.epoch);
    this.#told(view);
  }

  /** The user's mark moved, by the update at this position. */
  read(view: KeptConversation, position: Position | undefined): void {
    this.#of(view).read(position);
    this.#told(view);
  }

  async #sendNext(view: KeptConversation): Promise<void> {
    const change = this.#of(view).take();
    if (change === null) return;
    const { userId } = this.#core;
    const { epoch } = this.#tracker;
    try {
      const { state, position } = await this.#inTime(this.#send(view.conversationId, change.changes));
      this.#of(view).ended();
      const now = this.#tracker.epoch;
      // A position of a log that was replaced meanwhile says nothing.
      if (position === undefined || (epoch !== undefined && epoch !== now)) this.#of(view).given(fullState(state));
      else this.#of(view).told(fullState(state), position, now);
      change.resolve(fullState(state));
    } catch (error) {
      this.#of(view).ended();
      change.reject(ImError.from(error, 'connection_closed'));
    }
    // Another user may have logged in meanwhile.
    if (this.#core.userId !== userId) return;
    this.#told(view);
    // A page that is loaded anew must not begin with the draft of what was sent.
    this.#core.durable.flush();
    void this.#sendNext(view);
  }

  #of(view: KeptConversation): OwnState {
    const own = this.#own.get(view) ?? new OwnState(view);
    this.#own.set(view, own);
    return own;
  }

  #told(view: KeptConversation): void {
    this.#core.durable.keeper?.note(view);
    this.#show(view);
  }

  #inTime<T>(answer: Promise<T>): Promise<T> {
    const { clock, limits } = this.#core;
    const { stateTimeoutMs } = { ...PART_LIMITS, ...limits };
    const { promise, resolve, reject } = withResolvers<T>();
    const late = () => reject(new ImError('deadline_exceeded', 'the change of a conversation state was not answered'));
    const timer = clock.after(stateTimeoutMs, late);
    answer.then(resolve, reject).finally(() => timer.cancel());
    return promise;
  }

  #show(view: KeptConversation): void {
    const state = this.#of(view).shown();
    if (JSON.stringify(state) === JSON.stringify(withState(view).state)) return;
    view.state = state;
    const { conversationId, peer } = view;
    this.#core.emitter.emit('conversation_state', { conversationId, peer, state });
  }
}
