import {
  type ConversationState,
  fullState,
  ImError,
  type Position,
  type SparseState,
  type StateChange,
} from '@chasqui/domain';
import type { ServerFrameOf } from '@chasqui/protocol';
import type { KeptConversation } from './conversation-view.ts';
import type { Core } from './core.ts';
import type { ConversationKey } from './direct.ts';
import type { LogTracker } from './log-tracker.ts';
import { withResolvers } from './open-promise.ts';
import type { SendState } from './send-state.ts';

/** The user's states of the conversations in memory: changed at once, and back if the server refuses. */
export class ConversationStates {
  readonly #core: Core;
  readonly #tracker: LogTracker;
  readonly #send: SendState;

  constructor(core: Core, tracker: LogTracker, send: SendState) {
    this.#core = core;
    this.#tracker = tracker;
    this.#send = send;
  }

  async set(key: ConversationKey, changes: StateChange): Promise<ConversationState> {
    const view = this.#core.timeline.view(key);
    if (view.conversationId === '')
      throw new ImError('not_logged_in', 'the conversation has no id before the first login');
    const changed = view.own.add(changes, this.#core.clock.now());
    this.#show(view);
    void this.#sendNext(view);
    return changed;
  }

  /** What the application learned by HTTP. */
  given(key: ConversationKey, state: SparseState): void {
    const view = this.#core.timeline.view(key);
    view.own.given(fullState(state));
    this.#told(view);
  }

  updated({ conversationId, state, position = 0 }: ServerFrameOf<'conversation_state'>): void {
    const view = this.#core.timeline.of(conversationId);
    view.own.told(fullState(state), position, this.#tracker.epoch);
    this.#told(view);
  }

  /** The user's mark moved, by the update at this position. */
  read(view: KeptConversation, position: Position | undefined): void {
    view.own.read(position);
    this.#told(view);
  }

  async #sendNext(view: KeptConversation): Promise<void> {
    const change = view.own.take();
    if (change === null) return;
    const { userId } = this.#core;
    const { epoch } = this.#tracker;
    try {
      const { state, position } = await this.#inTime(this.#send(view.conversationId, change.changes));
      view.own.ended();
      const now = this.#tracker.epoch;
      // A position of a log that was replaced meanwhile says nothing.
      if (position === undefined || (epoch !== undefined && epoch !== now)) view.own.given(fullState(state));
      else view.own.told(fullState(state), position, now);
      change.resolve(fullState(state));
    } catch (error) {
      view.own.ended();
      change.reject(ImError.from(error, 'connection_closed'));
    }
    // Another user may have logged in meanwhile.
    if (this.#core.userId !== userId) return;
    this.#told(view);
    void this.#sendNext(view);
  }

  #told(view: KeptConversation): void {
    this.#core.durable.keeper?.note(view);
    this.#show(view);
  }

  #inTime<T>(answer: Promise<T>): Promise<T> {
    const { clock, limits } = this.#core;
    const { promise, resolve, reject } = withResolvers<T>();
    const late = () => reject(new ImError('deadline_exceeded', 'the change of a conversation state was not answered'));
    const timer = clock.after(limits.stateTimeoutMs, late);
    answer.then(resolve, reject).finally(() => timer.cancel());
    return promise;
  }

  #show(view: KeptConversation): void {
    const state = view.own.shown();
    if (JSON.stringify(state) === JSON.stringify(view.state)) return;
    view.state = state;
    const { conversationId, peer } = view;
    this.#core.emitter.emit('conversation_state', { conversationId, peer, state });
  }
}
