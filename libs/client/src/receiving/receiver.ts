import { type ConversationId, defined, ImError, isGroupId, type MessageId, type Position } from '@chasqui/domain';
import type { ServerFrameOf, UpdateFrame } from '@chasqui/protocol';
import { type ChatMessage, identityOf, stateRank } from '../conversations/chat-message.ts';
import { keyOfId, peerIn } from '../conversations/direct.ts';
import type { Shown } from '../conversations/shown-messages.ts';
import type { Core } from '../core.ts';
import type { LogTracker } from './log-tracker.ts';

export interface ReceiverHandlers {
  /** The user's mark moved up to there. */
  read?(frame: ServerFrameOf<'read'>): void;
  recalled?(messageId: MessageId): void;
  /** A provisional message was not stored, and is no longer shown. */
  dropped?(messageId: MessageId): void;
  /** Something happened in a group, or became of the user in one. Once per update. */
  happened(frame: ServerFrameOf<'notice' | 'membership'>): void;
  conversationState?(frame: ServerFrameOf<'conversation_state'>): void;
  /** Asks for a `delivered` ack of this live message. */
  ack?(frame: ServerFrameOf<'chat'>): void;
  /** A live frame revealed that something may be missing. `soon`: it is not a mere gap, which may close by itself. */
  missing(soon: boolean): void;
  /** The position moved, or a message was shown: this must be persisted. */
  moved(): void;
  /** A provisional message was shown. */
  provisional(): void;
}

/** Handles the updates of one log, live or from a sync page, and shows each message exactly once (C6). */
export class Receiver {
  readonly #core: Core;
  readonly #tracker: LogTracker;
  readonly #handlers: ReceiverHandlers;
  readonly #group: ConversationId | null;

  /** `group`: whose log it is; null: the inbox. */
  constructor(core: Core, tracker: LogTracker, handlers: ReceiverHandlers, group: ConversationId | null = null) {
    this.#core = core;
    this.#tracker = tracker;
    this.#handlers = handlers;
    this.#group = group;
  }

  /** A frame that the server pushed. */
  live(frame: UpdateFrame): void {
    if (frame.type === 'chat' && !this.#hasRoomFor(frame)) {
      this.#leave(frame);
      return;
    }
    this.#apply(frame, true);
    if (frame.position !== undefined && this.#tracker.have(frame.position) === 'ahead') this.#handlers.missing(false);
    this.#handlers.moved();
  }

  /** One update of a sync page. An invalid one is reported and skipped. */
  synced(update: UpdateFrame): void {
    try {
      this.#apply(update, false);
      if (update.position !== undefined) this.#tracker.have(update.position);
    } catch (error) {
      this.#core.emitter.emit('error', ImError.from(error));
    }
  }

  /** The server has appended a message to the log at a position. */
  stored({
    messageId,
    position,
    replaces,
  }: Pick<ServerFrameOf<'stored'>, 'messageId' | 'position' | 'replaces'>): void {
    const { shown } = this.#core;
    const entry = (replaces === undefined ? undefined : shown.findId(replaces)) ?? shown.findId(messageId);
    if (entry === undefined || this.#needsContent(entry, messageId)) {
      const known = this.#tracker.lack(position, messageId) === 'old';
      this.#handlers.missing(known);
      return;
    }
    const unconfirmed = entry.position === null;
    this.#confirm(entry, messageId, position);
    if (this.#tracker.have(position) === 'ahead') this.#handlers.missing(false);
    else if (unconfirmed && this.#tracker.position > position) this.#handlers.missing(true);
    this.#handlers.moved();
  }

  /** The sender's node could not queue the message in time. A message that turns out to be stored stays. */
  retract({ messageId }: ServerFrameOf<'retract'>): void {
    const entry = this.#core.shown.findId(messageId);
    if (entry?.position === null && !this.#hasReceipt(entry)) this.#drop(entry, messageId);
    this.#handlers.moved();
  }

  /** A receipt proves that the message is stored, before the inbox does. */
  #hasReceipt({ conversation, ids: [key = ''] }: Shown): boolean {
    const message = this.#core.timeline.view(conversation).find(key);
    return message?.mine === true && stateRank(message.state) > stateRank('stored');
  }

  /**
   * Drops messages that a caught-up sync did not confirm: those from an earlier connection (their `retract` may be
   * lost) and those that wait too long. Returns the ms until the next one is due; Infinity: none is left.
   */
  dropUnconfirmed(): number {
    const { clock, limits, shown, connection } = this.#core;
    let next = Number.POSITIVE_INFINITY;
    for (const entry of shown.provisional(this.#group)) {
      const grace = entry.connection === connection ? limits.provisionalGraceMs : limits.earlierGraceMs;
      // A clock that was set back must not prolong the wait.
      entry.at = Math.min(entry.at, clock.now());
      const left = entry.at + grace - clock.now();
      if (left > 0) next = Math.min(next, left);
      else this.#dropAll(entry);
    }
    this.#handlers.moved();
    return next;
  }

  #apply(frame: UpdateFrame, live: boolean): void {
    const { conversationId = '' } = frame as { conversationId?: ConversationId };
    if (this.#core.groups === undefined && isGroupId(conversationId)) return;
    if (frame.type === 'chat') this.#chat(frame, live);
    else if (frame.type === 'moment') this.#moment(frame);
    else if (frame.type === 'notice' || frame.type === 'membership') this.#happened(frame);
    else if (frame.type === 'conversation_state') this.#handlers.conversationState?.(frame);
    else if (frame.type === 'action') this.#core.actions?.told(frame);
    else this.#event(frame);
  }

  /** An update that came live is repeated by a sync that was in flight. */
  #moment({ type: _, position, ...moment }: ServerFrameOf<'moment'>): void {
    if (position === undefined || !this.#tracker.has(position)) this.#core.emitter.emit('moment', moment);
  }

  #happened(frame: ServerFrameOf<'notice' | 'membership'>): void {
    if (frame.position === undefined || !this.#tracker.has(frame.position)) this.#handlers.happened(frame);
  }

  #hasRoomFor({ from, clientMessageId, position }: ServerFrameOf<'chat'>): boolean {
    const { shown } = this.#core;
    return shown.hasRoom || position === this.#tracker.position + 1 || shown.find(from, clientMessageId) !== undefined;
  }

  /** There is no room for the message now: the inbox will bring it. */
  #leave({ messageId, position }: ServerFrameOf<'chat'>): void {
    if (position === undefined) return;
    this.#tracker.lack(position, messageId);
    this.#handlers.missing(false);
  }

  /** Updates of a type that this version does not know are ignored. */
  #event(frame: Extract<UpdateFrame, { type: 'receipt' | 'read' | 'recall' | 'hidden' }>): void {
    const { timeline, emitter, durable, userId } = this.#core;
    const { type, conversationId, at } = frame;
    const event = () => ({ conversationId, peer: peerIn(userId, conversationId), at });
    if (type === 'receipt') {
      const { state, messageIds = [], upTo } = frame;
      const receipt = { ...event(), state, messageIds, ...defined({ upTo }) };
      timeline.receipt(keyOfId(conversationId), state, messageIds, upTo);
      if (upTo !== undefined) durable.keeper?.note(timeline.of(conversationId));
      this.#core.sender.receipt(frame);
      emitter.emit('receipt', receipt);
    } else if (type === 'read') {
      const { upTo } = frame;
      const read = { ...event(), upTo };
      const view = timeline.of(conversationId);
      this.#handlers.read?.(frame);
      if (upTo <= view.readUpTo) return;
      view.readUpTo = upTo;
      durable.keeper?.note(view);
      emitter.emit('read', read);
    } else if (type === 'hidden') {
      for (const messageId of frame.messageIds) timeline.hide(keyOfId(conversationId), messageId);
    } else if (type === 'recall') {
      const { messageId, by } = frame;
      const recall = { ...event(), messageId, by };
      timeline.recall(keyOfId(conversationId), messageId, { content: {}, recalledAt: at, recalledBy: by });
      this.#core.recalls?.done(messageId);
      this.#handlers.recalled?.(messageId);
      emitter.emit('recall', recall);
    }
  }

  #chat(frame: ServerFrameOf<'chat'>, live: boolean): void {
    const { shown, sender, timeline } = this.#core;
    // A hidden message is not shown, and an own one is known to be stored.
    if (frame.hidden || timeline.isHidden(frame) || sender.isUnstored(frame)) {
      sender.cameBack(frame);
      const conversation = keyOfId(frame.conversationId);
      if (frame.hidden && timeline.view(conversation).find(frame.messageId))
        timeline.hide(conversation, frame.messageId);
      return;
    }
    const entry = shown.find(frame.from, frame.clientMessageId);
    if (entry !== undefined) this.#again(entry, frame);
    else this.#show(frame);
    if (live && frame.from !== this.#core.userId) this.#handlers.ack?.(frame);
    const position = this.#tracker.found(frame.messageId);
    if (position === undefined) return;
    const found = shown.find(frame.from, frame.clientMessageId);
    if (found !== undefined && !this.#confirm(found, frame.messageId, position)) {
      this.#core.timeline.place(this.#message({ ...frame, position }));
    }
    this.#tracker.have(position);
  }

  #show(frame: ServerFrameOf<'chat'>): void {
    const { shown, clock, connection, timeline } = this.#core;
    const { position = null } = frame;
    const message = this.#message(frame);
    const identity = identityOf(frame.from, frame.clientMessageId);
    const conversation = keyOfId(frame.conversationId);
    shown.add({ identity, conversation, ids: [frame.messageId], position, connection, at: clock.now() });
    if (position === null) this.#handlers.provisional();
    timeline.show(message);
  }

  /** The message was shown before: its confirmation, state or id may be new. */
  #again(entry: Shown, frame: ServerFrameOf<'chat'>): void {
    const { shown, timeline } = this.#core;
    if (frame.position === undefined) {
      if (entry.position === null) shown.alias(entry, frame.messageId);
      return;
    }
    const message = this.#message(frame);
    const { content, state, recalledAt, recalledBy } = message;
    if (!this.#confirm(entry, frame.messageId, frame.position)) timeline.place(message);
    else {
      const recall = { recalledAt, recalledBy, content: recalledAt ? content : undefined };
      timeline.change(entry.conversation, message.sortKey, { state, ...defined(recall) });
    }
  }

  /**
   * The log has the message here. Also one that the log before a reset had: what was kept of that one is removed. Returns
   * false if the message is not in memory, and so not kept yet.
   */
  #confirm(entry: Shown, messageId: MessageId, position: Position): boolean {
    const { shown, timeline } = this.#core;
    const [key = messageId] = entry.ids;
    if (shown.confirm(entry, messageId, position)) {
      timeline.change(entry.conversation, key, { messageId, provisional: false });
    }
    return timeline.keep(entry.conversation, messageId);
  }

  #drop(entry: Shown, messageId: MessageId): void {
    const { shown, timeline } = this.#core;
    const [key = messageId, second] = entry.ids;
    const isKept = second !== undefined && timeline.view(entry.conversation).find(key) !== undefined;
    if (!isKept) {
      this.#dropAll(entry);
      return;
    }
    shown.retract(entry, messageId);
    timeline.change(entry.conversation, key, { messageId: entry.ids[0] ?? key });
  }

  #dropAll(entry: Shown): void {
    this.#core.shown.forget(entry);
    const [key] = entry.ids;
    if (key === undefined) return;
    this.#core.timeline.retract(entry.conversation, key);
    this.#handlers.dropped?.(key);
  }

  /**
   * The message is not in memory, for example because it was shown before a restart. Only the log has the content: for the
   * `update` event if its id is another one, and for the database.
   */
  #needsContent({ conversation, ids: [key] }: Shown, messageId: MessageId): boolean {
    const { timeline, durable } = this.#core;
    if (key === undefined || (key === messageId && durable.keeper === undefined)) return false;
    return timeline.view(conversation).find(key) === undefined;
  }

  #message(frame: ServerFrameOf<'chat'>): ChatMessage {
    const { type: _, fromDevice: __, to: ___, kind: ____, quoted: _____, ...fields } = frame;
    const { content = {}, position, status, ...shown } = fields;
    return {
      ...shown,
      content,
      sortKey: frame.messageId,
      peer: peerIn(this.#core.userId, frame.conversationId),
      mine: frame.from === this.#core.userId,
      state: status ?? 'stored',
      provisional: position === undefined,
    };
  }
}
