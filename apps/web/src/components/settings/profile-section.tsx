import { type SubmitEvent, useState } from 'react';
import { useAction } from '../../hooks/use-action.ts';
import { texts } from '../../i18n/index.ts';
import type { OwnProfile, ProfileChange } from '../../people-api.ts';

export interface SectionProps {
  profile: OwnProfile;
  change: (change: ProfileChange) => Promise<void>;
}

/** The user's display name. */
export function ProfileSection({ profile, change }: SectionProps) {
  const { busy, error, run } = useAction();
  const [saved, setSaved] = useState(false);

  function save(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    const displayName = String(new FormData(event.currentTarget).get('displayName')).trim();
    setSaved(false);
    void run(() => change({ displayName }).then(() => setSaved(true)));
  }

  return (
    <form className="setting" onSubmit={save}>
      <label className="field">
        <span>{texts.people.displayName}</span>
        <input
          name="displayName"
          required
          maxLength={64}
          defaultValue={profile.displayName}
          data-testid="display-name"
        />
      </label>
      <button type="submit" className="button" disabled={busy} data-testid="save-name">
        {texts.people.save}
      </button>
      <p className="form-note" role={error === '' ? 'status' : 'alert'}>
        {error || (saved ? texts.people.saved : '')}
      </p>
    </form>
  );
}
