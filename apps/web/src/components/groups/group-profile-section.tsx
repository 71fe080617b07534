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
  /** The emoji that the form began with; undefined: nothing is being changed. */
  const [begunWith, setBegunWith] = useState<string>();
  const edits = begunWith !== undefined;
  const { busy, error, run } = useAction();
  const { conversationId, name, description, picture, role, settings, memberCount, dissolvedAt } = group;
  const isPicture = publicIdOf(picture) !== null;
  const mayChange = role !== undefined && dissolvedAt === undefined && isAllowed(settings.change, role);

  async function save(form: HTMLFormElement): Promise<void> {
    const { picture: emoji, ...profile } = profileOf(form);
    // A picture that was chosen meanwhile stays, unless another emoji is.
    const pictured = emoji === begunWith ? {} : { picture: emoji };
    const saved = await run(() => groups.update(conversationId, { ...profile, ...pictured }));
    if (!saved) return;
    setBegunWith(undefined);
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
          <button
            type="button"
            className="link"
            onClick={() => setBegunWith(emojiOf(picture))}
            data-testid="edit-group"
          >
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
          <ProfileFields name={name} description={description} picture={begunWith} />
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

/** What the field of the emoji shows of a picture. */
function emojiOf(picture: string): string {
  return publicIdOf(picture) === null ? picture : '';
}
