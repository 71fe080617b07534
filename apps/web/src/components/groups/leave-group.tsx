import { useState } from 'react';
import { useAction } from '../../hooks/use-action.ts';
import { useMessenger } from '../../hooks/use-messenger.ts';
import { goTo } from '../../hooks/use-route.ts';
import { texts } from '../../i18n/index.ts';
import type { GroupSectionProps } from './group-profile-section.tsx';

/** Leaves the group or, as its owner, dissolves it; who leaves one that was dissolved removes it from their list. Asks once more. */
export function LeaveGroup({ group, changed }: GroupSectionProps) {
  const { groups } = useMessenger();
  const [asked, setAsked] = useState(false);
  const { busy, error, run } = useAction();
  const { conversationId, role, dissolvedAt } = group;
  const words = texts.groups;
  const kind = dissolvedAt !== undefined ? 'unlist' : role === 'owner' ? 'dissolve' : 'leave';

  async function end(): Promise<void> {
    const isDone = await run(() => groups[kind === 'dissolve' ? 'dissolve' : 'leave'](conversationId));
    setAsked(false);
    if (kind === 'unlist' && isDone) goTo({});
    else changed();
  }

  return (
    <section aria-label={words[kind]}>
      {kind === 'dissolve' && <p className="quiet small">{words.ownerLeaves}</p>}
      {asked ? (
        <div className="sure">
          <p className="small">{words[`${kind}Sure`]}</p>
          <button type="button" className="button" onClick={() => setAsked(false)}>
            {texts.cancel}
          </button>
          <button
            type="button"
            className="button danger"
            disabled={busy}
            onClick={() => void end()}
            data-testid="leave-sure"
          >
            {words.sure}
          </button>
        </div>
      ) : (
        <button type="button" className="button danger" onClick={() => setAsked(true)} data-testid="leave-group">
          {words[kind]}
        </button>
      )}
      <p className="form-note" role="alert">
        {error}
      </p>
    </section>
  );
}
