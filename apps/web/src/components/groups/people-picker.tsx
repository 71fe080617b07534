import type { UserId } from '@chasqui/domain';
import { useEffect, useState } from 'react';
import { useMessenger } from '../../hooks/use-messenger.ts';
import { texts } from '../../i18n/index.ts';
import { PAUSE_MS, PeopleField } from '../people/people-search.tsx';
import { PersonRow } from '../people/person-row.tsx';

export interface PickedPerson {
  userId: UserId;
  displayName: string;
}

export interface PeoplePickerProps {
  chosen: readonly PickedPerson[];
  setChosen: (chosen: readonly PickedPerson[]) => void;
}

/** Chooses people: the user's contacts and, with a text, whom the server finds. */
export function PeoplePicker({ chosen, setChosen }: PeoplePickerProps) {
  const [text, setText] = useState('');
  const found = useFound(text.trim());
  const others = found?.filter(({ userId }) => !chosen.some((one) => one.userId === userId));
  const leaveOut = (left: UserId) => setChosen(chosen.filter(({ userId }) => userId !== left));
  return (
    <>
      {chosen.length === 0 ? null : (
        <ul className="chips" aria-label={texts.groups.chosen}>
          {chosen.map(({ userId, displayName }) => (
            <li key={userId}>
              <button
                type="button"
                className="chip"
                aria-label={texts.groups.leaveOut(displayName)}
                onClick={() => leaveOut(userId)}
              >
                {displayName} ×
              </button>
            </li>
          ))}
        </ul>
      )}
      <PeopleField
        label={texts.groups.chooseMembers}
        text={text}
        setText={setText}
        // The form is for the whole group, not for the search.
        onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
        data-testid="find-members"
      />
      {text !== '' && found?.length === 0 ? <p className="quiet small">{texts.people.nobodyFound}</p> : null}
      <ul className="people picked" data-testid="found-members">
        {others?.map((person) => (
          <PersonRow key={person.userId} userId={person.userId} name={person.displayName}>
            <button
              type="button"
              className="link"
              onClick={() => setChosen([...chosen, person])}
              data-testid="choose-member"
            >
              {texts.groups.add}
            </button>
          </PersonRow>
        ))}
      </ul>
    </>
  );
}

function useFound(query: string): readonly PickedPerson[] | undefined {
  const { people, me } = useMessenger();
  const [found, setFound] = useState<readonly PickedPerson[]>();
  useEffect(() => {
    let left = false;
    const ask = () =>
      query === ''
        ? people.contacts().then((contacts) => contacts.filter(({ state }) => state === 'contact').map(withId))
        : people.find(query);
    const timer = setTimeout(
      () => {
        ask().then(
          (users) => !left && setFound(users.filter(({ userId }) => userId !== me)),
          () => undefined,
        );
      },
      query === '' ? 0 : PAUSE_MS,
    );
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [people, me, query]);
  return found;
}

function withId({ userId }: { userId: UserId }): PickedPerson {
  return { userId, displayName: userId };
}
