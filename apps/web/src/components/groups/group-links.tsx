import { useCallback, useState } from 'react';
import type { GroupBody, GroupLink } from '../../groups-api.ts';
import { useAction } from '../../hooks/use-action.ts';
import { useLoaded } from '../../hooks/use-loaded.ts';
import { useMessenger } from '../../hooks/use-messenger.ts';
import { addressOfLink } from '../../hooks/use-route.ts';
import { locale, texts } from '../../i18n/index.ts';
import { copyText } from '../../model/copy-text.ts';
import { soon } from '../../model/time-names.ts';

const WEEK_MS = 7 * 86_400_000;

/** The links by which people join by themselves: make, copy, end. */
export function GroupLinks({ group: { conversationId } }: { group: GroupBody }) {
  const { groups } = useMessenger();
  const { value: links = [], load } = useLoaded(
    useCallback(() => groups.links(conversationId), [groups, conversationId]),
  );
  const { busy, error, run } = useAction();
  const act = (action: () => Promise<unknown>) => void run(() => action().then(load));
  return (
    <section aria-label={texts.groups.link} data-testid="group-links">
      <h3>{texts.groups.link}</h3>
      <ul className="people">
        {links.map((link) => (
          <LinkRow
            key={link.linkId}
            link={link}
            busy={busy}
            end={() => act(() => groups.endLink(conversationId, link.linkId))}
          />
        ))}
      </ul>
      <button
        type="button"
        className="button"
        disabled={busy}
        onClick={() => act(() => groups.makeLink(conversationId, Date.now() + WEEK_MS))}
        data-testid="make-link"
      >
        {texts.groups.makeLink}
      </button>
      <p className="form-note" role="alert">
        {error}
      </p>
    </section>
  );
}

function LinkRow({ link, busy, end }: { link: GroupLink; busy: boolean; end: () => void }) {
  const [copied, setCopied] = useState(false);
  const address = addressOfLink(link.linkId);
  const ends =
    link.expiresAt === undefined
      ? texts.groups.linkNeverEnds
      : texts.groups.linkEnds(soon(link.expiresAt - Date.now(), locale));
  return (
    <li className="group-link">
      <input
        readOnly
        value={address}
        aria-label={texts.groups.link}
        onFocus={(event) => event.target.select()}
        data-testid="link-address"
      />
      <span className="quiet small" role="status">
        {copied ? texts.groups.copied : ends}
      </span>
      <button
        type="button"
        className="link"
        onClick={() => {
          copyText(address).then(
            () => setCopied(true),
            () => undefined,
          );
        }}
      >
        {texts.groups.copyLink}
      </button>
      <button type="button" className="link" disabled={busy} onClick={end} data-testid="end-link">
        {texts.groups.endLink}
      </button>
    </li>
  );
}
