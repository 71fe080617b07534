import { type Block, type Contact, ImError, PEOPLE_LIMITS, type UserId } from '@chasqui/domain';
import type { BlockStore, ContactStore, RelationPage } from '@chasqui/ports';

type Sides<T> = Map<UserId, Map<UserId, T>>;

function pageOf<T extends { other: UserId }>(
  sides: ReadonlyMap<UserId, T> | undefined,
  { after, limit }: RelationPage,
  matches: (one: T) => boolean,
): T[] {
  const rows = [...(sides?.values() ?? [])].filter((one) => (after === undefined || one.other > after) && matches(one));
  return structuredClone(rows.sort((a, b) => (a.other < b.other ? -1 : 1)).slice(0, limit));
}

function sidesOf<T>(all: Sides<T>, userId: UserId): Map<UserId, T> {
  const known = all.get(userId) ?? new Map<UserId, T>();
  all.set(userId, known);
  return known;
}

function mustFit(size: number, bound: number, what: string): void {
  if (size >= bound) throw new ImError('limit_reached', `${what}: at most ${bound}`);
}

function part(contacts: Sides<Contact>, userId: UserId, other: UserId): void {
  contacts.get(userId)?.delete(other);
  contacts.get(other)?.delete(userId);
}

/** Contacts and blocks in memory, on one state, for tests and simulations. */
export function createMemoryRelations(): { contacts: ContactStore; blocks: BlockStore } {
  const contacts: Sides<Contact> = new Map();
  const blocks: Sides<Block> = new Map();
  return { contacts: contactStore(contacts, blocks), blocks: blockStore(contacts, blocks) };
}

function contactStore(contacts: Sides<Contact>, blocks: Sides<Block>): ContactStore {
  const stateOf = (userId: UserId, other: UserId) => contacts.get(userId)?.get(other)?.state ?? null;
  const isBlocked = (userId: UserId, other: UserId) => blocks.get(userId)?.has(other) ?? false;
  const set = (userId: UserId, other: UserId, state: Contact['state'], at: number): void => {
    sidesOf(contacts, userId).set(other, { userId, other, state, at });
  };
  const incomingOf = (userId: UserId): Contact[] =>
    [...(contacts.get(userId)?.values() ?? [])].filter(({ state }) => state === 'incoming');
  const mustHaveRoom = (userId: UserId): void => {
    const own = (contacts.get(userId)?.size ?? 0) - incomingOf(userId).length;
    mustFit(own, PEOPLE_LIMITS.maxContactsPerUser, 'your contacts');
  };
  const join = (userId: UserId, other: UserId, at: number): void => {
    mustHaveRoom(userId);
    set(userId, other, 'contact', at);
    set(other, userId, 'contact', at);
  };
  return {
    async request(userId, other, at) {
      if (isBlocked(userId, other) || isBlocked(other, userId)) return 'blocked';
      const state = stateOf(userId, other);
      if (state === 'incoming') join(userId, other, at);
      if (state !== null) return state === 'incoming' ? 'contact' : state;
      mustHaveRoom(userId);
      const waiting = incomingOf(other).sort((a, b) => a.at - b.at);
      const [longest] = waiting;
      if (longest !== undefined && waiting.length >= PEOPLE_LIMITS.maxIncomingRequests)
        part(contacts, other, longest.other);
      set(userId, other, 'outgoing', at);
      set(other, userId, 'incoming', at);
      return 'outgoing';
    },
    async accept(userId, other, at) {
      if (stateOf(userId, other) !== 'incoming') return false;
      join(userId, other, at);
      return true;
    },
    async remove(userId, other, only) {
      const state = stateOf(userId, other);
      if (state === null || (only !== undefined && state !== only)) return null;
      part(contacts, userId, other);
      return state;
    },
    states: async (userId, others) => others.map((other) => stateOf(userId, other)),
    list: async (userId, { state, ...page }) =>
      pageOf(contacts.get(userId), page, (one) => state === undefined || one.state === state),
    async ping() {},
    async [Symbol.asyncDispose]() {},
  };
}

function blockStore(contacts: Sides<Contact>, blocks: Sides<Block>): BlockStore {
  return {
    async block(userId, other, at) {
      const mine = sidesOf(blocks, userId);
      if (mine.has(other)) return false;
      mustFit(mine.size, PEOPLE_LIMITS.maxBlocksPerUser, 'your blocks');
      mine.set(other, { userId, other, at });
      part(contacts, userId, other);
      return true;
    },
    unblock: async (userId, other) => blocks.get(userId)?.delete(other) ?? false,
    blocked: async (pairs) => pairs.map(({ userId, other }) => blocks.get(userId)?.has(other) ?? false),
    list: async (userId, page) => pageOf(blocks.get(userId), page, () => true),
    async ping() {},
    async [Symbol.asyncDispose]() {},
  };
}
