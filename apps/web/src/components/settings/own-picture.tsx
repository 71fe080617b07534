import { useMessenger } from '../../hooks/use-messenger.ts';
import { texts } from '../../i18n/index.ts';
import type { OwnProfile } from '../../people-api.ts';
import { PictureSetting } from '../people/picture-setting.tsx';

export interface OwnPictureProps {
  profile: OwnProfile;
  set: (profile: OwnProfile) => void;
}

/** The user's picture. */
export function OwnPicture({ profile, set }: OwnPictureProps) {
  const { me, files, avatars } = useMessenger();

  async function save(picture: Blob | null): Promise<void> {
    const avatar = await files.pictures.setAvatar(picture, { name: 'picture' });
    avatars.put(me, avatar);
    set({ ...profile, avatar });
  }

  return (
    <PictureSetting
      id={me}
      name={profile.displayName}
      isSet={profile.avatar !== ''}
      hint={texts.people.dropPicture}
      save={save}
    />
  );
}
