import { ImError } from '@chasqui/client';
import { useCallback, useState } from 'react';
import { useLoaded } from '../../hooks/use-loaded.ts';
import { useMessenger } from '../../hooks/use-messenger.ts';
import { language, texts } from '../../i18n/index.ts';
import { turnWebPushOff, turnWebPushOn, webPushState } from '../../live/web-push.ts';
import { CheckSetting } from './check-setting.tsx';

/** Notifications of this browser. The browser asks for permission only when the user ticks the box. */
export function WebPushSetting() {
  const { people } = useMessenger();
  const { value: state, set } = useLoaded(useCallback(() => webPushState(people), [people]));
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState('');

  async function turn(on: boolean): Promise<void> {
    setBusy(true);
    setFailure('');
    try {
      set(await (on ? turnWebPushOn(people, language) : turnWebPushOff(people)));
    } catch (cause) {
      setFailure(ImError.from(cause).retry === 'never' ? texts.people.pushRefused : texts.people.pushFailed);
    } finally {
      setBusy(false);
    }
  }

  const why = { unsupported: texts.people.pushUnsupported, denied: texts.people.pushDenied, on: '', off: '' };
  const note = failure || (state === undefined ? '' : why[state]);
  return (
    <div data-testid="web-push" data-state={state ?? 'loading'} data-failed={failure !== ''}>
      <CheckSetting
        label={texts.people.pushHere}
        checked={state === 'on'}
        disabled={busy || state === undefined || state === 'unsupported'}
        onChange={(on) => void turn(on)}
        testId="web-push-check"
      />
      {note === '' ? null : (
        <p className="quiet small" role="status">
          {note}
        </p>
      )}
    </div>
  );
}
