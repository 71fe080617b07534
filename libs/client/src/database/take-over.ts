import type { UserId } from '@chasqui/domain';
import { parsedText } from '../storing/parsed-text.ts';
import type { ClientStore } from '../storing/store.ts';
import type { Head } from '../storing/stored-values.ts';
import { type DatabaseEngine, NO_CHANGES } from './engine.ts';

/** Of a store that another user, or nobody, logged in with, nothing is taken: its messages would be sent as this user's. */
export async function takeOver(engine: DatabaseEngine, userId: UserId, before: ClientStore): Promise<void> {
  const keys = before.keys();
  const isOfUser = parsedText<Head>(before.get('head'))?.userId === userId;
  const unsent = keys.filter((key) => isOfUser && key.startsWith('out/'));
  await engine.write({ ...NO_CHANGES, texts: new Map(unsent.map((key) => [key, before.get(key)])) });
  for (const key of keys) before.remove(key);
}
