import { setTimeout as pause } from 'node:timers/promises';
import type { Contender } from '../servers.ts';

/** Users whom one call concerns, at most. */
const AT_ONCE = 500;
const RETRY_MS = 1_000;

/** A server with an API. */
export type GroupServer = Pick<Contender, 'api' | 'target'>;

/** The name of a bench's user. */
export const memberName = (number: number): string => `member-${number}`;

/** A call of the API as a user; waits while it is throttled. Errors: a plain one. */
async function call(
  { api = '', target }: GroupServer,
  userId: string,
  path: string,
  body: object,
  method = 'POST',
): Promise<void> {
  const headers = { authorization: `Bearer ${await target.token(userId)}`, 'content-type': 'application/json' };
  const key = { 'idempotency-key': crypto.randomUUID() };
  while (true) {
    const answer = await fetch(`${api}${path}`, {
      method,
      headers: { ...headers, ...key },
      body: JSON.stringify(body),
    });
    if (answer.ok) return void (await answer.arrayBuffer());
    if (answer.status !== 429 && answer.status !== 503) throw new Error(`${path}: ${await answer.text()}`);
    await pause(RETRY_MS);
  }
}

/** The bench's first users. */
export const memberNames = (count: number): string[] => Array.from({ length: count }, (_, n) => memberName(n));

/** Makes a group by the calls that applications use. The first of `users` owns it. */
export async function createGroup(
  server: GroupServer,
  conversationId: string,
  users: readonly string[],
): Promise<void> {
  const [owner = '', ...members] = users;
  const first = { conversationId, name: conversationId, members: members.slice(0, AT_ONCE) };
  await call(server, owner, '/api/groups', first);
  for (let start = AT_ONCE; start < members.length; start += AT_ONCE) {
    // Members take turns, because each may make two changes a second.
    const by = members[start / AT_ONCE] ?? owner;
    await addMembers(server, conversationId, by, members.slice(start, start + AT_ONCE));
  }
}

export function addMembers(
  server: GroupServer,
  conversationId: string,
  by: string,
  users: readonly string[],
): Promise<void> {
  return call(server, by, `/api/groups/${conversationId}/members`, { users });
}

/** Makes two users contacts: who has half of the groups that they may have is added to more by those alone. */
export async function makeContacts(server: GroupServer, one: string, other: string): Promise<void> {
  await call(server, one, `/api/contacts/${other}`, {}, 'PUT');
  await call(server, other, `/api/contacts/${one}/accept`, {});
}
