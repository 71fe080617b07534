import type { KeptReactor, MessageReactions, ReactionCount } from './reaction.ts';

/** The JSON text of a message's reactions, as stores keep it. */
export function encodeReactions({ revision, at, counts }: MessageReactions): string {
  return JSON.stringify([revision, at, ...counts.flatMap(({ emoji, count }) => [emoji, count])]);
}

export function decodeReactions(text: string): MessageReactions {
  const [revision, at, ...pairs] = JSON.parse(text) as [number, number, ...(string | number)[]];
  const counts: ReactionCount[] = [];
  for (let n = 0; n < pairs.length; n += 2) counts.push({ emoji: String(pairs[n]), count: Number(pairs[n + 1]) });
  return { revision, at, counts };
}

/** The JSON text of what is kept of a user and a message. */
export function encodeReactor({ emojis, ids, at }: KeptReactor): string {
  return JSON.stringify([at, emojis, ids]);
}

export function decodeReactor(text: string): KeptReactor {
  const [at, emojis, ids] = JSON.parse(text) as [number, string[], string[]];
  return { emojis, ids, at };
}
