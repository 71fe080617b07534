import type { Location } from '@chasqui/client';

/** A map of the place, which opens outside of the page and learns nothing of it before. */
export function placeLink({ latitude, longitude }: Location): string {
  const place = `${latitude}/${longitude}`;
  return `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${place}`;
}

/** What a place is called; without a name or address its coordinates in degrees. */
export function placeName({ latitude, longitude, name, address }: Location): string {
  const told = [name, address].filter((part) => part !== undefined);
  return told.length > 0 ? told.join(', ') : `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
}

/** The place for the map of this device (RFC 5870). */
export function geoLink({ latitude, longitude }: Location): string {
  return `geo:${latitude},${longitude}`;
}
