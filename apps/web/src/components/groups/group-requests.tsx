import { useCallback } from 'react';
import { useAction } from '../../hooks/use-action.ts';
import { useLoaded } from '../../hooks/use-loaded.ts';
import { useMessenger } from '../../hooks/use-messenger.ts';
import { texts } from '../../i18n/index.ts';
import { PersonRow } from '../people/person-row.tsx';
import type { GroupSectionProps } from './group-profile-section.tsx';

/** Who asks to join, for admins. */
export function GroupRequests({ group: { conversationId }, changed }: GroupSectionProps) {
  const { groups } = useMessenger();
  const { value: requests = [], load } = useLoaded(
    useCallback(() => groups.requests(conversationId), [groups, conversationId]),
  );
  const { busy, error, run } = useAction();
  if (requests.length === 0) return null;

  async function answer(userId: string, decision: 'approve' | 'decline'): Promise<void> {
    await run(() => groups.answer(conversationId, userId, decision));
    await load();
    changed();
  }

  return (
    <section aria-label={texts.groups.requests} data-testid="group-requests">
      <h3>{texts.groups.requests}</h3>
      <ul className="people">
        {requests.map(({ userId, displayName }) => (
          <PersonRow key={userId} userId={userId} name={displayName}>
            {(['approve', 'decline'] as const).map((decision) => (
              <button
                key={decision}
                type="button"
                className="link"
                disabled={busy}
                onClick={() => void answer(userId, decision)}
                data-testid={decision}
              >
                {texts.groups[decision]}
              </button>
            ))}
          </PersonRow>
        ))}
      </ul>
      <p className="form-note" role="alert">
        {error}
      </p>
    </section>
  );
}
