import { isAllowed } from '@chasqui/domain';
import { useCallback, useEffect, useState } from 'react';
import { useAction } from '../../hooks/use-action.ts';
import { useMessenger } from '../../hooks/use-messenger.ts';
import { usePaged } from '../../hooks/use-paged.ts';
import { texts } from '../../i18n/index.ts';
import type { GroupSectionProps } from './group-profile-section.tsx';
import { MemberRow } from './member-row.tsx';
import { PeoplePicker, type PickedPerson } from './people-picker.tsx';

/** The members, page by page, and how to add some. */
export function GroupMembers({ group, changed }: GroupSectionProps) {
  const { groups } = useMessenger();
  const { conversationId, version, role, settings, dissolvedAt } = group;
  const read = useCallback(
    async (cursor?: string) => {
      const { members, nextCursor } = await groups.members(conversationId, cursor);
      return { items: members, nextCursor };
    },
    [groups, conversationId],
  );
  const { items, error: notLoaded, more, reload } = usePaged(read);
  const { error, run } = useAction();

  // biome-ignore lint/correctness/useExhaustiveDependencies: another version of the group has other members.
  useEffect(() => void reload(), [version]);

  const act = async (action: () => Promise<unknown>) => {
    await run(action);
    changed();
    await reload();
  };
  if (role === undefined || !isAllowed(settings.seeMembers, role)) {
    return <p className="quiet small">{texts.groups.membersHidden}</p>;
  }
  return (
    <section aria-label={texts.groups.chooseMembers} data-testid="group-members">
      <h3>{texts.groups.chooseMembers}</h3>
      <ul className="people">
        {items?.map((member) => (
          <MemberRow key={member.userId} group={group} member={member} act={(action) => void act(action)} />
        ))}
      </ul>
      {more && (
        <button type="button" className="link" onClick={more} data-testid="more-members">
          {texts.more}
        </button>
      )}
      <p className="form-note" role="alert">
        {error || notLoaded}
      </p>
      {dissolvedAt === undefined && isAllowed(settings.add, role) && (
        <AddMembers add={(users) => groups.add(conversationId, users)} added={() => void act(async () => undefined)} />
      )}
    </section>
  );
}

interface AddMembersProps {
  /** Returns those who could not be added. */
  add: (users: string[]) => Promise<string[]>;
  added: () => void;
}

function AddMembers({ add, added }: AddMembersProps) {
  const [asks, setAsks] = useState(false);
  const [chosen, setChosen] = useState<readonly PickedPerson[]>([]);
  const { busy, error, setError, run } = useAction();

  async function submit(): Promise<void> {
    let skipped: string[] = [];
    const done = await run(async () => {
      skipped = await add(chosen.map(({ userId }) => userId));
    });
    if (!done) return;
    setChosen([]);
    setAsks(false);
    if (skipped.length > 0) setError(texts.groups.skipped(skipped.join(', ')));
    added();
  }

  return (
    <>
      {asks ? (
        <>
          <PeoplePicker chosen={chosen} setChosen={setChosen} />
          <button
            type="button"
            className="button"
            disabled={busy || chosen.length === 0}
            onClick={() => void submit()}
            data-testid="add-chosen"
          >
            {texts.groups.addMembers}
          </button>
        </>
      ) : (
        <button type="button" className="button" onClick={() => setAsks(true)} data-testid="add-members">
          {texts.groups.addMembers}
        </button>
      )}
      <p className="form-note" role="alert">
        {error}
      </p>
    </>
  );
}
