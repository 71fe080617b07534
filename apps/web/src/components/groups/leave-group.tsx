import { useState } from 'react';
import { useAction } from '../../hooks/use-action.ts';
import { useMessenger } from '../../hooks/use-messenger.ts';
import { texts } from '../../i18n/index.ts';
import type { GroupSectionProps } from './group-profile-section.tsx';

/** Leaves the group or, as its owner, dissolves it; each asks once more. */
export function LeaveGroup({ group, changed }: GroupSectionProps) {
  const { groups } = useMessenger();
  const [asked, setAsked] = useState(false);
  const { busy, error, run } = useAction();
  const { conversationId, role } = group;
  const isOwner = role === 'owner';
  const words = texts.groups;

  async function end(): Promise<void> {
    await run(() => (isOwner ? groups.dissolve(conversationId) : groups.leave(conversationId)));
    changed();
  }

  return (
    <section aria-label={isOwner ? words.dissolve : words.leave}>
      {isOwner && <p className="quiet small">{words.ownerLeaves}</p>}
      {asked ? (
        <div className="sure">
          <p className="small">{isOwner ? words.dissolveSure : words.leaveSure}</p>
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
          {isOwner ? words.dissolve : words.leave}
        </button>
      )}
      <p className="form-note" role="alert">
        {error}
      </p>
    </section>
  );
}
