import { useAction } from '../../hooks/use-action.ts';
import { texts } from '../../i18n/index.ts';
import { CheckSetting } from './check-setting.tsx';
import { EmailSetting } from './email-setting.tsx';
import type { SectionProps } from './profile-section.tsx';
import { WebPushSetting } from './web-push-setting.tsx';

/** The usual night hours. */
const NIGHT = { from: '22:00', to: '07:00' };

/** The notifications of an offline user. */
export function NotificationsSection({ profile, change }: SectionProps) {
  const { error, run } = useAction();
  const { enabled, showText, quietHours } = profile.notifications;
  const set = (notifications: Partial<typeof profile.notifications>) => void run(() => change({ notifications }));
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const { people } = texts;
  return (
    <>
      <WebPushSetting />
      <EmailSetting />
      <CheckSetting
        label={people.notificationsOn}
        checked={enabled}
        onChange={(on) => set({ enabled: on })}
        testId="notifications-on"
      />
      <CheckSetting
        label={people.showText}
        checked={showText}
        disabled={!enabled}
        onChange={(on) => set({ showText: on })}
        testId="show-text"
      />
      <CheckSetting
        label={people.quietHours}
        checked={quietHours !== null}
        disabled={!enabled}
        onChange={(on) => set({ quietHours: on ? { ...NIGHT, timeZone } : null })}
        testId="quiet-hours"
      />
      {quietHours === null ? null : (
        <div className="times">
          {(['from', 'to'] as const).map((end) => (
            <label key={end} className="field">
              <span>{people[end]}</span>
              <input
                type="time"
                required
                defaultValue={quietHours[end]}
                onBlur={({ target: { value } }) =>
                  value !== '' && set({ quietHours: { ...quietHours, timeZone, [end]: value } })
                }
                data-testid={`quiet-${end}`}
              />
            </label>
          ))}
        </div>
      )}
      <p className="form-note" role="alert">
        {error}
      </p>
    </>
  );
}
