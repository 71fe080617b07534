import { VISIBILITIES, type Visibility } from '@chasqui/domain';
import { useAction } from '../../hooks/use-action.ts';
import { texts } from '../../i18n/index.ts';
import { CheckSetting } from './check-setting.tsx';
import type { SectionProps } from './profile-section.tsx';

/** Who may see what. */
export function PrivacySection({ profile, change }: SectionProps) {
  const { error, run } = useAction();
  const { people } = texts;
  const choices = [
    ['presence', people.whoSeesPresence],
    ['lastSeen', people.whoSeesLastSeen],
    ['groups', people.whoAddsToGroups],
  ] as const;
  return (
    <>
      {choices.map(([name, label]) => (
        <label key={name} className="field">
          <span>{label}</span>
          <select
            value={profile.privacy[name]}
            onChange={(event) => void run(() => change({ privacy: { [name]: event.target.value as Visibility } }))}
            data-testid={`privacy-${name}`}
          >
            {VISIBILITIES.map((audience) => (
              <option key={audience} value={audience}>
                {people.audiences[audience]}
              </option>
            ))}
          </select>
        </label>
      ))}
      <CheckSetting
        label={people.discoverable}
        checked={profile.privacy.discoverable}
        onChange={(discoverable) => void run(() => change({ privacy: { discoverable } }))}
        testId="discoverable"
      />
      <p className="form-note" role="alert">
        {error}
      </p>
    </>
  );
}
