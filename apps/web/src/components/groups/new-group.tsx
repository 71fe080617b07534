import type { ConversationId, SkippedUser } from '@chasqui/domain';
import { type SubmitEvent, useState } from 'react';
import { useAction } from '../../hooks/use-action.ts';
import type { FoundPerson } from '../../hooks/use-found.ts';
import { useMessenger } from '../../hooks/use-messenger.ts';
import { useModal } from '../../hooks/use-modal.ts';
import { goTo } from '../../hooks/use-route.ts';
import { texts } from '../../i18n/index.ts';
import { newKey } from '../../model/new-key.ts';
import { namesOfSkipped } from '../../model/skipped.ts';
import { PeoplePicker } from './people-picker.tsx';
import { ProfileFields, profileOf } from './profile-fields.tsx';

/** Creates a group, and opens it. */
export function NewGroup({ close }: { close: () => void }) {
  const { groups } = useMessenger();
  const dialog = useModal();
  const [chosen, setChosen] = useState<readonly FoundPerson[]>([]);
  const [made, setMade] = useState<ConversationId>();
  const { busy, error, setError, run } = useAction();
  // Another group needs another key, and so do other details of it.
  const [tries] = useState(() => new Map<string, string>());

  async function create(event: SubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const group = { ...profileOf(event.currentTarget), members: chosen.map(({ userId }) => userId) };
    const text = JSON.stringify(group);
    const key = tries.get(text) ?? newKey();
    tries.set(text, key);
    let skipped: readonly SkippedUser[] = [];
    await run(async () => {
      const created = await groups.create(group, key);
      skipped = created.skipped;
      setMade(created.group.conversationId);
      if (skipped.length === 0) open(created.group.conversationId);
    });
    if (skipped.length > 0) setError(texts.groups.skipped(namesOfSkipped(skipped, chosen)));
  }

  function open(conversationId: ConversationId): void {
    dialog.current?.close();
    goTo({ conversationId });
  }

  return (
    <dialog ref={dialog} className="card" aria-labelledby="new-group-title" onClose={close}>
      <form onSubmit={(event) => void create(event)}>
        <h2 id="new-group-title">{texts.groups.newGroup}</h2>
        <ProfileFields />
        <PeoplePicker chosen={chosen} setChosen={setChosen} />
        <p className="form-note" role="alert">
          {error}
        </p>
        <div className="buttons">
          <button type="button" className="button" onClick={() => dialog.current?.close()}>
            {texts.cancel}
          </button>
          {made === undefined ? (
            <button type="submit" className="button primary" disabled={busy} data-testid="create-group">
              {texts.groups.create}
            </button>
          ) : (
            <button type="button" className="button primary" onClick={() => open(made)} data-testid="open-made-group">
              {texts.groups.openGroup}
            </button>
          )}
        </div>
      </form>
    </dialog>
  );
}
