import { isAllowed, type SkippedUser } from '@chasqui/domain';
import { useCallback, useEffect, useState } from 'react';
import { useAction } from '../../hooks/use-action.ts';
import type { FoundPerson } from '../../hooks/use-found.ts';
import { useMessenger } from '../../hooks/use-messenger.ts';
import { usePaged } from '../../hooks/use-paged.ts';
import { usePaused } from '../../hooks/use-paused.ts';
import { texts } from '../../i18n/index.ts';
import { namesOfSkipped } from '../../model/skipped.ts';
import { PeopleField } from '../people/people-search.tsx';
import type { GroupSectionProps } from './group-profile-section.tsx';
import { MemberRow } from './member-row.tsx';
import { PeoplePicker } from './people-picker.tsx';

/** From how many members on they can be searched. */
const SEARCHED_FROM = 8;

/** The members, page by page, and how to add some. */
export function GroupMembers({ group, changed }: GroupSectionProps) {
  const { groups } = useMessenger();
  const { conversationId, version, role, settings, dissolvedAt } = group;
  const [text, setText] = useState('');
  const query = usePaused(text.trim());
  const read = useCallback(
    async (cursor?: string) => {
      const { members, nextCursor } = await groups.members(conversationId, query, cursor);
      return { items: members, nextCursor };
    },
    [groups, conversationId, query],
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
      {group.memberCount > SEARCHED_FROM && (
        <PeopleField label={texts.groups.findMembers} text={text} setText={setText} data-testid="find-in-group" />
      )}
      {items?.length === 0 && more === undefined && <p className="quiet small">{texts.people.nobodyFound}</p>}
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
  add: (users: string[]) => Promise<SkippedUser[]>;
  added: () => void;
}

function AddMembers({ add, added }: AddMembersProps) {
  const [asks, setAsks] = useState(false);
  const [chosen, setChosen] = useState<readonly FoundPerson[]>([]);
  const { busy, error, setError, run } = useAction();

  async function submit(): Promise<void> {
    let skipped: SkippedUser[] = [];
    const done = await run(async () => {
      skipped = await add(chosen.map(({ userId }) => userId));
    });
    if (!done) return;
    setChosen([]);
    setAsks(false);
    if (skipped.length > 0) setError(texts.groups.skipped(namesOfSkipped(skipped, chosen)));
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
