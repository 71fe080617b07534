import type { RefObject } from 'react';
import { useMessenger } from '../hooks/use-messenger.ts';
import { useOpenDialog } from '../hooks/use-open-dialog.ts';
import { texts } from '../i18n/index.ts';
import { turnWebPushOff } from '../live/web-push.ts';
import { addressOfNode, addressOfSecondPerson, pinnedNode } from '../person.ts';
import { useStore } from '../store.ts';
import { Icon } from './icon.tsx';
import { AppearanceSection } from './settings/appearance-section.tsx';
import { OwnSettings } from './settings/own-settings.tsx';

export interface SettingsProps {
  dialog: RefObject<HTMLDialogElement | null>;
  signOut: () => void;
}

/** The user's choices and devices, the node, a second person for trials, and the log-out. */
export function Settings({ dialog, signOut }: SettingsProps) {
  const { nodes, people } = useMessenger();
  const open = useOpenDialog(dialog);
  // The next user of this browser must not see this user's notifications.
  const leave = () =>
    void turnWebPushOff(people)
      .catch(() => undefined)
      .finally(signOut);
  const { all } = useStore(nodes.nodes);
  return (
    <dialog ref={dialog} className="card" aria-labelledby="settings-title">
      <h2 id="settings-title">{texts.settings}</h2>
      {open ? <OwnSettings /> : null}
      <AppearanceSection />
      <section aria-label={texts.people.tryItOut}>
        <h3>{texts.people.tryItOut}</h3>
        <label className="field">
          <span>{texts.node}</span>
          <select
            value={pinnedNode}
            onChange={(event) => location.assign(addressOfNode(Number(event.target.value)) + location.hash)}
            data-testid="node"
          >
            <option value={0}>{texts.anyNode}</option>
            {all.map(({ nodeId }, index) => (
              <option key={nodeId} value={index + 1}>
                {texts.nodeNumber(index + 1)}
              </option>
            ))}
          </select>
          <span className="quiet small">{texts.nodeHint}</span>
        </label>
        <div className="field">
          <a className="button" href={addressOfSecondPerson(all.length)} target="_blank" rel="noreferrer">
            <Icon name="window" />
            {texts.secondPerson}
          </a>
          <span className="quiet small">{texts.secondPersonHint}</span>
        </div>
      </section>
      <div className="buttons">
        <button type="button" className="button" onClick={leave} data-testid="sign-out">
          <Icon name="out" />
          {texts.signOut}
        </button>
        <button type="button" className="button primary" onClick={() => dialog.current?.close()}>
          {texts.close}
        </button>
      </div>
    </dialog>
  );
}
