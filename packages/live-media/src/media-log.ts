/**
 * The part of pino's logger that this package uses. Fields never hold a stream key or a peer's address: both are
 * secrets or personal data, and the room's id and a connection number say enough.
 */
export interface MediaLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** Swallows everything: the default, so that a test needs no logger. */
export const silentLog: MediaLog = { info() {}, warn() {}, error() {} }
