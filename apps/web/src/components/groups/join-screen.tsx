import { ImError } from '@chasqui/client';
import { useCallback, useState } from 'react';
import { useAction } from '../../hooks/use-action.ts';
import { useLoaded } from '../../hooks/use-loaded.ts';
import { useMessenger } from '../../hooks/use-messenger.ts';
import { goTo } from '../../hooks/use-route.ts';
import { texts } from '../../i18n/index.ts';
import { Avatar } from '../avatar.tsx';
import { LoadFailed } from '../load-failed.tsx';

/** The group that a link leads to, and the button to join it. */
export function JoinScreen({ linkId }: { linkId: string }) {
  const { groups } = useMessenger();
  const read = useCallback(
    () =>
      groups.preview(linkId).catch((error: unknown) => {
        if (ImError.from(error).retry === 'never') return null;
        throw error;
      }),
    [groups, linkId],
  );
  const { value: group, failed, load } = useLoaded(read);
  const [asked, setAsked] = useState(false);
  const { busy, error, run } = useAction();
  const words = texts.groups;

  const join = () =>
    run(async () => {
      const { state, conversationId } = await groups.join(linkId);
      if (state === 'requested') setAsked(true);
      else goTo({ conversationId });
    });

  return (
    <main className="chat empty" data-testid="join-screen">
      <div className="card join-card">
        {failed && <LoadFailed retry={() => void load()} />}
        {group === null && <p>{words.linkInvalid}</p>}
        {group && (
          <>
            <p className="quiet">{words.joinTitle}</p>
            <Avatar id={group.conversationId} name={group.name} picture={group.picture} isGroup />
            <h2>{group.name}</h2>
            <p className="quiet small">{words.members(group.memberCount)}</p>
            {group.description === '' ? null : <p className="group-description">{group.description}</p>}
            {asked ? (
              <p role="status">{words.asked}</p>
            ) : group.isMember ? (
              <button
                type="button"
                className="button primary"
                onClick={() => goTo({ conversationId: group.conversationId })}
                data-testid="open-joined"
              >
                {words.openGroup}
              </button>
            ) : (
              <button
                type="button"
                className="button primary"
                disabled={busy}
                onClick={() => void join()}
                data-testid="join"
              >
                {group.needsApproval ? words.askToJoin : words.join}
              </button>
            )}
          </>
        )}
        <p className="form-note" role="alert">
          {error}
        </p>
        <button type="button" className="link" onClick={() => goTo({})}>
          {texts.back}
        </button>
      </div>
    </main>
  );
}
