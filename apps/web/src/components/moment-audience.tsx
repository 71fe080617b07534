import { MOMENT_LIMITS, type UserId } from '@chasqui/domain';
import { useState } from 'react';
import { useContacts } from '../hooks/use-people.ts';
import { texts } from '../i18n/index.ts';
import { LoadFailed } from './load-failed.tsx';
import { CheckSetting } from './settings/check-setting.tsx';

export interface MomentAudienceProps {
  /** Empty: all contacts. */
  chosen: readonly UserId[];
  onChange: (chosen: readonly UserId[]) => void;
}

/** Selects the contacts who may see a moment. */
export function MomentAudience({ chosen, onChange }: MomentAudienceProps) {
  const [open, setOpen] = useState(false);
  const { value, failed, load } = useContacts(open);
  const contacts = value?.filter(({ state }) => state === 'contact') ?? [];
  const isFull = chosen.length >= MOMENT_LIMITS.maxChosenPerMoment;
  return (
    <details
      className="moment-audience"
      open={open}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
      data-testid="moment-audience"
    >
      <summary>{texts.moments.audience(chosen.length)}</summary>
      {failed ? <LoadFailed retry={() => void load()} /> : null}
      {value !== undefined && contacts.length === 0 ? <p className="quiet small">{texts.people.noContacts}</p> : null}
      {contacts.length > 0 ? <p className="quiet small">{texts.moments.chooseNone}</p> : null}
      <ul>
        {contacts.map(({ userId }) => (
          <li key={userId}>
            <CheckSetting
              label={userId}
              checked={chosen.includes(userId)}
              disabled={isFull && !chosen.includes(userId)}
              onChange={(checked) => onChange(checked ? [...chosen, userId] : chosen.filter((one) => one !== userId))}
              testId={`choose-${userId}`}
            />
          </li>
        ))}
      </ul>
    </details>
  );
}
