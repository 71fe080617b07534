/** Every bound of moments (C16). Lengths in characters, times in ms. */
export const MOMENT_LIMITS = {
  /** Text of a moment and of a comment. More: `invalid_request`. */
  maxMomentLength: 2_000,
  maxCommentLength: 500,
  /** Pictures of a moment. More: `invalid_request`. */
  maxPicturesPerMoment: 9,
  /** Bytes of a picture. More: `content_too_large`. */
  maxPictureBytes: 5 * 1024 * 1024,
  /** Pixels of a picture, along each side and in total: what a phone can still display. More: `content_invalid`. */
  maxPictureSide: 12_000,
  maxPicturePixels: 50_000_000,
  /** Contacts chosen to see a moment. More: `invalid_request`. */
  maxChosenPerMoment: 200,
  /** Moments of one user. At the bound: `limit_reached`, until some are deleted. */
  maxMomentsPerUser: 5_000,
  /** Users who ever liked a moment. At the bound: `limit_reached`. */
  maxLikesPerMoment: 5_000,
  /** Comments on a moment. At the bound: `limit_reached`, until some are deleted. */
  maxCommentsPerMoment: 1_000,
  /** Comments of one user on a moment. At the bound: the same, for that user only. */
  maxCommentsPerUser: 100,
  /** Pictures of one user that are not yet in a moment. At the bound: `limit_reached`. */
  maxUnpostedPictures: 20,
  /** Age at which a picture that is in no moment is deleted. */
  unpostedPictureMs: 24 * 3600 * 1000,
} as const;
