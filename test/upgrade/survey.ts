import { type Call, type Calls, PEOPLE, type Person } from './people.ts';

const CONVERSATIONS = ['ana~bo', 'bo~chen'];
const WORDS = ['hello', '咖啡', 'fox', '你好', 'meeting', 'whisper'];

/** Each user's view of the data that `fill.ts` wrote. */
export type Survey = { readonly [P in Person]: { readonly [question: string]: unknown } };

/**
 * Queries everything from a running server. Only add queries: surveys of older versions are compared with newer ones.
 */
export async function survey(calls: Calls): Promise<Survey> {
  const entries: [Person, object][] = [];
  for (const person of PEOPLE) entries.push([person, await seenBy(person, calls)]);
  return Object.fromEntries(entries) as Survey;
}

async function seenBy(person: Person, calls: Calls): Promise<object> {
  const ask = calls[person];
  const mine = CONVERSATIONS.filter((id) => id.split('~').includes(person));
  const seen: { [question: string]: unknown } = {
    me: await ask('GET', '/api/users/me'),
    conversations: await ask('GET', '/api/conversations?limit=20'),
    contacts: await ask('GET', '/api/contacts'),
    asked: await ask('GET', '/api/contacts?state=incoming'),
    blocks: await ask('GET', '/api/blocks'),
    moments: await ask('GET', '/api/moments?limit=20'),
    inbox: await wholeInbox(ask),
  };
  const { total, byConversation } = (await ask('GET', '/api/messages/unread-count')) as { [field: string]: unknown };
  seen.unread = { total, byConversation };
  for (const id of mine) {
    const history = (await ask('GET', `/api/conversations/${id}/messages?limit=100`)) as {
      messages: { messageId: string }[];
    };
    seen[id] = history;
    const newest = history.messages[0]?.messageId ?? '';
    seen[`trace of the newest of ${id}`] = await ask('GET', `/api/messages/${newest}/trace`);
  }
  for (const word of WORDS) {
    const query = new URLSearchParams({ q: word, limit: '50' });
    const found = (await ask('GET', `/api/messages/search?${query}`)) as { hits: { messageId: string }[] };
    seen[`found by ${word}`] = found.hits.map(({ messageId }) => messageId);
  }
  return seen;
}

async function wholeInbox(ask: Call): Promise<unknown[]> {
  const updates: unknown[] = [];
  let position = 0;
  for (;;) {
    const page = (await ask('GET', `/api/messages/offline?position=${position}&limit=100`)) as {
      updates: unknown[];
      position: number;
      caughtUp: boolean;
    };
    updates.push(...page.updates);
    if (page.caughtUp) return updates;
    position = page.position;
  }
}
