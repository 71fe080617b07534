/** A JWT, or a function that gets one: called before each connect and each request of the API, and again when its token proves to be expired. */
export type TokenSource = string | (() => string | Promise<string>);
