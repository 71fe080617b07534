import type { UserId } from '@chasqui/domain';
import { useState } from 'react';
import { type FoundPerson, useFound } from '../../hooks/use-found.ts';
import { texts } from '../../i18n/index.ts';
import { PeopleField } from '../people/people-search.tsx';
import { PersonRow } from '../people/person-row.tsx';

export interface PeoplePickerProps {
  chosen: readonly FoundPerson[];
  setChosen: (chosen: readonly FoundPerson[]) => void;
}

/** Chooses people: the user's contacts and, with a text, whom the server finds. */
export function PeoplePicker({ chosen, setChosen }: PeoplePickerProps) {
  const [text, setText] = useState('');
  const found = useFound(text, 'contacts');
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
