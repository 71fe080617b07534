import { texts } from '../i18n/index.ts';

export function LoadFailed({ retry }: { retry: () => void }) {
  return (
    <p className="load-failed" role="alert">
      {texts.loadFailed}{' '}
      <button type="button" className="link" onClick={retry}>
        {texts.tryAgain}
      </button>
    </p>
  );
}
