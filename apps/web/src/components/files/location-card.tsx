import type { Location } from '@chasqui/domain';
import { texts } from '../../i18n/index.ts';
import { geoLink, placeLink, placeName } from '../../model/place-link.ts';
import { Icon } from '../icon.tsx';

/** A place that somebody has sent. No map is fetched before the user opens one. */
export function LocationCard({ location }: { location: Location }) {
  const { latitude, longitude } = location;
  return (
    <span className="message-card" data-testid="location">
      <span className="file-icon" aria-hidden="true">
        <Icon name="place" />
      </span>
      <span className="file-about">
        <span className="file-name">{placeName(location)}</span>
        <span className="small">
          {texts.location} · {latitude.toFixed(5)}, {longitude.toFixed(5)}
        </span>
        <span className="card-links">
          <a href={placeLink(location)} target="_blank" rel="noopener noreferrer nofollow" data-testid="open-map">
            {texts.files.openMap}
          </a>
          <a href={geoLink(location)} rel="noopener noreferrer" data-testid="open-geo">
            {texts.files.openApp}
          </a>
        </span>
      </span>
    </span>
  );
}
