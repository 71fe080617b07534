import { isAllowed, type Mentions } from '@chasqui/domain';
import { type KeyboardEvent, type RefObject, useEffect, useId, useState, useSyncExternalStore } from 'react';
import { texts } from '../i18n/index.ts';
import type { Chat } from '../live/chat.ts';
import { type MentionQuery, mentionQuery, mentionSuggestions, mentionsIn, type Named } from '../model/mentions.ts';
import { useMessenger } from './use-messenger.ts';
import { usePaused } from './use-paused.ts';

type Input = HTMLTextAreaElement;

/** The completion of mentions in a composer. */
export interface MentionOptions {
  listId: string;
  found: readonly Named[];
  /** The index of the chosen one. */
  at: number;
  choose: (index: number) => void;
}

export interface MentionInput extends MentionOptions {
  /** The caret has moved. */
  follow: () => void;
  hide: () => void;
  /** Returns true if the key moved in the list, or chose from it. */
  keyPressed: (event: KeyboardEvent<Input>) => boolean;
  /** Whom the text mentions. */
  named: (text: string) => Mentions | undefined;
  inputProps: { [attribute: string]: string | boolean | undefined };
}

export function useMentions(chat: Chat, input: RefObject<Input | null>, change: (text: string) => void): MentionInput {
  const { me } = useMessenger();
  const listId = useId();
  const [query, setQuery] = useState<MentionQuery>();
  const [at, setAt] = useState(0);
  const { members } = useSyncExternalStore(
    chat.details?.subscribe ?? neverChanges,
    () => chat.details?.get() ?? NOBODY,
  );
  const wanted = usePaused(query?.text ?? '');
  useEffect(() => {
    if (wanted !== '') void chat.details?.find(wanted);
  }, [chat, wanted]);
  const others = members.filter(({ userId }) => userId !== me);
  const all = mayMentionAll(chat) ? [{ userId: '', displayName: texts.groups.mentionAll }] : [];
  const found = query === undefined ? [] : mentionSuggestions<Named>([...others, ...all], query);

  function follow(): void {
    const { current } = input;
    if (!chat.isGroup || current === null) return;
    setQuery(mentionQuery(current.value.slice(0, current.selectionEnd)));
    setAt(0);
  }

  function choose(index: number): void {
    const { current } = input;
    const chosen = found[index];
    if (current === null || query === undefined || chosen === undefined) return;
    const before = `${current.value.slice(0, query.start)}@${chosen.displayName} `;
    const next = before + current.value.slice(current.selectionEnd);
    // Set here as well, so that the caret stays behind the name.
    current.value = next;
    current.setSelectionRange(before.length, before.length);
    change(next);
    setQuery(undefined);
  }

  function keyPressed(event: KeyboardEvent<Input>): boolean {
    if (found.length === 0 || event.nativeEvent.isComposing) return false;
    const { key } = event;
    const isChoice = key === 'Enter' || key === 'Tab';
    const step = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? found.length - 1 : 0;
    if (!isChoice && step === 0 && key !== 'Escape') return false;
    event.preventDefault();
    if (isChoice) choose(at);
    else if (step > 0) setAt((at + step) % found.length);
    else setQuery(undefined);
    return true;
  }

  const isOpen = found.length > 0;
  return {
    listId,
    found,
    at,
    choose,
    follow,
    hide: () => setQuery(undefined),
    keyPressed,
    named: (text) => (chat.isGroup ? mentionsIn(text, members) : undefined),
    inputProps: chat.isGroup
      ? {
          role: 'combobox',
          'aria-autocomplete': 'list',
          'aria-expanded': isOpen,
          'aria-controls': isOpen ? listId : undefined,
          'aria-activedescendant': isOpen ? `${listId}-${at}` : undefined,
        }
      : {},
  };
}

const NOBODY = { members: [] };
const neverChanges = () => () => undefined;

function mayMentionAll(chat: Chat): boolean {
  const { group } = chat.details?.get() ?? {};
  return group?.role !== undefined && isAllowed(group.settings.mentionAll, group.role);
}
