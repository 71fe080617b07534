import { useEffect } from 'react';
import { useMessenger } from '../hooks/use-messenger.ts';
import { useVisible } from '../hooks/use-visible.ts';
import { texts } from '../i18n/index.ts';
import { useStore } from '../store.ts';
import { BackButton } from './header-bar.tsx';
import { LoadFailed } from './load-failed.tsx';
import { MomentComposer } from './moment-composer.tsx';
import { MomentItem } from './moment-item.tsx';

/** The user's feed, newest first; scrolling loads more. */
export function MomentsScreen() {
  const { moments: store, waiting } = useMessenger();
  const { moments, more, status, news } = useStore(store);
  const [end, endIsNear] = useVisible<HTMLDivElement>(400);

  useEffect(() => {
    void store.open();
  }, [store]);
  useEffect(() => {
    if (news > 0) store.seen();
  }, [news, store]);
  useEffect(() => {
    if (status === 'ready') waiting.momentsSeen(moments[0]?.momentId);
  }, [status, moments, waiting]);
  useEffect(() => {
    if (endIsNear && more && status === 'ready') void store.more();
  }, [endIsNear, more, status, store]);

  return (
    <main className="moments" aria-label={texts.moments.title} data-testid="moments-screen">
      <header className="bar">
        <BackButton />
        <div className="bar-title">
          <h2>{texts.moments.title}</h2>
        </div>
      </header>
      <div className="moments-body" data-scroller>
        <MomentComposer />
        {status === 'failed' && <LoadFailed retry={() => void store.open()} />}
        {status === 'ready' && moments.length === 0 && <p className="moments-note quiet">{texts.moments.empty}</p>}
        {moments.map((moment) => (
          <MomentItem key={moment.momentId} moment={moment} />
        ))}
        <div ref={end} className="rows-end" />
      </div>
    </main>
  );
}
