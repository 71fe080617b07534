import { useCallback } from 'react';
import { useAction } from '../../hooks/use-action.ts';
import { useLoaded } from '../../hooks/use-loaded.ts';
import { useMessenger } from '../../hooks/use-messenger.ts';
import { locale, texts } from '../../i18n/index.ts';
import { deviceName } from '../../model/device-name.ts';
import { ago } from '../../model/time-names.ts';
import { deviceId as ownDevice } from '../../person.ts';
import { LoadFailed } from '../load-failed.tsx';

/** The devices that are logged in, each with its log-out. */
export function DevicesSection() {
  const { people } = useMessenger();
  const { value: devices = [], failed, load } = useLoaded(useCallback(() => people.devices(), [people]));
  const { busy, error, run } = useAction();
  const own = ownDevice();
  return (
    <>
      {failed ? <LoadFailed retry={() => void load()} /> : null}
      <ul className="people" data-testid="devices">
        {devices.map(({ deviceId, platform, lastSeenAt, online }) => (
          <li key={deviceId} className="person" data-testid="device" data-device={deviceId}>
            <span className="person-name">
              <span>{deviceId === own ? texts.people.thisDevice : deviceName(deviceId)}</span>
              <span className="quiet small">
                {platform} · {online ? texts.online : texts.people.lastSeen(ago(lastSeenAt, Date.now(), locale))}
              </span>
            </span>
            {deviceId === own ? null : (
              <button
                type="button"
                className="link"
                disabled={busy}
                onClick={() => void run(() => people.endDevice(deviceId).then(load))}
                data-testid="end-device"
              >
                {texts.people.logOut}
              </button>
            )}
          </li>
        ))}
      </ul>
      <p className="form-note" role="alert">
        {error}
      </p>
    </>
  );
}
