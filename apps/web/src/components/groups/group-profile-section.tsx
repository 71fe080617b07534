import { isAllowed, publicIdOf } from '@chasqui/domain';
import { useState } from 'react';
import type { GroupBody } from '../../groups-api.ts';
import { useAction } from '../../hooks/use-action.ts';
import { useMessenger } from '../../hooks/use-messenger.ts';
import { texts } from '../../i18n/index.ts';
import { Avatar } from '../avatar.tsx';
import { PictureSetting } from '../people/picture-setting.tsx';
import { ProfileFields, profileOf } from './profile-fields.tsx';

export interface GroupSectionProps {
  group: GroupBody;
  changed: () => void;
}

/** Name, picture and description, which those may change whom the settings name. */
export function GroupProfileSection({ group, changed }: GroupSectionProps) {
  const { groups, files } = useMessenger();
  const [edits, setEdits] = useState(false);
  const { busy, error, run } = useAction();
  const { conversationId, name, description, picture, role, settings, memberCount, dissolvedAt } = group;
  const isPicture = publicIdOf(picture) !== null;
  const mayChange = role !== undefined && dissolvedAt === undefined && isAllowed(settings.change, role);

  async function save(form: HTMLFormElement): Promise<void> {
    const { picture: emoji, ...profile } = profileOf(form);
    // Without an emoji, a picture stays.
    const pictured = emoji === '' && isPicture ? {} : { picture: emoji };
    const saved = await run(() => groups.update(conversationId, { ...profile, ...pictured }));
    if (!saved) return;
    setEdits(false);
    changed();
  }

  return (
    <section aria-label={texts.groups.about(name)}>
      <div className="person">
        <Avatar id={conversationId} name={name} picture={picture} isGroup />
        <span className="person-name">
          <strong>{name}</strong>
          <span className="quiet small">{texts.groups.members(memberCount)}</span>
        </span>
        {mayChange && !edits && (
          <button type="button" className="link" onClick={() => setEdits(true)} data-testid="edit-group">
            {texts.groups.change}
          </button>
        )}
      </div>
      {description === '' || edits ? null : <p className="group-description">{description}</p>}
      {edits && (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            void save(event.currentTarget);
          }}
        >
          <PictureSetting
            id={conversationId}
            name={name}
            picture={picture}
            isGroup
            isSet={isPicture}
            hint={texts.people.dropGroupPicture}
            save={async (chosen) => {
              await files.pictures.setGroupPicture(conversationId, chosen, { name: 'picture' });
              changed();
            }}
          />
          <ProfileFields name={name} description={description} picture={isPicture ? '' : picture} />
          <button type="submit" className="button" disabled={busy} data-testid="save-group">
            {texts.people.save}
          </button>
        </form>
      )}
      <p className="form-note" role="alert">
        {error}
      </p>
    </section>
  );
}
