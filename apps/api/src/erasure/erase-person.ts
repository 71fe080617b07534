import { DEFAULT_STATE, defined, type UserId } from '@chasqui/domain';
import type { ApiContext } from '../context.ts';
import { disableUser } from '../people/disable-user.ts';

/** What is removed in one call. */
const CHUNK = 500;

export type PersonContext = Pick<
  ApiContext,
  | 'users'
  | 'profiles'
  | 'logins'
  | 'contacts'
  | 'blocks'
  | 'moments'
  | 'attachments'
  | 'momentReplies'
  | 'conversationStates'
  | 'unreadCache'
  | 'revocations'
  | 'sessionEnder'
  | 'clock'
  | 'userEvents'
>;

/** Runs before each step: throws if somebody else is to go on. */
export type StepGuard = () => Promise<void>;

/**
 * Ends a user's sessions for good and removes who they are: account, log-ins, devices with their push tokens, profile,
 * contacts, blocks of theirs, moments, attachments that they have not sent, likes, comments and conversation states. May be repeated.
 */
export async function erasePerson(context: PersonContext, userId: UserId, goOn: StepGuard): Promise<void> {
  const { users, profiles, logins, momentReplies, attachments, unreadCache } = context;
  // Tokens are refused first, so that nothing new is made of the user.
  await disableUser(context, userId);
  await users.erase(userId);
  await logins.endAll(userId);
  await profiles.remove(userId);
  await attachments.abandon(userId, 'all');
  for (const remove of [endRelations, removeMoments, resetStates]) {
    await goOn();
    await remove(context, userId);
  }
  await goOn();
  while ((await momentReplies.removeOf(userId, CHUNK)) === CHUNK) await goOn();
  await unreadCache.drop(userId);
}

async function endRelations({ contacts, blocks }: PersonContext, userId: UserId): Promise<void> {
  for (;;) {
    const page = await contacts.list(userId, { limit: CHUNK });
    for (const contact of page) await contacts.remove(userId, contact.other);
    if (page.length < CHUNK) break;
  }
  for (;;) {
    const page = await blocks.list(userId, { limit: CHUNK });
    for (const block of page) await blocks.unblock(userId, block.other);
    if (page.length < CHUNK) break;
  }
}

async function removeMoments({ moments }: PersonContext, userId: UserId): Promise<void> {
  for (;;) {
    const page = await moments.page(userId, [userId], { limit: CHUNK });
    for (const { momentId } of page) await moments.remove(userId, momentId);
    if (page.length < CHUNK) break;
  }
}

/** What a user cleared stays cleared: it only moves forward, and holds no more than a message's id. */
async function resetStates({ conversationStates, clock }: PersonContext, userId: UserId): Promise<void> {
  const { clearedUpTo: _, changedAt: __, ...initial } = DEFAULT_STATE;
  for (let after: string | undefined; ; ) {
    const page = await conversationStates.of(userId, { limit: CHUNK, ...defined({ after }) });
    for (const { conversationId } of page) {
      await conversationStates.change({ userId, conversationId }, initial, clock.now());
    }
    after = page.at(-1)?.conversationId;
    if (page.length < CHUNK) break;
  }
  while ((await conversationStates.dropHidden(userId, CHUNK)) === CHUNK);
}
