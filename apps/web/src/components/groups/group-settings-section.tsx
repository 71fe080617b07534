import type { GroupSettings } from '@chasqui/domain';
import { useAction } from '../../hooks/use-action.ts';
import { useMessenger } from '../../hooks/use-messenger.ts';
import { texts } from '../../i18n/index.ts';
import type { GroupSectionProps } from './group-profile-section.tsx';

type Setting = Exclude<keyof GroupSettings, 'maxMembers'>;
const words = texts.groups.settingValues;
const WHO = { all: words.all, admins: words.admins };

const CHOICES: { [S in Setting]: { [V in GroupSettings[S]]: string } } = {
  post: WHO,
  add: WHO,
  change: WHO,
  mentionAll: WHO,
  seeMembers: WHO,
  history: { all: words.everything, since_join: words.since_join },
  join: { open: words.open, approval: words.approval },
};

/** Who may do what in the group; for admins. */
export function GroupSettingsSection({ group, changed }: GroupSectionProps) {
  const { groups } = useMessenger();
  const { busy, error, run } = useAction();

  async function set(setting: string, value: string): Promise<void> {
    await run(() => groups.update(group.conversationId, { settings: { [setting]: value } }));
    changed();
  }

  return (
    <details className="group-settings" data-testid="group-settings">
      <summary>{texts.groups.settings}</summary>
      {Object.entries(CHOICES).map(([setting, values]) => (
        <label key={setting} className="field">
          <span>{texts.groups.settingNames[setting as Setting]}</span>
          <select
            value={group.settings[setting as Setting]}
            disabled={busy}
            onChange={(event) => void set(setting, event.target.value)}
            data-testid={`setting-${setting}`}
          >
            {Object.entries(values).map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </label>
      ))}
      <p className="form-note" role="alert">
        {error}
      </p>
    </details>
  );
}
