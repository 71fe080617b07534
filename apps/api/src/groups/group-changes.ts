import { createHash, randomUUID } from 'node:crypto';
import { type ConversationAccess, EventPublisher, groupEventFormat, type MembershipNotices } from '@chasqui/core';
import {
  type AddingTerms,
  type ChangeName,
  type ChangeOutcome,
  type Clock,
  CONVERSATION_TOPIC,
  type ConversationId,
  concernedBy,
  defined,
  type GroupChange,
  ImError,
  type Limits,
  publicIdOf,
  type UserId,
} from '@chasqui/domain';
import { sleep } from '@chasqui/kit';
import type { AttachmentStore, ErasureStore, GroupStore, MessageBus } from '@chasqui/ports';
import { erasedAmong } from '../people/erased-among.ts';
import { mustBeOwnPicture } from '../people/own-picture.ts';

export type AppliedOutcome = Extract<ChangeOutcome, { result: 'applied' }>;
/** A change as a user asks for it. */
export type AskedChange = {
  [N in ChangeName]: Pick<GroupChange<N>, 'change' | 'conversationId' | 'details'>;
}[ChangeName];

export interface Asker {
  by: UserId;
  /** The idempotency key of the call; absent: the call is never repeated. */
  key: string | undefined;
  /** The rate is that of the caller's API key, or of an administrator. */
  isServer?: boolean;
}

export interface GroupChangesOptions {
  bus: MessageBus;
  groups: Pick<GroupStore, 'outcome' | 'groups'>;
  attachments: Pick<AttachmentStore, 'pictured'>;
  erasures: Pick<ErasureStore, 'get'>;
  access: Pick<ConversationAccess, 'mustBelong'>;
  notices: Pick<MembershipNotices, 'tell'>;
  /** Errors: `too_fast`. */
  throttle(by: UserId): Promise<void>;
  clock: Clock;
  limits: Limits;
  nodeId: string;
}

/** Pauses between look-ups of an outcome, in ms; the last one repeats. */
const PAUSES_MS = [2, 4, 8, 16, 32, 50];
/** Calls of one process that await their outcome. More: `overloaded`. */
const MAX_WAITING = 1_000;
/** Changes that those who are not members may ask for. */
const OPEN_TO_ALL: ReadonlySet<ChangeName> = new Set(['create', 'join']);

/**
 * Makes changes of groups. They are decided in the order of the group's log, so a change goes to the group's shard and
 * its outcome is awaited from the store. A call returns once no node acts on the former members any more (C20).
 */
export class GroupChanges {
  readonly #options: GroupChangesOptions;
  readonly #publisher: EventPublisher;
  #waiting = 0;

  constructor(options: GroupChangesOptions) {
    this.#options = options;
    this.#publisher = new EventPublisher(options);
  }

  /**
   * `terms`: of those who are added; asked for once, so that a repeat is answered as the first time whatever they are then.
   * Errors: theirs; `attachment_invalid` for a picture that is not the asker's; why the change is refused; `not_a_member`; `user_erased` for those who would join; `change_id_reused` if the key came with another change;
   * `deadline_exceeded`, `bus_unavailable`, `store_unavailable`: ask again with the same key.
   */
  async apply(
    asked: AskedChange,
    { by, key = randomUUID(), isServer = false }: Asker,
    terms?: () => Promise<AddingTerms>,
  ): Promise<AppliedOutcome> {
    const { clock, limits, notices } = this.#options;
    const until = clock.monotonic() + limits.groupChangeDeadlineMs;
    // The table of changes pairs each name with its details.
    const change = { ...asked, by, changeId: key, at: clock.now() } as GroupChange;
    const outcome = await this.#outcome(change, until, { isServer, ...defined({ terms }) });
    if (outcome.result === 'conflict') {
      throw new ImError('change_id_reused', 'this key came with another change before: use a new one', {
        field: 'idempotency-key',
      });
    }
    if (outcome.result === 'refused') throw new ImError(outcome.code, outcome.message, { field: outcome.field });
    // Also those whom a repeat under another key changed no more: a node may not have learnt of them then.
    await notices.tell(change.conversationId, concernedBy(change).users, until - clock.monotonic());
    return outcome;
  }

  async #outcome(
    change: GroupChange,
    until: number,
    { isServer, terms }: { isServer: boolean; terms?: () => Promise<AddingTerms> },
  ): Promise<ChangeOutcome> {
    const { groups, access, throttle } = this.#options;
    const known = await groups.outcome(change);
    if (known !== null) return known;
    if (!isServer) await throttle(change.by);
    if (!OPEN_TO_ALL.has(change.change)) await access.mustBelong(change.conversationId, change.by);
    if (this.#waiting >= MAX_WAITING) throw new ImError('overloaded', 'too many changes of groups wait here');
    this.#waiting++;
    try {
      await this.#mustNotBeErased(change);
      await this.#mustHaveOwnPicture(change);
      if (terms === undefined) return await this.#decided(change, until);
      const details = { ...change.details, ...(await terms()) };
      return await this.#decided({ ...change, details } as GroupChange, until);
    } finally {
      this.#waiting--;
    }
  }

  /** A picture that the group has already is not asked about. */
  async #mustHaveOwnPicture({ conversationId, by, details }: GroupChange): Promise<void> {
    const { picture } = details as { picture?: string };
    if (picture === undefined || publicIdOf(picture) === null) return;
    const [group = null] = await this.#options.groups.groups([conversationId]);
    if (group?.picture !== picture) await mustBeOwnPicture(this.#options, by, { picture, field: 'picture' });
  }

  /** Also whoever waits for approval since before: the id stays taken, and nobody will ever answer to it. */
  async #mustNotBeErased(change: GroupChange): Promise<void> {
    const { newcomers } = concernedBy(change);
    const [erased] = await erasedAmong(this.#options.erasures, newcomers);
    if (erased === undefined) return;
    const field = 'members' in change.details ? 'members' : 'users';
    throw new ImError('user_erased', `${erased} was erased`, { field });
  }

  async #decided(change: GroupChange, until: number): Promise<ChangeOutcome> {
    const { groups, clock, nodeId } = this.#options;
    await this.#publisher.publish(CONVERSATION_TOPIC, change.conversationId, {
      ...{ type: 'group', v: groupEventFormat(change), change, nodeId },
    });
    for (let look = 0; clock.monotonic() < until; look++) {
      await sleep(clock, PAUSES_MS[look] ?? PAUSES_MS.at(-1) ?? 0);
      const outcome = await groups.outcome(change);
      if (outcome !== null) return outcome;
    }
    throw new ImError('deadline_exceeded', 'the change is not applied yet: ask again with the same key');
  }
}

/** An id that a repeat with the same key gets again. It begins with no `-`, which would make it an option of commands. */
export function newGroupId({ by, key = randomUUID() }: Asker): ConversationId {
  return createHash('sha256').update(`${by} ${key}`).digest('base64url').slice(0, 22).replace(/^-/, '_');
}
