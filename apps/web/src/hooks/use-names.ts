import { useSyncExternalStore } from 'react';
import type { Chat } from '../live/chat.ts';

/** The names in a conversation. Those of a group's members can come after its messages. */
export function useNames({ details, nameOf }: Chat): Chat['nameOf'] {
  useSyncExternalStore(details?.subscribe ?? neverChanges, () => details?.get());
  return nameOf;
}

const neverChanges = () => () => undefined;
