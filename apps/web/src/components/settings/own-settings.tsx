import { useCallback } from 'react';
import { useLoaded } from '../../hooks/use-loaded.ts';
import { useMessenger } from '../../hooks/use-messenger.ts';
import { texts } from '../../i18n/index.ts';
import type { ProfileChange } from '../../people-api.ts';
import { LoadFailed } from '../load-failed.tsx';
import { BlockedSection } from './blocked-section.tsx';
import { DevicesSection } from './devices-section.tsx';
import { NotificationsSection } from './notifications-section.tsx';
import { OwnPicture } from './own-picture.tsx';
import { PasswordSection } from './password-section.tsx';
import { PrivacySection } from './privacy-section.tsx';
import { ProfileSection } from './profile-section.tsx';

/** The settings that the server stores for the user. Each change is saved at once. */
export function OwnSettings() {
  const { people } = useMessenger();
  const { value: profile, failed, load, set } = useLoaded(useCallback(() => people.me(), [people]));
  const { people: words } = texts;
  if (failed) return <LoadFailed retry={() => void load()} />;
  if (profile === undefined) return <p className="quiet">{texts.loading}</p>;
  const change = async (made: ProfileChange) => set(await people.changeMe(made));
  const own = { profile, change };
  return (
    <>
      <section aria-label={words.you}>
        <h3>{words.you}</h3>
        <OwnPicture profile={profile} set={set} />
        <ProfileSection {...own} />
      </section>
      <section aria-label={words.notifications}>
        <h3>{words.notifications}</h3>
        <NotificationsSection {...own} />
      </section>
      <section aria-label={words.privacy}>
        <h3>{words.privacy}</h3>
        <PrivacySection {...own} />
      </section>
      <section aria-label={words.devices}>
        <h3>{words.devices}</h3>
        <DevicesSection />
      </section>
      <section aria-label={texts.changePassword.title}>
        <h3>{texts.changePassword.title}</h3>
        <PasswordSection />
      </section>
      <BlockedSection />
    </>
  );
}
