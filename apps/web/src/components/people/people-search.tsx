import type { ContactState, UserId } from '@chasqui/domain';
import { type ComponentProps, useState } from 'react';
import { useFound } from '../../hooks/use-found.ts';
import { texts } from '../../i18n/index.ts';
import { PersonRow } from './person-row.tsx';

export interface PeopleSearchProps {
  stateOf: (userId: UserId) => ContactState | undefined;
  ask: (userId: UserId) => void;
  write: (userId: UserId) => void;
}

/** Searches people by name or id, as the user types. */
export function PeopleSearch({ stateOf, ask, write }: PeopleSearchProps) {
  const [text, setText] = useState('');
  const found = useFound(text, 'nobody');

  return (
    <>
      <PeopleField label={texts.people.findPeople} text={text} setText={setText} data-testid="find-people" />
      {found?.length === 0 ? <p className="quiet small">{texts.people.nobodyFound}</p> : null}
      {found === undefined || found.length === 0 ? null : (
        <ul className="people" data-testid="found-people">
          {found.map(({ userId, displayName }) => (
            <PersonRow key={userId} userId={userId} name={displayName}>
              {stateOf(userId) === undefined ? (
                <button type="button" className="link" onClick={() => ask(userId)} data-testid="ask">
                  {texts.people.ask}
                </button>
              ) : null}
              <button type="button" className="link" onClick={() => write(userId)}>
                {texts.people.write}
              </button>
            </PersonRow>
          ))}
        </ul>
      )}
    </>
  );
}

export interface PeopleFieldProps extends Pick<ComponentProps<'input'>, 'onKeyDown'> {
  label: string;
  text: string;
  setText: (text: string) => void;
  'data-testid': string;
}

/** The field for a name or an id. */
export function PeopleField({ label, text, setText, ...input }: PeopleFieldProps) {
  return (
    <label className="field">
      <span>{label}</span>
      <input
        {...input}
        type="search"
        value={text}
        maxLength={64}
        placeholder={texts.people.findPeopleHint}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
      />
    </label>
  );
}
