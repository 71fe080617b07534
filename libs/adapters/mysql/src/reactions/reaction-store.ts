import { decodeReactions, decodeReactor, type Reactor, type UserId } from '@chasqui/domain';
import { MAX_REACTORS_READ, type MessageKey, type OwnReactions, type ReactionStore } from '@chasqui/ports';
import type { Database } from '../engine/index.ts';
import { ALL, react } from './react.ts';

const SEEN = `SELECT conversation_id, message_id, user_id, body FROM reactions
  WHERE (conversation_id, message_id, user_id) IN (?)`;
const SOME = `SELECT user_id, body FROM reactions WHERE conversation_id = ? AND message_id = ? AND user_id > ?
  ORDER BY user_id LIMIT ?`;
const OWN = `SELECT conversation_id, message_id, body FROM reactions
  WHERE user_id = ? AND (conversation_id > ? OR (conversation_id = ? AND message_id > ?))
  ORDER BY conversation_id, message_id LIMIT ?`;

/** Reads that find rows without a user's emojis go on; so many a time. */
const OWN_ROWS = 500;

function nameOf({ conversationId, messageId }: MessageKey, userId: UserId): string {
  return `${conversationId} ${messageId} ${userId}`;
}

/** `ReactionStore` in MySQL. */
export function createReactionStore(database: Database): ReactionStore {
  return {
    react: (reactions) => react(database, reactions),
    async seen(userId, keys) {
      if (keys.length === 0) return [];
      const wanted = keys.flatMap(({ conversationId, messageId }) => [
        [conversationId, messageId, ALL],
        [conversationId, messageId, userId],
      ]);
      const { rows } = await database.run({ sql: SEEN, values: [wanted] });
      const bodies = new Map(
        (rows as [string, string, string, string][]).map(([conversationId, messageId, user, body]) => [
          nameOf({ conversationId, messageId }, user),
          body,
        ]),
      );
      return keys.map((key) => {
        const all = bodies.get(nameOf(key, ALL));
        if (all === undefined) return null;
        const own = bodies.get(nameOf(key, userId));
        return { ...decodeReactions(all), mine: own === undefined ? [] : decodeReactor(own).emojis };
      });
    },
    async reactors({ conversationId, messageId }, { emoji, after = ALL, limit }) {
      const values = [conversationId, messageId, after, MAX_REACTORS_READ];
      const { rows } = await database.run({ sql: SOME, values });
      const reactors: Reactor[] = [];
      let last = after;
      for (const [userId, body] of rows as [string, string][]) {
        if (reactors.length === limit) return { reactors, next: last };
        const { emojis, at } = decodeReactor(body);
        if (emoji === undefined ? emojis.length > 0 : emojis.includes(emoji)) reactors.push({ userId, emojis, at });
        last = userId;
      }
      return { reactors, next: rows.length === MAX_REACTORS_READ ? last : null };
    },
    async of(userId, { after, limit }) {
      const own: OwnReactions[] = [];
      let place: MessageKey = after ?? { conversationId: '', messageId: '' };
      for (;;) {
        const { conversationId: last, messageId: lastId } = place;
        const { rows } = await database.run({ sql: OWN, values: [userId, last, last, lastId, OWN_ROWS] });
        for (const [conversationId, messageId, body] of rows as [string, string, string][]) {
          place = { conversationId, messageId };
          const { emojis, at } = decodeReactor(body);
          if (emojis.length > 0) own.push({ conversationId, messageId, emojis, at });
          if (own.length === limit) return own;
        }
        if (rows.length < OWN_ROWS) return own;
      }
    },
    ping: () => database.ping(),
    async [Symbol.asyncDispose]() {},
  };
}
