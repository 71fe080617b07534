import { useCallback } from 'react';
import { useAction } from '../../hooks/use-action.ts';
import { useLoaded } from '../../hooks/use-loaded.ts';
import { useMessenger } from '../../hooks/use-messenger.ts';
import { texts } from '../../i18n/index.ts';
import { PersonRow } from '../people/person-row.tsx';

/** The users whom the user blocks; empty without any. */
export function BlockedSection() {
  const { people } = useMessenger();
  const { value: blocked = [], load } = useLoaded(useCallback(() => people.blocked(), [people]));
  const { busy, error, run } = useAction();
  if (blocked.length === 0) return null;
  return (
    <section aria-label={texts.people.blocked}>
      <h3>{texts.people.blocked}</h3>
      <ul className="people" data-testid="blocked">
        {blocked.map((userId) => (
          <PersonRow key={userId} userId={userId}>
            <button
              type="button"
              className="link"
              disabled={busy}
              onClick={() => void run(() => people.unblock(userId).then(load))}
            >
              {texts.people.unblock}
            </button>
          </PersonRow>
        ))}
      </ul>
      <p className="form-note" role="alert">
        {error}
      </p>
    </section>
  );
}
